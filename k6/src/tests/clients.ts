/** So many clients, each with one order in hand at a time: what an order costs then, and how many answers are late. */
import { optionsOf, sendOrder, summaryOf } from '../exercise.ts';

export const options = optionsOf('clients');
export const handleSummary = summaryOf('clients');
export default sendOrder;
