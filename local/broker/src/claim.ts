import { isUrl, readAddress } from './address.js';
import type { Entities } from './entities.js';
import type { ManagementRequest } from './request.js';
import type { Reply } from './request-link.js';

/**
 * Answers a claim on `$cbs`. Any is taken as it is, for the broker listens on this machine only, but for one on an entity
 * that is not there: the service refuses that, and the SDKs tell by it that there is none.
 *
 * @throws QueueNotFound
 */
export function answerClaim(entities: Entities, { audience }: ManagementRequest): Reply {
  if (audience !== undefined && isUrl(audience)) {
    const address = readAddress(audience);
    if (address.kind !== 'cbs' && address.queue !== '') entities.byAddress(address);
  }
  return { statusCode: 202, statusDescription: 'Accepted' };
}
