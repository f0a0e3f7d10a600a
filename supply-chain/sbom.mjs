/**
 * Writes a bill of materials (CycloneDX 1.5, JSON): the npm packages of the lockfile, and daprd and spin-host with what
 * each is linked from.
 *
 *   node supply-chain/sbom.mjs <file>
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { goModules, root, run, rustCrates } from './packages.mjs';

/** npm's own bill of the lockfile with the programs that are not npm packages added. */
export function billOfMaterials(npmBill, programs) {
  const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  // npm calls it by the folder that it lies in.
  const component = { ...npmBill.metadata.component, type: 'application', name };
  return {
    ...npmBill,
    metadata: { ...npmBill.metadata, component },
    components: [...npmBill.components, ...programs.map(program)],
  };
}

function program({ name, packages }) {
  return { 'bom-ref': name, type: 'application', name, components: packages.map(library) };
}

function library({ name, version, purl }) {
  return { 'bom-ref': purl, type: 'library', name, version, purl };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const file = process.argv[2];
  if (file === undefined) {
    console.error('error: name the file to write: node supply-chain/sbom.mjs <file>');
    process.exit(2);
  }
  const npmBill = JSON.parse(run('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only']));
  const bill = billOfMaterials(npmBill, [
    { name: 'daprd', packages: goModules() },
    { name: 'spin-host', packages: rustCrates() },
  ]);
  writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
  const counts = bill.components.map(({ components = [] }) => 1 + components.length);
  console.log(`${counts.reduce((sum, count) => sum + count, 0)} components written to ${file}`);
}
