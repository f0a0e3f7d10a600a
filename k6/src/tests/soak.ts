/** A constant rate for half an hour: does it stay as it was? */
import { optionsOf, sendOrder, summaryOf } from '../exercise.ts';

export const options = optionsOf('soak');
export const handleSummary = summaryOf('soak');
export default sendOrder;
