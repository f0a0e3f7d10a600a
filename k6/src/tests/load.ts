/** A constant rate: is it held, every order answered well and 99 % in time? A breakpoint search asks this of each rate. */
import { optionsOf, sendOrder, summaryOf } from '../exercise.ts';

export const options = optionsOf('load');
export const handleSummary = summaryOf('load');
export default sendOrder;
