/** A rising rate until an order fails, is dropped or 1 % are late: near where does the app break? */
import { optionsOf, sendOrder, summaryOf } from '../exercise.ts';

export const options = optionsOf('breakpoint');
export const handleSummary = summaryOf('breakpoint');
export default sendOrder;
