import { compileSpinApp, type Tool } from '@order-bench/rig';
import { execa } from 'execa';
import { type Contender, spinManifest, usesSpin } from './contender.js';
import { UsageError } from './usage-error.js';

/**
 * Builds a contender by its own command, and compiles a Spin contender's components ahead where the local host runs them.
 *
 * @throws UsageError with the end of the build's output when it fails.
 */
export async function buildContender(contender: Contender, spin: Tool | undefined): Promise<void> {
  const [program, ...args] = contender.build ?? [];
  if (program !== undefined) {
    process.stderr.write(`building ${contender.name}: ${[program, ...args].join(' ')}\n`);
    const { failed, all } = await execa(program, args, {
      cwd: contender.dir,
      all: true,
      reject: false,
      stdin: 'ignore',
    });
    if (failed)
      throw new UsageError(
        `building ${contender.name} in ${contender.dir} failed:\n${String(all).split('\n').slice(-20).join('\n')}`,
      );
  }
  if (spin && usesSpin(contender)) await compileSpinApp(spin, spinManifest(contender));
}
