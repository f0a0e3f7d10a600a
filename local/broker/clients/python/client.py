"""Uses a broker through azure-servicebus and prints what it saw, as JSON. README.md says how."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

from azure.servicebus import (
    ServiceBusClient,
    ServiceBusMessage,
    ServiceBusReceiveMode,
    ServiceBusSubQueue,
    VERSION,
)
from azure.servicebus.amqp import AmqpAnnotatedMessage
from azure.servicebus.exceptions import (
    MessageLockLostError,
    MessageNotFoundError,
    MessageSizeExceededError,
    ServiceBusAuthenticationError,
    ServiceBusQuotaExceededError,
)

# What comes is received when it is there; so long is waited for what does not come.
LONGEST_WAIT_S = 20

ERRORS = {
    MessageLockLostError: "lock lost",
    MessageNotFoundError: "not found",
    MessageSizeExceededError: "too large",
    # The service tells by the answer to a claim that a queue is not there, which this SDK calls a failed one.
    ServiceBusAuthenticationError: "not found",
    ServiceBusQuotaExceededError: "full",
}


def main(connection_string):
    def run(scenario):
        # Refusals are what is looked for: nothing is tried again.
        with ServiceBusClient.from_connection_string(connection_string, retry_total=0) as client:
            return scenario.__name__, scenario(client, scenario.__name__)

    # All at once: the SDK takes a second to close each sender and receiver.
    with ThreadPoolExecutor(len(SCENARIOS)) as pool:
        print(json.dumps(dict(pool.map(run, SCENARIOS))))


def round_trip(client, queue):
    """Every property of a message that both SDKs can set."""
    send(
        client,
        queue,
        ServiceBusMessage(
            "<>& é",
            message_id="id",
            correlation_id="correlation",
            subject="subject",
            content_type="text/plain",
            to="to",
            reply_to="reply-to",
            partition_key="key",
            time_to_live=timedelta(hours=1),
            application_properties={"text": "é", "number": 1.5, "flag": True, "whole": -7},
        ),
    )
    with client.get_queue_receiver(queue) as receiver:
        [message] = receive(receiver, 1)
        receiver.complete_message(message)
        return {
            "body": str(message),
            "messageId": message.message_id,
            "correlationId": message.correlation_id,
            "subject": message.subject,
            "contentType": message.content_type,
            "to": message.to,
            "replyTo": message.reply_to,
            "partitionKey": message.partition_key,
            "timeToLiveMs": message.time_to_live.total_seconds() * 1000,
            "properties": properties_of(message),
            "deliveryCount": message.delivery_count,
            "sequenceNumber": message.sequence_number,
        }


def batches(client, queue):
    """A batch of fifty, received a few at a time."""
    with client.get_queue_sender(queue) as sender:
        batch = sender.create_message_batch()
        for number in range(50):
            batch.add_message(ServiceBusMessage(str(number)))
        sender.send_messages(batch)
    with client.get_queue_receiver(queue) as receiver:
        messages = receive(receiver, 50)
        for message in messages:
            receiver.complete_message(message)
        return [str(message) for message in messages]


def settlements(client, queue):
    """Complete, abandon, defer and dead-letter, and what becomes of each message."""
    send(client, queue, *(ServiceBusMessage(body) for body in ["complete", "abandon", "defer", "dead-letter"]))
    with client.get_queue_receiver(queue) as receiver:
        complete, abandon, defer, dead_letter = receive(receiver, 4)
        receiver.complete_message(complete)
        receiver.defer_message(defer)
        receiver.dead_letter_message(dead_letter, reason="why", error_description="because")
        receiver.abandon_message(abandon)
        [again] = receive(receiver, 1)
        receiver.complete_message(again)
        [deferred] = receiver.receive_deferred_messages(defer.sequence_number)
        receiver.complete_message(deferred)
        missing = error_of(lambda: receiver.receive_deferred_messages(defer.sequence_number))
    with client.get_queue_receiver(queue, sub_queue=ServiceBusSubQueue.DEAD_LETTER) as dead_letters:
        [dead] = receive(dead_letters, 1)
        dead_letters.complete_message(dead)
    return {
        "abandoned": {"body": str(again), "deliveryCount": again.delivery_count},
        "deferred": str(deferred),
        "deferredAgain": missing,
        "dead": {
            "body": str(dead),
            "reason": dead.dead_letter_reason,
            "description": dead.dead_letter_error_description,
        },
    }


def settlements_by_token(client, queue):
    """The same for deferred messages, which are settled by a request and not on a link."""
    send(client, queue, *(ServiceBusMessage(body) for body in ["complete", "abandon", "defer", "dead-letter"]))
    with client.get_queue_receiver(queue) as receiver:
        messages = receive(receiver, 4)
        for message in messages:
            receiver.defer_message(message)
        numbers = [message.sequence_number for message in messages]
        complete, abandon, defer, dead_letter = receiver.receive_deferred_messages(numbers)
        receiver.complete_message(complete)
        receiver.abandon_message(abandon)
        receiver.defer_message(defer)
        receiver.dead_letter_message(dead_letter, reason="why", error_description="because")
        again = receiver.receive_deferred_messages([abandon.sequence_number, defer.sequence_number])
        for message in again:
            receiver.complete_message(message)
    with client.get_queue_receiver(queue, sub_queue=ServiceBusSubQueue.DEAD_LETTER) as dead_letters:
        [dead] = receive(dead_letters, 1)
        dead_letters.complete_message(dead)
    return {
        "again": [[str(message), message.delivery_count] for message in again],
        "dead": [str(dead), dead.dead_letter_reason, dead.dead_letter_error_description],
    }


def schedules(client, queue):
    """Three messages for later: one cancelled, one cancelled twice, one that stays."""
    later = datetime.now(timezone.utc) + timedelta(hours=1)
    with client.get_queue_sender(queue) as sender, client.get_queue_receiver(queue) as receiver:
        numbers = sender.schedule_messages([ServiceBusMessage(str(number)) for number in range(3)], later)
        sender.cancel_scheduled_messages(numbers[0])
        sender.cancel_scheduled_messages([numbers[1]])
        twice = error_of(lambda: sender.cancel_scheduled_messages(numbers[1]))
        return {
            "numbers": numbers,
            "cancelledTwice": twice,
            "peeked": [[str(message), int(message.state)] for message in receiver.peek_messages(10)],
        }


def renewals(client, queue):
    """A lock that is renewed, and one that ran out while another receiver waited for the message."""
    send(client, queue, ServiceBusMessage("renewed"))
    with client.get_queue_receiver(queue) as receiver, client.get_queue_receiver(queue) as other:
        [message] = receive(receiver, 1)
        before = message.locked_until_utc
        renewed = receiver.renew_message_lock(message) >= before
        [again] = receive(other, 1)
        lost = error_of(lambda: receiver.complete_message(message))
        other.complete_message(again)
        return {"renewed": renewed, "again": again.delivery_count, "late": lost}


def deletes(client, queue):
    """Receive-and-delete."""
    send(client, queue, *(ServiceBusMessage(str(number)) for number in range(3)))
    with client.get_queue_receiver(queue, receive_mode=ServiceBusReceiveMode.RECEIVE_AND_DELETE) as receiver:
        return [str(message) for message in receive(receiver, 3)]


def bodies(client, queue):
    """Bodies that are no bytes, several sections of bytes, and none at all."""
    sent = [
        AmqpAnnotatedMessage(value_body={"a": [1, None, True]}),
        AmqpAnnotatedMessage(sequence_body=[[1, "two"], [3]]),
        AmqpAnnotatedMessage(data_body=[b"one", b"two"]),
        AmqpAnnotatedMessage(data_body=[], application_properties={"only": "this"}),
    ]
    send(client, queue, *sent)
    with client.get_queue_receiver(queue) as receiver:
        messages = receive(receiver, len(sent))
        for message in messages:
            receiver.complete_message(message)
        value, sequence, data, none = (message.raw_amqp_message for message in messages)
        return {
            "value": text_of(value.body),
            "sequence": [text_of(list(each)) for each in sequence.body],
            "data": [each.decode() for each in data.body],
            "none": {"body": b"".join(none.body or []).decode(), "properties": properties_of(messages[3])},
        }


def full(client, queue):
    """A queue without room for a second message."""
    send(client, queue, ServiceBusMessage(b"x" * 1000))
    return error_of(lambda: send(client, queue, ServiceBusMessage(b"x" * 1000)))


def too_large(client, queue):
    """A message over the limit that the link states."""
    return error_of(lambda: send(client, queue, ServiceBusMessage(b"x" * 1024**2)))


def missing(client, _queue):
    """A queue that is not there."""

    def receive_from_nothing():
        with client.get_queue_receiver("no-such-queue") as receiver:
            receiver.receive_messages(1, max_wait_time=1)

    return [
        error_of(lambda: send(client, "no-such-queue", ServiceBusMessage("x"))),
        error_of(receive_from_nothing),
    ]


def topics(client, topic):
    """A topic whose two subscriptions each get a copy; one dead-letters its own."""
    with client.get_topic_sender(topic) as sender:
        sender.send_messages([ServiceBusMessage(str(number)) for number in range(2)])
    with client.get_subscription_receiver(topic, "one") as receiver:
        messages = receive(receiver, 2)
        receiver.complete_message(messages[0])
        receiver.dead_letter_message(messages[1], reason="why", error_description="because")
    with client.get_subscription_receiver(
        topic, "one", sub_queue=ServiceBusSubQueue.DEAD_LETTER
    ) as dead_letters:
        [dead] = receive(dead_letters, 1)
        dead_letters.complete_message(dead)
    with client.get_subscription_receiver(topic, "two") as other:
        copies = receive(other, 2)
        for message in copies:
            other.complete_message(message)

    def receive_from_nothing():
        with client.get_subscription_receiver(topic, "no-such-subscription") as receiver:
            receiver.receive_messages(1, max_wait_time=1)

    return {
        "one": [str(message) for message in messages],
        "dead": [str(dead), dead.dead_letter_reason],
        "two": [str(message) for message in copies],
        "missing": error_of(receive_from_nothing),
    }


SCENARIOS = [
    round_trip,
    batches,
    settlements,
    settlements_by_token,
    schedules,
    renewals,
    deletes,
    bodies,
    full,
    too_large,
    missing,
    topics,
]


def send(client, queue, *messages):
    with client.get_queue_sender(queue) as sender:
        for message in messages:
            sender.send_messages(message)


def receive(receiver, count):
    messages = []
    while len(messages) < count:
        received = receiver.receive_messages(count - len(messages), max_wait_time=LONGEST_WAIT_S)
        if not received:
            raise RuntimeError(f"only {len(messages)} of {count} messages came within {LONGEST_WAIT_S} s")
        messages += received
    return messages


def error_of(operation):
    try:
        operation()
    except tuple(ERRORS) as error:
        return ERRORS[type(error)]
    except Exception as error:  # Any other is shown as it is: the test compares it.
        return f"{type(error).__name__}: {error}"
    return None


def properties_of(message):
    return text_of(message.application_properties or {})


def text_of(value):
    """JSON's own types for what the SDK leaves as bytes."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict):
        return {text_of(key): text_of(each) for key, each in value.items()}
    if isinstance(value, list):
        return [text_of(each) for each in value]
    return value


if sys.argv[1:] == ["--version"]:
    print(f"azure-servicebus {VERSION}")
else:
    main(sys.argv[1])
