import { fileURLToPath } from 'node:url';
import { describeBuilt, describeSpinCases } from '@order-bench/app-contract';

const APP_DIR = fileURLToPath(new URL('..', import.meta.url));

describeBuilt(APP_DIR, () => describeSpinCases('the Spin app', APP_DIR));
