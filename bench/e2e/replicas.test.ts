import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Correctness } from '../src/results/result.js';
import { type Pipeline, startPipeline } from './pipeline.js';

const ORDERS = 300;
const APP_IDS = ['distributor', 'receiver-express', 'receiver-standard'];

describe('two replicas of each app id', () => {
  let pipeline: Pipeline;
  let outcome: Correctness;

  beforeAll(async () => {
    pipeline = await startPipeline({ contenderName: 'null-ts', orders: ORDERS, replicas: 2 });
    outcome = await pipeline.allWritten();
  }, 120_000);

  afterAll(async () => {
    await pipeline?.rig.stop();
  }, 60_000);

  it('are a process and a daprd each, named after the app id', () => {
    const names = pipeline.rig.supervisor.processes.filter(({ role }) => role !== 'rig').map(({ name }) => name);
    expect(names.sort()).toEqual(
      ['app', 'daprd'].flatMap(kind => APP_IDS.flatMap(id => [`${kind}-${id}`, `${kind}-${id}-2`])).sort(),
    );
  });

  it('write every order once', () => {
    expect(outcome).toMatchObject({ duplicateWrites: 0, redeliveries: 0 });
  });

  it.each(APP_IDS)('both take part: %s', async appId => {
    const daprs = pipeline.rig.daprs.filter(dapr => dapr.appId === appId);
    const delivered = await Promise.all(daprs.map(({ metricsUrl }) => deliveredBy(metricsUrl)));
    expect(delivered).toHaveLength(2);
    expect(Math.min(...delivered), `orders by daprd: ${delivered}`).toBeGreaterThan(0);
  });
});

/** Messages that a daprd has handed to its app. */
async function deliveredBy(metricsUrl: string): Promise<number> {
  const lines = (await (await fetch(metricsUrl)).text()).split('\n');
  return lines
    .filter(line => line.startsWith('dapr_component_input_binding_count{'))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
