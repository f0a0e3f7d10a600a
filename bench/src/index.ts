export { type CheckedDrain, type CheckedDrainOptions, checkedDrain } from './run/checked-drain.js';
