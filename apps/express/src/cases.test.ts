import { fileURLToPath } from 'node:url';
import { describeProgramCases } from '@order-bench/app-contract';

describeProgramCases('Express with @dapr/dapr', {
  command: [process.execPath, fileURLToPath(new URL('../dist/main.js', import.meta.url))],
  // node-fetch 2, by which @dapr/dapr calls Dapr, waits for the rest without end.
  afterHalfAnAnswer: 504,
});
