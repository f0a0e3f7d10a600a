import { describe, expect, it, onTestFinished } from 'vitest';
import type { Pod } from './cluster.js';
import { PlaceFailed } from './place-failed.js';
import { watchPods } from './pod-watch.js';

const pod: Pod = {
  namespace: 'order-bench-express',
  name: 'express-distributor-1',
  uid: '1',
  node: 'node-1',
  contender: 'express',
  role: 'distributor',
  part: 'app',
  isReady: true,
  restarts: 1,
  image: 'made-up:1',
  namedImage: 'made-up:1',
  limits: {},
};

/** A cluster that answers each look with the next of these, and then with the last one. */
const clusterOf = (...answers: (readonly Pod[] | Error)[]) => ({
  looks: 0,
  async pods() {
    const answer = answers[Math.min(this.looks++, answers.length - 1)] ?? [];
    if (answer instanceof Error) throw answer;
    return [...answer];
  },
});

const failureOf = (cluster: ReturnType<typeof clusterOf>) => {
  const watch = watchPods({ cluster, pods: [pod], everyMs: 1 });
  onTestFinished(() => watch.stop());
  return watch.failure;
};

describe('the watch over the pods of a run', () => {
  it('fails with the name of a pod that was replaced', async () => {
    const replaced = { ...pod, uid: '2', restarts: 0 };
    await expect(failureOf(clusterOf([pod], [pod], [replaced]))).rejects.toThrow(
      'the pod order-bench-express/express-distributor-1 is gone during the run',
    );
  });

  it('fails with the name of a pod that was restarted since the run began', async () => {
    await expect(failureOf(clusterOf([pod], [{ ...pod, restarts: 2 }]))).rejects.toThrow(
      'express-distributor-1 was restarted during the run',
    );
  });

  it('is not misled by a look that kubectl fails at', async () => {
    const cluster = clusterOf(new PlaceFailed('the connection to the server was refused'), [pod], []);
    await expect(failureOf(cluster)).rejects.toThrow('is gone');
    expect(cluster.looks).toBe(3);
  });
});
