import { costsPerMillionOrders } from '../src/cost/costs-per-million-orders.js';
import { gatherEvidence } from '../src/report/evidence.js';
import { composeReport } from '../src/report/report.js';
import { type WrittenReport, writeReport } from '../src/report/write-report.js';
import { ROUND_PRICES } from './example-prices.js';
import { type FakePlan, writeFakeResults } from './fake-results.js';

/** Writes made-up results into a folder, and the report of them. */
export async function writeFakeReport(dir: string, plan: FakePlan): Promise<WrittenReport> {
  await writeFakeResults(dir, plan);
  const evidence = await gatherEvidence(dir);
  const results = evidence.bursts.contenders.flatMap(({ runs }) => runs.map(({ result }) => result));
  const table = costsPerMillionOrders({ results, prices: ROUND_PRICES });
  return writeReport(composeReport(evidence, evidence.bursts.compared ? table : null), dir);
}
