/** Five times the rate for ten seconds: how long until all answers are in time again? */
import { optionsOf, sendOrder, summaryOf } from '../exercise.ts';

export const options = optionsOf('spike');
export const handleSummary = summaryOf('spike');
export default sendOrder;
