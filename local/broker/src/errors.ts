/** A refusal that a client is meant to understand: Service Bus's AMQP error condition and management status code. */
export class Refusal extends Error {
  override readonly name: string = 'Refusal';

  constructor(
    readonly condition: string,
    readonly statusCode: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A client breaks the protocol, or takes more of a connection than it may. */
export class ProtocolError extends Refusal {
  override readonly name = 'ProtocolError';

  constructor(message: string, condition = 'amqp:not-allowed') {
    super(condition, 400, message);
  }
}

/** The lock ran out, was settled before, or never existed. */
export class LockLost extends Refusal {
  override readonly name = 'LockLost';

  constructor(queue: string) {
    super(
      'com.microsoft:message-lock-lost',
      410,
      // The service's words, which people look for and the Go SDK's live tests expect, up to the name.
      `The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue '${queue}'. Receive the message again.`,
    );
  }
}

/** What is in a dead-letter queue can't be dead-lettered again. */
export class DeadAlready extends Refusal {
  override readonly name = 'DeadAlready';

  constructor(queue: string) {
    super(
      'amqp:not-allowed',
      400,
      `A message in '${queue}' is a dead letter already. Complete it, or abandon it and it stays there.`,
    );
  }
}

/** No message with that sequence number is in the state that the operation needs. */
export class MessageNotFound extends Refusal {
  override readonly name = 'MessageNotFound';

  constructor(queue: string, sequenceNumber: number, state: string) {
    super(
      'com.microsoft:message-not-found',
      404,
      `'${queue}' has no ${state} message with sequence number ${sequenceNumber}.`,
    );
  }
}

/** The queue holds as many bytes as its setting allows. */
export class QuotaExceeded extends Refusal {
  override readonly name = 'QuotaExceeded';

  constructor(queue: string, sizeBytes: number, maxSizeBytes: number) {
    super(
      'amqp:resource-limit-exceeded',
      403,
      `'${queue}' is full: it holds ${sizeBytes} of ${maxSizeBytes} bytes. Receive or purge messages, or raise maxSizeBytes.`,
    );
  }
}

/** The message is larger than the link allows. */
export class MessageTooLarge extends Refusal {
  override readonly name = 'MessageTooLarge';

  constructor(queue: string, sizeBytes: number, maxMessageSizeBytes: number) {
    super(
      'amqp:link:message-size-exceeded',
      413,
      `A message of ${sizeBytes} bytes was sent to '${queue}'; the limit is ${maxMessageSizeBytes} bytes.`,
    );
  }
}

/** The bytes received are no AMQP message. */
export class MalformedMessage extends Refusal {
  override readonly name = 'MalformedMessage';

  constructor(what: string, options?: ErrorOptions) {
    super('amqp:decode-error', 400, `The message cannot be read: ${what}.`, options);
  }
}

/** No such queue. */
export class QueueNotFound extends Refusal {
  override readonly name = 'QueueNotFound';

  constructor(address: string) {
    super(
      'amqp:not-found',
      404,
      `The messaging entity '${address}' could not be found. Create a queue with --queue or PUT /queues/:name, a topic with --topic or PUT /topics/:name.`,
    );
  }
}

/** The operation exists in the service, but not here, or not on this entity. */
export class NotSupported extends Refusal {
  override readonly name = 'NotSupported';

  constructor(what: string) {
    super('amqp:not-implemented', 501, `The local broker does not have ${what}.`);
  }
}

/** A request names a reply address on which the client has opened no receiver. */
export class ReplyLinkNotFound extends Refusal {
  override readonly name = 'ReplyLinkNotFound';

  constructor(replyTo: string) {
    super(
      'amqp:not-found',
      404,
      `No receiver is open for replies to '${replyTo}'. Open it before the request is sent.`,
    );
  }
}

/** A client asks and asks, and takes none of the replies. */
export class RepliesNotTaken extends Refusal {
  override readonly name = 'RepliesNotTaken';

  constructor(replyTo: string) {
    super(
      'amqp:resource-limit-exceeded',
      429,
      `Too many replies wait for credit on the receiver of '${replyTo}'. Give credit before more is asked.`,
    );
  }
}
