/** The life of a webhook: made, read, changed, and deleted; every second one is changed once more by somebody who saw it before: 412. */
import exec from 'k6/execution';
import { apiOptionsOf, handleApiSummary, ownData, send } from '../api-exercise.ts';

export const options = apiOptionsOf(['create', 'read', 'change', 'conflict', 'remove']);
export const handleSummary = handleApiSummary;

const JSON_BODY = { 'content-type': 'application/json' };

export default function crud(): void {
  const { url } = ownData<{ readonly url: string }>();
  const created = send({
    ...{ name: 'create', method: 'POST', path: '/webhooks', wanted: 201 },
    ...{ headers: JSON_BODY, body: webhook(url) },
  });
  const path = created.headers.Location;
  // What failed is counted; without a webhook there is nothing to go on with.
  if (created.status !== 201 || path === undefined) return;
  send({ name: 'read', method: 'GET', path, wanted: 200 });
  const change = (name: string, wanted: number, etag: string | undefined) =>
    send({
      ...{ name, method: 'PUT', path, wanted },
      ...{ headers: { ...JSON_BODY, 'if-match': etag ?? '' }, body: webhook(`${url}/new`) },
    });
  const changed = change('change', 200, created.headers.Etag);
  if (exec.scenario.iterationInTest % 2 === 0) change('conflict', 412, created.headers.Etag);
  send({ name: 'remove', method: 'DELETE', path, wanted: 204, headers: { 'if-match': changed.headers.Etag ?? '' } });
}

function webhook(url: string): string {
  return JSON.stringify({ url, events: ['order.written'] });
}
