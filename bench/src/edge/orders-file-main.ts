/** Writes a role's orders for k6 where nothing else of bench runs: `orders-file-main.js --dir <dir> --seed <n> --role <app id>`. */
import { parseArgs } from 'node:util';
import { APP_IDS, isAppId } from '@order-bench/orders';
import { writeOrdersFile } from './orders-file.js';

const { values } = parseArgs({
  options: { dir: { type: 'string' }, seed: { type: 'string' }, role: { type: 'string' } },
});
const { dir = '.', seed = '1', role = '' } = values;
if (!isAppId(role)) {
  process.stderr.write(`error: there is no role '${role}': there are ${APP_IDS.join(', ')}\n`);
  process.exit(2);
}
process.stderr.write(`${await writeOrdersFile({ dir, seed: Number(seed), role })}\n`);
