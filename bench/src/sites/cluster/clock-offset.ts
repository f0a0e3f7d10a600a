import { randomUUID } from 'node:crypto';
import type { ServiceBusClient } from '@azure/service-bus';
import type { BlobServiceClient, ContainerClient } from '@azure/storage-blob';
import type { ClockOffset, ClockOffsets } from '../../results/result.js';
import { INGRESS_QUEUE, OUTBOXES } from '../../workload/pipeline.js';
import { etagWrite } from './etag-time.js';

/** Reads a remote clock once; undefined where the answer holds no time of use. */
export type ReadClock = () => Promise<number | undefined>;

const PROBES = 8;

/**
 * How far a remote clock is ahead of this machine's, by Cristian's method: of several readings the one that came back
 * quickest counts, and the remote time is held against the middle of its way.
 *
 * @param now this machine's clock in milliseconds since the epoch.
 * @returns null where no reading held a time.
 */
export async function clockOffset(read: ReadClock, now: () => number = Date.now): Promise<ClockOffset | null> {
  let best: ClockOffset | null = null;
  for (let probe = 0; probe < PROBES; probe++) {
    const sentMs = now();
    const remoteMs = await read();
    const backMs = now();
    const uncertaintyMs = (backMs - sentMs) / 2;
    if (remoteMs === undefined || (best && best.uncertaintyMs <= uncertaintyMs)) continue;
    best = { offsetMs: round(remoteMs - (sentMs + backMs) / 2), uncertaintyMs: round(uncertaintyMs) };
  }
  return best;
}

/** The clocks of the queues and of the store that the pipeline uses; its containers have to be there. */
export async function placeClocks(bus: ServiceBusClient, blobs: BlobServiceClient): Promise<ClockOffsets> {
  return {
    queue: await clockOffset(queueClock(bus, INGRESS_QUEUE)),
    blobs: await clockOffset(blobClock(blobs.getContainerClient(OUTBOXES[0] as string))),
  };
}

/** The store's clock: the ETag of a small blob that is written and removed again. */
function blobClock(container: ContainerClient): ReadClock {
  const blob = container.getBlockBlobClient(`clock-${randomUUID()}`);
  return async () => {
    const { etag = '', lastModified } = await blob.upload('', 0);
    await blob.delete();
    const write = lastModified && etagWrite({ etag, lastModified });
    return write?.isExact ? write.atMs : undefined;
  };
}

const AN_HOUR_MS = 3_600_000;

/**
 * The queue's clock: when it accepted a message that is scheduled for an hour from now, read by peeking at it, and
 * cancelled again, so that no receiver ever sees it. An enqueued time nearer to that hour than to now is not the time of
 * accepting: the service does not say which one such a message shows.
 */
function queueClock(bus: ServiceBusClient, queue: string): ReadClock {
  return async () => {
    const sender = bus.createSender(queue);
    const receiver = bus.createReceiver(queue);
    try {
      const nowMs = Date.now();
      const at = new Date(nowMs + AN_HOUR_MS);
      const scheduled = await sender.scheduleMessages({ body: null, messageId: 'clock' }, at);
      const [fromSequenceNumber] = scheduled;
      const [message] = fromSequenceNumber ? await receiver.peekMessages(1, { fromSequenceNumber }) : [];
      await sender.cancelScheduledMessages(scheduled);
      const enqueuedMs = message?.messageId === 'clock' ? message.enqueuedTimeUtc?.getTime() : undefined;
      return enqueuedMs !== undefined && enqueuedMs - nowMs < AN_HOUR_MS / 2 ? enqueuedMs : undefined;
    } finally {
      await Promise.all([sender.close(), receiver.close()]);
    }
  };
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
