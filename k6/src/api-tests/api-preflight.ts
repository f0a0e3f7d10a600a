/** What a browser asks before a page of a listed origin may send an order. */
import { apiOptionsOf, handleApiSummary, ownData, send } from '../api-exercise.ts';

export const options = apiOptionsOf(['preflight']);
export const handleSummary = handleApiSummary;

export default function preflight(): void {
  const { origin } = ownData<{ readonly origin: string }>();
  send({
    ...{ name: 'preflight', method: 'OPTIONS', path: '/orders', wanted: 204 },
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
    wantedHeaders: { 'Access-Control-Allow-Origin': origin },
  });
}
