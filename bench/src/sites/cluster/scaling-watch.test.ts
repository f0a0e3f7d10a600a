import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ScaledObject } from './cluster.js';
import { PlaceFailed } from './place-failed.js';
import { watchScaling } from './scaling-watch.js';

const pod = (ready: 'True' | 'False') => ({
  metadata: {
    name: 'express-distributor-1',
    namespace: 'order-bench-express',
    uid: '1',
    labels: { 'app.kubernetes.io/component': 'distributor' },
  },
  spec: { containers: [{ image: 'made-up:1' }] },
  status: { conditions: [{ type: 'Ready', status: ready }], containerStatuses: [{ restartCount: 0 }] },
});
const leaving = { ...pod('True'), metadata: { ...pod('True').metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
const autoscaler = {
  metadata: { name: 'keda-hpa-express-distributor' },
  spec: { scaleTargetRef: { name: 'express-distributor' } },
  status: {
    currentReplicas: 1,
    desiredReplicas: 4,
    currentMetrics: [{ external: { current: { averageValue: '7160500m' } } }],
  },
};
const distributor: ScaledObject = {
  namespace: 'order-bench-express',
  name: 'express-distributor',
  contender: 'express',
  role: 'distributor',
  target: 'express-distributor',
  isPaused: false,
  isReady: true,
  most: 4,
  scaling: {},
};

// kubectl is a script on the PATH that tells what is written here; as newer ones an event a line, as older ones indented.
describe('the watch over a contender that is scaled', () => {
  let bin: string;
  const path = process.env.PATH;

  beforeAll(async () => {
    bin = await mkdtemp(join(tmpdir(), 'kubectl-'));
    const pods = [
      JSON.stringify({ type: 'ADDED', object: pod('False') }),
      JSON.stringify({ type: 'MODIFIED', object: pod('True') }, null, 4),
      JSON.stringify({ type: 'MODIFIED', object: leaving }),
      JSON.stringify({ type: 'DELETED', object: leaving }),
    ];
    await writeFile(join(bin, 'pods'), `${pods.join('\n')}\n`);
    await writeFile(join(bin, 'autoscalers'), `${JSON.stringify({ type: 'ADDED', object: autoscaler })}\n`);
    const script = `#!/bin/sh
case "$*" in
  *"--namespace order-bench-none"*) echo "no such namespace" >&2; exit 1 ;;
  "get pods"*) cat "${bin}/pods" ;;
  *) cat "${bin}/autoscalers" ;;
esac
exec sleep 600
`;
    await writeFile(join(bin, 'kubectl'), script);
    await chmod(join(bin, 'kubectl'), 0o755);
    process.env.PATH = `${bin}${delimiter}${path}`;
  });
  afterAll(async () => {
    process.env.PATH = path;
    await rm(bin, { recursive: true });
  });

  const watching = (scaled: ScaledObject) => {
    const watch = watchScaling({ scaled: [scaled], selector: 'made-up', signal: new AbortController().signal });
    onTestFinished(() => watch.stop());
    return watch;
  };

  it('sees pods come, get ready, leave and go, and what the autoscaler reads', async () => {
    const { sightings } = watching(distributor);
    await vi.waitFor(() => expect([sightings.pods.length, sightings.autoscalers.length]).toEqual([4, 1]), 10_000);
    expect(sightings.pods.map(({ role, state }) => `${role} ${state}`)).toEqual([
      'distributor waiting',
      'distributor ready',
      'distributor waiting',
      'distributor gone',
    ]);
    expect(sightings.autoscalers).toMatchObject([
      { role: 'distributor', messagesPerPod: 7160.5, current: 1, desired: 4 },
    ]);
  });

  it('fails with what kubectl said when it ends by itself', async () => {
    const { failure } = watching({ ...distributor, namespace: 'order-bench-none' });
    await expect(failure).rejects.toThrow('no such namespace');
    await expect(failure).rejects.toBeInstanceOf(PlaceFailed);
  });
});
