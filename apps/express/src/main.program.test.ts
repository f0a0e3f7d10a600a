import { fileURLToPath } from 'node:url';
import { describeStartAndStop } from '@order-bench/app-contract';

describeStartAndStop('the process of an Express app', [
  process.execPath,
  fileURLToPath(new URL('../dist/main.js', import.meta.url)),
]);
