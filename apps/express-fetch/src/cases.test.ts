import { fileURLToPath } from 'node:url';
import { describeProgramCases } from '@order-bench/app-contract';

describeProgramCases('Express with the Spin app’s bindings', {
  command: [process.execPath, fileURLToPath(new URL('../dist/main.js', import.meta.url))],
  afterHalfAnAnswer: 502,
});
