import { fileURLToPath } from 'node:url';
import { describeBuilt, describeProgramCases, describeStartAndStop } from '@order-bench/app-contract';
import { describe } from 'vitest';

const APPS = fileURLToPath(new URL('../..', import.meta.url));

describe.each(['warp-rust', 'warp-rust-static'])('%s', folder => {
  const appDir = `${APPS}${folder}`;
  describeBuilt(appDir, () => {
    const command = [`${appDir}/dist/warp-rust`];
    describeProgramCases(folder, { command, afterHalfAnAnswer: 502 });
    describeStartAndStop(`the process of ${folder}`, command);
  });
});
