/**
 * Writes a bill of materials (CycloneDX 1.5, JSON): the npm packages of the lockfile, and what daprd, spin-host and the
 * contenders in Rust are linked from and spin-current is built with.
 *
 *   node supply-chain/sbom.mjs <file>
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { goModules, root, run, rustCrates, spinCurrentPackages } from './packages.mjs';

/** npm's own bill of the lockfile with the programs that are not npm packages added. */
export function billOfMaterials(npmBill, programs) {
  const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  // npm calls it by the folder that it lies in.
  const component = { ...npmBill.metadata.component, type: 'application', name };
  return {
    ...npmBill,
    metadata: { ...npmBill.metadata, component },
    components: [...npmBill.components, ...onceEach(npmBill.components, programs).map(program)],
  };
}

/** What two are built from stands with the first. */
function onceEach(components, programs) {
  const seen = new Set(components.map(({ purl }) => purl));
  return programs.map(({ name, packages }) => ({
    name,
    packages: packages.filter(({ purl }) => !seen.has(purl) && seen.add(purl)),
  }));
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
    { name: 'spin-host', packages: rustCrates('local/spin-host') },
    { name: 'contenders in Rust', packages: rustCrates('apps') },
    { name: 'spin-current', packages: spinCurrentPackages() },
  ]);
  writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
  const counts = bill.components.map(({ components = [] }) => 1 + components.length);
  console.log(`${counts.reduce((sum, count) => sum + count, 0)} components written to ${file}`);
}
