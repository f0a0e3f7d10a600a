import { expect, it } from 'vitest';
import { pod } from './pod-object.js';

it('the image of an app is not that of the daprd beside it, which Kubernetes names first among the statuses', () => {
  const { image, namedImage, restarts } = pod({
    metadata: { name: 'express-distributor-1', namespace: 'order-bench-express', uid: '1' },
    spec: {
      containers: [
        { name: 'distributor', image: 'registry.example/express:1' },
        { name: 'daprd', image: 'registry.example/daprd:1.18.3' },
      ],
    },
    status: {
      containerStatuses: [
        { name: 'daprd', restartCount: 1, imageID: 'registry.example/daprd@sha256:0123' },
        { name: 'distributor', restartCount: 0, imageID: 'registry.example/express@sha256:4567' },
      ],
    },
  });
  expect({ image, namedImage, restarts }).toEqual({
    image: 'registry.example/express@sha256:4567',
    namedImage: 'registry.example/express:1',
    restarts: 1,
  });
});
