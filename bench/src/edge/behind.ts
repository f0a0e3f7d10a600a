import type { Tool } from '@order-bench/rig';
import type { BehindFacts, DaprNullSettings } from '../results/k6-result.js';

/** What answers the app's calls to Dapr: a stub, or a daprd with queues and blobs behind it. */
export type Behind =
  | ({ readonly kind: 'dapr-null' } & DaprNullSettings)
  | { readonly kind: 'daprd'; readonly tool: Tool };

/** What a result says of it; daprd's version stands with those of the other programs. */
export function factsOfBehind(behind: Behind): BehindFacts {
  return behind.kind === 'daprd' ? { kind: 'daprd' } : behind;
}

/** In a sentence about an app. */
export function behindText({ kind }: BehindFacts): string {
  return kind === 'daprd' ? 'with daprd, queues and blobs of the rig behind it' : "with a stub in Dapr's place";
}
