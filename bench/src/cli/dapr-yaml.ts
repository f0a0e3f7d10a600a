import { join, relative } from 'node:path';
import { APP_IDS } from '@order-bench/orders';
import { type Connections, checkoutDir, controlStatus, writeDaprRunFile } from '@order-bench/rig';
import { Argument, Command } from 'commander';
import { appsOf } from '../contenders/apps.js';
import type { ReadyContender } from '../contenders/build.js';
import { prepare } from '../contenders/prepare.js';
import { UsageError } from '../text/usage-error.js';
import { pipelineOf } from '../workload/pipeline.js';
import { withoutCheckout } from './without-checkout.js';

/** `bench dapr-yaml`: a contender for `dapr run -f`. */
export function daprYamlCommand(): Command {
  return new Command('dapr-yaml')
    .description("a dapr.yaml, by which Dapr's CLI starts a contender on the running rig's broker and blob server")
    .addArgument(new Argument('[contender]', 'name or folder of the contender').default('express-ts'))
    .addHelpText('after', '\nFirst start broker and blob server alone: make rig-up CONTENDERS=')
    .action(async (name: string) => {
      process.exitCode = await withoutCheckout(() => write(name));
    });
}

async function write(name: string): Promise<number> {
  const connections = await standInsAlone();
  const { daprd, contenders } = await prepare({ contenders: [name], runtime: [] });
  const [ready] = contenders.values();
  const [program] = daprd.command;
  if (!ready || program === undefined) throw new RangeError(`${name} was not prepared`);
  const dir = join(checkoutDir, '.rig', 'dapr-run');
  const file = await runFileOf(ready, { ...connections, daprd: program, dir });
  console.log(`dapr run -f ${relative(process.cwd(), file)}`);
  return 0;
}

/** Where a run file goes, and what its apps work on. */
interface RunFilePlace extends Connections {
  readonly dir: string;
  readonly daprd: string;
}

/**
 * Writes the run file of a contender, made from its descriptor and dapr-components/.
 *
 * @returns its path.
 * @throws UsageError for a contender that runs without Dapr.
 */
export async function runFileOf({ contender, runtime }: ReadyContender, place: RunFilePlace): Promise<string> {
  const { name, handlers } = contender;
  if (contender.dapr === false) throw new UsageError(`${name} runs without Dapr`);
  const apps = appsOf(contender, APP_IDS, runtime);
  const { entities } = pipelineOf(contender);
  return writeDaprRunFile({ ...place, ...entities, apps, ...(handlers === undefined ? {} : { handlers }) });
}

/** @throws UsageError where no rig is up, and where it has apps that would take the orders. */
async function standInsAlone(): Promise<Connections> {
  const holder = await controlStatus(checkoutDir);
  const { serviceBusConnectionString, blobConnectionString } = holder ?? {};
  if (serviceBusConnectionString === undefined || blobConnectionString === undefined)
    throw new UsageError(`no rig is up in this checkout: ${START_IT}`);
  if (holder?.processes.some(({ role }) => role === 'app'))
    throw new UsageError(
      `'${holder.command}' has apps of its own, which would take the orders: make rig-down, then ${START_IT}`,
    );
  return { serviceBusConnectionString, blobConnectionString };
}

const START_IT = "start broker and blob server alone with 'make rig-up CONTENDERS='";
