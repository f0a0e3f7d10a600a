import { type ApiResponse, failure } from './http.js';
import { decideIdempotency, type IdempotencyKey, type IdempotencyRecord } from './idempotency.js';
import type { ApiOptions } from './ports.js';

/** What is done once for an Idempotency-Key. */
export interface Once {
  /** The id of what it makes, where this request is the first. */
  readonly resourceId: string;
  /** Makes it, under the id of the first request; 202 is success. Every step of it repeats harmlessly. */
  act(resourceId: string): Promise<ApiResponse>;
  /** Answers as the first request was answered. */
  repeat(resourceId: string): ApiResponse;
  readonly options: Pick<ApiOptions, 'state' | 'now'>;
}

/**
 * Does what a request with an Idempotency-Key asks, once for all that have this key; what was broken off is taken up again.
 *
 * @throws DaprFailed where the state is away
 */
export async function doOnce(key: IdempotencyKey, { resourceId, act, repeat, options }: Once): Promise<ApiResponse> {
  const { state, now } = options;
  const stateKey = `idem-${key.id}`;
  const begun: IdempotencyRecord = {
    fingerprint: key.fingerprint,
    resourceId,
    state: 'in-progress',
    startedAtMs: now(),
  };
  const actAndKeep = async (record: IdempotencyRecord) => {
    const answer = await act(record.resourceId);
    if (answer.status !== 202) return answer;
    const stored = await state.get(stateKey);
    // Where somebody resumed it meanwhile, the record says the same.
    if (stored) await state.replace(stateKey, { ...record, state: 'done' }, stored.etag);
    return answer;
  };
  const isFirst = await state.create(stateKey, begun);
  const kept = isFirst ? undefined : ((await state.get(stateKey))?.value as IdempotencyRecord | undefined);
  const decision = decideIdempotency(kept, key, now());
  switch (decision.kind) {
    case 'reused':
      return failure(422, 'This Idempotency-Key stands for another request: use a new one.', {
        field: 'Idempotency-Key',
      });
    case 'in-progress':
      return failure(409, 'The first request with this Idempotency-Key is still being done.', {
        field: 'Idempotency-Key',
        headers: { 'retry-after': '1' },
      });
    case 'repeat':
      return repeat(decision.resourceId);
    case 'begin':
      return actAndKeep(begun);
    case 'resume':
      return actAndKeep({ ...begun, resourceId: decision.resourceId });
  }
}
