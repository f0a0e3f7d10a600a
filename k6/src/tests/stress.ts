/** One and a half times the rate: what becomes of orders past the limit? */
import { optionsOf, sendOrder, summaryOf } from '../exercise.ts';

export const options = optionsOf('stress');
export const handleSummary = summaryOf('stress');
export default sendOrder;
