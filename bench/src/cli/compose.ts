import { writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { APP_IDS } from '@order-bench/orders';
import { type ComposeImage, checkoutDir, composeFile } from '@order-bench/rig';
import { Argument, Command } from 'commander';
import { appsOf } from '../contenders/apps.js';
import { type Contender, findContender, usesNode } from '../contenders/contender.js';
import type { Runtime } from '../contenders/runtime.js';
import { UsageError } from '../text/usage-error.js';
import { OUTBOXES, pipelineOf } from '../workload/pipeline.js';
import { mustBeWritable } from './output-file.js';
import { withoutCheckout } from './without-checkout.js';

/** `bench compose`: a contender, its daprds and the stand-ins as containers. */
export function composeCommand(): Command {
  return new Command('compose')
    .description('a Compose file: broker, blob server, and a contender with its daprds')
    .addArgument(new Argument('[contender]', 'one of the Node.js apps under apps/').default('express-ts'))
    .option('--out <file>', 'where to write it; - is standard output', '-')
    .action(async (name: string, { out }: { readonly out: string }) => {
      process.exitCode = await withoutCheckout(() => write(name, out));
    });
}

async function write(name: string, out: string): Promise<number> {
  if (out !== '-') await mustBeWritable(out);
  const text = await composeText(name);
  if (out === '-') process.stdout.write(text);
  else await writeFile(out, text);
  return 0;
}

/**
 * The Compose file of a contender, made from its descriptor, dapr-components/ and deploy/images.
 *
 * @throws UsageError for an unknown contender, and for one that there is no image of.
 */
export async function composeText(name: string): Promise<string> {
  const contender = await findContender(name);
  const file = await composeFile({
    apps: appsOf(contender, APP_IDS, IN_ITS_IMAGE),
    appImage: imageOf(contender),
    ...pipelineOf(contender).entities,
    containers: OUTBOXES,
    ...(contender.handlers === undefined ? {} : { handlers: contender.handlers }),
  });
  return `${HEADER}\n${file}`;
}

const HEADER =
  "# Made by `make compose` from the contender's descriptor, dapr-components/ and deploy/images: change those. See docs/running.md.";

/** The Node.js of the image. */
const IN_ITS_IMAGE: Runtime = { name: 'node', kind: 'node', version: null, command: ['node'], env: {}, info: null };

function imageOf(contender: Contender): ComposeImage {
  const { name, dir } = contender;
  const folder = basename(dir);
  if (!usesNode(contender) || dirname(dir) !== join(checkoutDir, 'apps'))
    throw new UsageError(
      `${name} has no image for Compose: deploy/images/node.Dockerfile makes those of the Node.js apps under apps/`,
    );
  return { name: folder, dockerfile: 'deploy/images/node.Dockerfile', args: { APP: folder } };
}
