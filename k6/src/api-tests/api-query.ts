/** Written orders as JSON: from the cache (`hit`), from state and blob (`miss`), and to who has them already (`not-modified`, 304). */
import { apiOptionsOf, handleApiSummary, ownData, send, target } from '../api-exercise.ts';

export const options = apiOptionsOf([target.part]);
export const handleSummary = handleApiSummary;

interface Order {
  readonly path: string;
  readonly etag?: string;
}

export default function query(): void {
  const { path, etag = '' } = ownData<Order>();
  const isKnown = target.part === 'not-modified';
  send({
    ...{ name: target.part, method: 'GET', path },
    headers: isKnown ? { 'if-none-match': etag } : {},
    wanted: isKnown ? 304 : 200,
    wantedHeaders: { 'Cache-Status': target.part === 'miss' ? 'uri-miss' : 'hit' },
  });
}
