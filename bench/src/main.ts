import { startProgram } from './start-program.js';

await startProgram(() => import('./cli/program.js'));
