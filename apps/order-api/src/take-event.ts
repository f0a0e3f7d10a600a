import type { DeliveryHandler } from './from-dapr.js';
import { type ApiResponse, json } from './http.js';
import { readEvent, type WrittenEvent } from './order-event.js';

/**
 * A delivery of a topic. An event of another type is no business of ours, and what can't be read can be read no better the next
 * time: Dapr puts it among the topic's dead letters.
 */
export function takeEvent(act: (event: WrittenEvent) => Promise<void>): DeliveryHandler {
  return async body => {
    const event = readEvent(body);
    if (!event) return DROP;
    if (event !== 'other') await act(event);
    return SUCCESS;
  };
}

const SUCCESS: ApiResponse = json(200, { status: 'SUCCESS' });
const DROP: ApiResponse = json(200, { status: 'DROP' });
