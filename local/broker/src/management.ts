import { type AmqpValue, wholeNumber } from './amqp-value.js';
import { array, type Encodable, uuid } from './encode-value.js';
import { EncodedMessage } from './encoded-message.js';
import type { Entity } from './entity.js';
import { MalformedMessage, NotSupported } from './errors.js';
import { MAX_MESSAGE_SIZE_BYTES } from './message-size.js';
import { deadLetterOutcome, type Outcome, propertiesOf, settleByOutcome } from './outcome.js';
import type { QueueMessage } from './queue-message.js';
import type { ManagementRequest, RequestFields } from './request.js';
import type { Reply } from './request-link.js';
import { LONG, TIMESTAMP } from './type-codes.js';

/** Receiver settle mode of a receive by sequence number that deletes at once. */
const FIRST = 0;

const OPERATIONS: ReadonlyMap<string, (entity: Entity, body: RequestFields) => Reply> = new Map([
  ['schedule-message', scheduleMessages],
  ['cancel-scheduled-message', cancelScheduledMessages],
  ['renew-lock', renewLocks],
  ['peek-message', peekMessages],
  ['receive-by-sequence-number', receiveBySequenceNumber],
  ['update-disposition', updateDisposition],
]);

const PREFIX = 'com.microsoft:';

/** Answers a request to an entity's `$management` node; throws a Refusal when it can't be done. */
export function answerManagement(entity: Entity, request: ManagementRequest): Reply {
  const { operation } = request;
  const perform = operation.startsWith(PREFIX) ? OPERATIONS.get(operation.slice(PREFIX.length)) : undefined;
  if (!perform) throw new NotSupported(`the management operation '${operation}'`);
  return perform(entity, request.body);
}

function scheduleMessages(entity: Entity, body: RequestFields): Reply {
  const contents = listOf(body, 'messages').map(entry => {
    const encoded = entry instanceof Map ? entry.get('message') : undefined;
    if (!Buffer.isBuffer(encoded)) throw new MalformedMessage('an entry of messages has no binary message');
    return EncodedMessage.read(encoded);
  });
  const sequenceNumbers = entity.send(contents);
  return ok({ 'sequence-numbers': array(LONG, sequenceNumbers) });
}

function cancelScheduledMessages({ queue }: Entity, body: RequestFields): Reply {
  queue.cancelScheduled(sequenceNumbersOf(body));
  return ok();
}

function renewLocks({ queue }: Entity, body: RequestFields): Reply {
  const locks = lockTokensOf(body).map(token => queue.lockByToken(token));
  const expirations = locks.map(lock => Math.trunc(queue.renew(lock)));
  return ok({ expirations: array(TIMESTAMP, expirations) });
}

/** As many of the messages asked for as fit in a message, and at least one; the client asks again for the rest. */
function peekMessages({ queue }: Entity, body: RequestFields): Reply {
  const from = wholeNumber('from-sequence-number', body.get('from-sequence-number') ?? 0);
  const messages = queue.peek(from, wholeNumber('message-count', body.get('message-count') ?? 1));
  if (messages.length === 0) return { statusCode: 204, statusDescription: 'There are no more messages.' };
  const entries: { message: Buffer }[] = [];
  let sizeBytes = 0;
  for (const message of messages) {
    sizeBytes += message.content.sizeBytes;
    if (entries.length > 0 && sizeBytes > MAX_MESSAGE_SIZE_BYTES) break;
    entries.push(encodedEntry(message));
  }
  return ok({ messages: entries });
}

function receiveBySequenceNumber({ queue }: Entity, body: RequestFields): Reply {
  const sequenceNumbers = sequenceNumbersOf(body);
  if (body.get('receiver-settle-mode') === FIRST) {
    const messages = queue.receiveAndDeleteDeferred(sequenceNumbers);
    return ok({ messages: messages.map(encodedEntry) });
  }
  const locks = queue.receiveDeferred(sequenceNumbers);
  return ok({
    messages: locks.map(({ message, token }) => ({
      // The Go SDK reads the token in the message, the others read it beside it.
      message: message.content.encode(message, token),
      'lock-token': uuid(token),
    })),
  });
}

function updateDisposition({ queue }: Entity, body: RequestFields): Reply {
  const outcome = dispositionOf(body);
  const locks = lockTokensOf(body).map(token => queue.lockByToken(token));
  for (const lock of locks) settleByOutcome(queue, lock, outcome);
  return ok();
}

function dispositionOf(body: RequestFields): Outcome {
  const properties = propertiesOf(body.encoded('properties-to-modify'));
  const status = body.get('disposition-status');
  switch (status) {
    case 'completed':
      return { kind: 'complete' };
    case 'abandoned':
      return { kind: 'abandon', properties };
    case 'defered':
      return { kind: 'defer', properties };
    case 'suspended':
      return deadLetterOutcome({
        reason: body.get('deadletter-reason'),
        description: body.get('deadletter-description'),
        properties,
      });
    default:
      throw new NotSupported(`the disposition status '${String(status)}'`);
  }
}

function ok(body?: Encodable): Reply {
  return { statusCode: 200, statusDescription: 'OK', body };
}

function encodedEntry(message: QueueMessage): { message: Buffer } {
  return { message: message.content.encode(message) };
}

function listOf(body: RequestFields, field: string): readonly AmqpValue[] {
  const value = body.get(field);
  if (!Array.isArray(value)) throw new MalformedMessage(`the request's ${field} is missing or no list`);
  return value;
}

function sequenceNumbersOf(body: RequestFields): number[] {
  return listOf(body, 'sequence-numbers').map(value => wholeNumber('a sequence number', value));
}

function lockTokensOf(body: RequestFields): Buffer[] {
  return listOf(body, 'lock-tokens').map(token => {
    if (!Buffer.isBuffer(token)) throw new MalformedMessage('a lock token is no UUID');
    return token;
  });
}
