/** A few orders a second: is every one answered well? */
import { optionsOf, sendOrder, summaryOf } from '../exercise.ts';

export const options = optionsOf('smoke');
export const handleSummary = summaryOf('smoke');
export default sendOrder;
