import { fileURLToPath } from 'node:url';
import { describeNodeCases } from '@order-bench/app-contract';

describeNodeCases('Express with @dapr/dapr', {
  entry: fileURLToPath(new URL('../dist/main.js', import.meta.url)),
  // node-fetch 2, by which @dapr/dapr calls Dapr, waits for the rest without end.
  afterHalfAnAnswer: 504,
});
