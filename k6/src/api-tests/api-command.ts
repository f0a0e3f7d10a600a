/** Commands to an Order API: POST /orders, each a new order, is answered with 202. */
import { apiOptionsOf, handleApiSummary, ownData, send } from '../api-exercise.ts';

export const options = apiOptionsOf(['command']);
export const handleSummary = handleApiSummary;

export default function command(): void {
  send({
    ...{ name: 'command', method: 'POST', path: '/orders', wanted: 202 },
    headers: { 'content-type': 'application/json' },
    body: ownData<string>(),
  });
}
