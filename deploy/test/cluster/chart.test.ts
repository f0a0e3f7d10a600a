import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whyNoNode } from '../src/node/namespaces.js';
import { installRelease, type Release, type ReleaseOptions, sendOrders } from '../src/node/release.js';
import { startTestCluster, type TestCluster } from '../src/node/test-cluster.js';
import { merged, type Values } from '../src/values.js';

const obstacle = await whyNoNode();
if (obstacle !== undefined) console.warn(`Skipped: every test on a real node. ${obstacle}`);

const ORDERS = 1000;

describe.skipIf(obstacle !== undefined)('on a real node', () => {
  let node: TestCluster;

  beforeAll(async () => {
    node = await startTestCluster(['express', 'null']);
  });

  afterAll(() => node?.cluster.stop());

  test.for<Row>([
    { what: 'Express behind shared daprds', contender: 'express', benchName: 'express-ts' },
    { what: 'the floor behind shared daprds', contender: 'null', benchName: 'null-ts' },
    {
      what: 'the Spin app on the stand-in host, as Deployments',
      contender: 'spin',
      benchName: 'spin-ts',
      values: { spin: { mode: 'deployment' } },
      profile: 'baseline',
    },
  ])('$what: installed, tested, 1,000 orders, and gone', async row => {
    const release = await installed(row);
    expect(await release.test()).toContain('Succeeded');
    await sendOrders({ cluster: node.cluster, contender: row.benchName, orders: ORDERS });
    expect(await release.uninstall()).toEqual([]);
  });

  function installed({ contender, values = {}, profile = 'restricted' }: Row): Promise<Release> {
    const { cluster } = node;
    return installRelease({ cluster, name: contender, profile, values: merged(node.values(contender), values) });
  }
});

/** One way to install a contender. */
interface Row {
  readonly what: string;
  readonly contender: string;
  /** As bench calls it. */
  readonly benchName: string;
  readonly values?: Values;
  readonly profile?: ReleaseOptions['profile'];
}
