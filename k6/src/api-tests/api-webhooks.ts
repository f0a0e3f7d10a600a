/**
 * Commands, of which a partner is told: from the 202 to the signed webhook that it took (`delivery`), or that it took when it came
 * again, for one in ten it fails at first (`repeated-delivery`).
 */
import { check } from 'k6';
import http from 'k6/http';
import { apiOptionsOf, handleApiSummary, outcome, ownData, send, target } from '../api-exercise.ts';

export const options = apiOptionsOf(['command'], ['delivery', 'repeated-delivery']);
export const handleSummary = handleApiSummary;

/** It comes again after 5 s, and a tenth of that more (Standard Webhooks' schedule with the API's jitter). */
const LIMIT = '12s';

export default function webhooks(): void {
  const { status, headers } = send({
    ...{ name: 'command', method: 'POST', path: '/orders', wanted: 202 },
    headers: { 'content-type': 'application/json' },
    body: ownData<string>(),
  });
  const acceptedMs = Date.now();
  // What failed is counted; without an order there is nothing to be told of.
  if (status !== 202) return;
  // It is answered when the partner has taken the webhook.
  const told = http.get(`${target.partnerUrl}${headers.Location}`, { responseType: 'text', timeout: LIMIT });
  if (!check(told, { 'its partner is told within 12 s': answer => answer.status === 200 })) return;
  const { atMs, isRepeated } = told.json() as { readonly atMs: number; readonly isRepeated: boolean };
  outcome(isRepeated ? 'repeated-delivery' : 'delivery', acceptedMs, atMs);
}
