import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { Argument, Command } from 'commander';
import { prepareApi } from '../contenders/prepare-api.js';
import type { RigHolder } from '../plans/runner.js';
import { startApiRig } from '../sites/rig/api-rig.js';
import { untilStopped, withCheckout } from './with-checkout.js';

/** `bench api`: a rig with a contender's pipeline and the Order API of the same flavour in front of it, until Ctrl-C. */
export function apiCommand(): Command {
  return new Command('api')
    .description('the Order API in front of a contender, to be tried by hand until Ctrl-C')
    .addArgument(new Argument('[contender]', 'whose flavour it is').default('express-ts'))
    .option('--allow-origin <origins...>', 'origins whose pages may call it', [])
    .action(async (contender: string, { allowOrigin }: { readonly allowOrigin: readonly string[] }) => {
      process.exitCode = await withCheckout('bench api', session => serve({ contender, allowOrigin, session }));
    });
}

interface Serving {
  readonly contender: string;
  readonly allowOrigin: readonly string[];
  readonly session: RigHolder;
}

async function serve({ contender: name, allowOrigin, session }: Serving): Promise<number> {
  const prepared = await prepareApi(name);
  const token = randomBytes(16).toString('hex');
  const runDir = join(checkoutDir, '.rig', 'api');
  await rm(runDir, { recursive: true, force: true });
  const { rig, url } = await startApiRig({ ...prepared, runDir, token, allowOrigin });
  try {
    session.setRig(rig);
    console.log(howTo(url, token));
    await untilStopped(session, rig);
    return 0;
  } finally {
    await rig.stop();
  }
}

/** What to type, in the order in which it tells a story. */
function howTo(url: string, token: string): string {
  const json = `-H 'Content-Type: application/json'`;
  return `The Order API listens on ${url}; Ctrl-C ends it. In a browser: ${url}/#token=${token}
In another terminal:

export API=${url} AUTH='Authorization: Bearer ${token}'
curl -i -H "$AUTH" ${json} -d '{"orderId":7,"delivery":"Express","firstName":"Ann"}' $API/orders
curl -i -H "$AUTH" $API/orders/7
curl -i -H "$AUTH" -H 'Accept: text/csv' $API/orders/7
curl -i -H "$AUTH" ${json} -H 'Idempotency-Key: "a-key-of-mine"' -d '{"delivery":"Standard"}' $API/orders
curl -i -H "$AUTH" "$API/orders?limit=2"`;
}
