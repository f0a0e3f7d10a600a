import { costsPerMillionOrders } from '../cost/costs-per-million-orders.js';
import { ROUND_PRICES } from '../cost/example-prices.js';
import { gatherEvidence } from './evidence.js';
import { type FakePlan, writeFakeResults } from './fake-results.js';
import { composeReport } from './report.js';
import { type WrittenReport, writeReport } from './write-report.js';

/** Writes made-up results into a folder, and the report of them. */
export async function writeFakeReport(dir: string, plan: FakePlan): Promise<WrittenReport> {
  await writeFakeResults(dir, plan);
  const evidence = await gatherEvidence(dir);
  const results = evidence.bursts.contenders.flatMap(({ runs }) => runs.map(({ result }) => result));
  const table = costsPerMillionOrders({ results, prices: ROUND_PRICES });
  return writeReport(composeReport(evidence, evidence.bursts.compared ? table : null), dir);
}
