import { median } from '../judge/median.js';
import type { StoredResult } from '../results/read-results.js';
import type { RunResult } from '../results/result.js';

/** How many orders a second a contender moves in the middle of a burst, and how that is known. */
export interface SteadyRate {
  readonly ordersPerSecond: number;
  /** Ids of the runs whose median it is. */
  readonly resultIds: readonly string[];
}

/** A contender as it would run now, with nothing set otherwise. */
export interface SteadyRateQuery {
  readonly contender: string;
  readonly host: string;
  readonly replicas: number;
  readonly cpu: string;
  readonly cores: number;
}

/** In a smaller burst the start takes part of the time between 10 % and 90 % written. */
const LEAST_ORDERS = 2_000;

/**
 * The median steady rate of a contender's newest stored bursts: those of one comparison, or those of one commit that
 * stand by themselves. Only complete and timed bursts count, on this machine and with the contender's own settings.
 *
 * @param stored oldest first.
 * @returns undefined where there is none.
 */
export function storedSteadyRate(stored: readonly StoredResult[], query: SteadyRateQuery): SteadyRate | undefined {
  const bursts = stored.flatMap(({ result }) => {
    const ordersPerSecond = steadyRateOf(result, query);
    return ordersPerSecond === undefined ? [] : [{ result, ordersPerSecond }];
  });
  const newest = bursts.at(-1);
  if (!newest) return undefined;
  const chosen = bursts.filter(({ result }) => origin(result) === origin(newest.result));
  return {
    ordersPerSecond: median(chosen.map(({ ordersPerSecond }) => ordersPerSecond)),
    resultIds: chosen.map(({ result }) => result.id),
  };
}

function origin({ comparison, environment }: RunResult): string {
  return comparison ? `comparison ${comparison.id}` : `commit ${environment.gitCommit}`;
}

function steadyRateOf(result: RunResult, query: SteadyRateQuery): number | undefined {
  const { status, mode, contender, orders, environment, settings } = result;
  if (status !== 'complete' || mode !== 'burst' || orders.count < LEAST_ORDERS) return undefined;
  const isSame =
    contender === query.contender &&
    environment.cpu === query.cpu &&
    environment.cores === query.cores &&
    settings.host === query.host &&
    settings.replicasPerRole === query.replicas &&
    settings.blobs === 'local' &&
    settings.payloadBytes === null &&
    settings.latency?.queueMs === 0 &&
    settings.latency.blobMs === 0;
  return isSame && result.drain.steadyOrdersPerSecond > 0 ? result.drain.steadyOrdersPerSecond : undefined;
}
