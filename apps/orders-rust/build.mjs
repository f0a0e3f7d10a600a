// Builds a contender that is written in Rust, in whose folder it is called, by apps/Cargo.lock: dist/<file>. It is compiled once and
// kept in the user's cache, so that a fresh checkout finds it there.
//
//   node ../orders-rust/build.mjs <crate> <file> [--target <triple>] [--static]
//
// Exit code 69: this machine lacks what it takes (docs/contenders.md).
import { copyFile, mkdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { builtCrate, ToolMissing } from '@order-bench/rig';

const UNAVAILABLE = 69;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { target: { type: 'string' }, static: { type: 'boolean', default: false } },
});
const [crate = '', file = ''] = positionals;

try {
  const built = await builtCrate({
    workspaceDir: fileURLToPath(new URL('..', import.meta.url)),
    crate,
    folders: ['orders-rust', crate],
    file,
    ...(values.target && { target: values.target }),
    isStatic: values.static,
    duration: 'a minute or two',
  });
  await mkdir('dist', { recursive: true });
  await copyFile(built, `dist/${basename(file)}`);
} catch (error) {
  if (!(error instanceof ToolMissing)) throw error;
  console.error(error.message);
  process.exitCode = UNAVAILABLE;
}
