import { fileURLToPath } from 'node:url';
import { describeNodeCases } from '@order-bench/app-contract';

describeNodeCases('Express with the Spin app’s bindings', {
  entry: fileURLToPath(new URL('../dist/main.js', import.meta.url)),
  afterHalfAnAnswer: 502,
});
