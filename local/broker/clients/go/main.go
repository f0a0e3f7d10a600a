// Uses a broker through azservicebus and prints what it saw, as JSON. ../README.md says how; ../python/client.py does the
// same, function by function.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/messaging/azservicebus"
	"github.com/Azure/go-amqp"
)

// What comes is received when it is there; so long is waited for what does not come.
const longestWait = 20 * time.Second

const sdk = "github.com/Azure/azure-sdk-for-go/sdk/messaging/azservicebus"

type object = map[string]any

type scenario func(client *azservicebus.Client, queue string) (any, error)

var scenarios = map[string]scenario{
	"round_trip":           roundTrip,
	"batches":              batches,
	"settlements":          settlements,
	"settlements_by_token": settlementsByToken,
	"schedules":            schedules,
	"renewals":             renewals,
	"deletes":              deletes,
	"bodies":               bodies,
	"full":                 full,
	"too_large":            tooLarge,
	"missing":              missing,
	"topics":               topics,
}

func main() {
	if slices.Equal(os.Args[1:], []string{"--version"}) {
		fmt.Println("azservicebus", sdkVersion())
		return
	}
	seen, err := run(os.Args[1])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(seen)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(connectionString string) (object, error) {
	// Refusals are what is looked for: nothing is tried again.
	options := &azservicebus.ClientOptions{RetryOptions: azservicebus.RetryOptions{MaxRetries: -1}}
	client, err := azservicebus.NewClientFromConnectionString(connectionString, options)
	if err != nil {
		return nil, err
	}
	seen := object{}
	var failures []error
	var mutex sync.Mutex
	var all sync.WaitGroup
	for name, perform := range scenarios {
		all.Go(func() {
			result, err := perform(client, name)
			mutex.Lock()
			defer mutex.Unlock()
			seen[name] = result
			if err != nil {
				failures = append(failures, fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	all.Wait()
	return seen, errors.Join(append(failures, client.Close(context.Background()))...)
}

// Every property of a message that both SDKs can set.
func roundTrip(client *azservicebus.Client, queue string) (any, error) {
	sent := &azservicebus.Message{
		Body:                  []byte("<>& é"),
		MessageID:             to.Ptr("id"),
		CorrelationID:         to.Ptr("correlation"),
		Subject:               to.Ptr("subject"),
		ContentType:           to.Ptr("text/plain"),
		To:                    to.Ptr("to"),
		ReplyTo:               to.Ptr("reply-to"),
		PartitionKey:          to.Ptr("key"),
		TimeToLive:            to.Ptr(time.Hour),
		ApplicationProperties: object{"text": "é", "number": 1.5, "flag": true, "whole": -7},
	}
	if err := send(client, queue, sent); err != nil {
		return nil, err
	}
	receiver, err := client.NewReceiverForQueue(queue, nil)
	if err != nil {
		return nil, err
	}
	messages, err := receive(receiver, 1)
	if err != nil {
		return nil, err
	}
	message := messages[0]
	return object{
		"body":           string(message.Body),
		"messageId":      message.MessageID,
		"correlationId":  message.CorrelationID,
		"subject":        message.Subject,
		"contentType":    message.ContentType,
		"to":             message.To,
		"replyTo":        message.ReplyTo,
		"partitionKey":   message.PartitionKey,
		"timeToLiveMs":   message.TimeToLive.Milliseconds(),
		"properties":     message.ApplicationProperties,
		"deliveryCount":  countOf(message),
		"sequenceNumber": message.SequenceNumber,
	}, receiver.CompleteMessage(background, message, nil)
}

// A batch of fifty, received a few at a time.
func batches(client *azservicebus.Client, queue string) (any, error) {
	sender, err := client.NewSender(queue, nil)
	if err != nil {
		return nil, err
	}
	batch, err := sender.NewMessageBatch(background, nil)
	if err != nil {
		return nil, err
	}
	for number := range 50 {
		if err := batch.AddMessage(&azservicebus.Message{Body: []byte(strconv.Itoa(number))}, nil); err != nil {
			return nil, err
		}
	}
	if err := sender.SendMessageBatch(background, batch, nil); err != nil {
		return nil, err
	}
	receiver, err := client.NewReceiverForQueue(queue, nil)
	if err != nil {
		return nil, err
	}
	messages, err := receive(receiver, 50)
	if err != nil {
		return nil, err
	}
	return textsOf(messages), completeAll(receiver, messages)
}

// Complete, abandon, defer and dead-letter, and what becomes of each message.
func settlements(client *azservicebus.Client, queue string) (any, error) {
	receiver, messages, err := sentAndReceived(client, queue, "complete", "abandon", "defer", "dead-letter")
	if err != nil {
		return nil, err
	}
	why := &azservicebus.DeadLetterOptions{Reason: to.Ptr("why"), ErrorDescription: to.Ptr("because")}
	err = errors.Join(
		receiver.CompleteMessage(background, messages[0], nil),
		receiver.DeferMessage(background, messages[2], nil),
		receiver.DeadLetterMessage(background, messages[3], why),
		receiver.AbandonMessage(background, messages[1], nil),
	)
	if err != nil {
		return nil, err
	}
	again, err := receive(receiver, 1)
	if err != nil {
		return nil, err
	}
	number := []int64{*messages[2].SequenceNumber}
	deferred, err := receiver.ReceiveDeferredMessages(background, number, nil)
	if err != nil {
		return nil, err
	}
	if err := completeAll(receiver, append(again, deferred...)); err != nil {
		return nil, err
	}
	_, deferredAgain := receiver.ReceiveDeferredMessages(background, number, nil)
	dead, err := receiveDead(client, queue)
	if err != nil {
		return nil, err
	}
	return object{
		"abandoned":     object{"body": string(again[0].Body), "deliveryCount": countOf(again[0])},
		"deferred":      string(deferred[0].Body),
		"deferredAgain": kindOf(deferredAgain),
		"dead": object{
			"body":        string(dead.Body),
			"reason":      dead.DeadLetterReason,
			"description": dead.DeadLetterErrorDescription,
		},
	}, nil
}

// The same for deferred messages, which are settled by a request and not on a link.
func settlementsByToken(client *azservicebus.Client, queue string) (any, error) {
	receiver, messages, err := sentAndReceived(client, queue, "complete", "abandon", "defer", "dead-letter")
	if err != nil {
		return nil, err
	}
	var numbers []int64
	for _, message := range messages {
		numbers = append(numbers, *message.SequenceNumber)
		if err := receiver.DeferMessage(background, message, nil); err != nil {
			return nil, err
		}
	}
	deferred, err := receiver.ReceiveDeferredMessages(background, numbers, nil)
	if err != nil {
		return nil, err
	}
	why := &azservicebus.DeadLetterOptions{Reason: to.Ptr("why"), ErrorDescription: to.Ptr("because")}
	err = errors.Join(
		receiver.CompleteMessage(background, deferred[0], nil),
		receiver.AbandonMessage(background, deferred[1], nil),
		receiver.DeferMessage(background, deferred[2], nil),
		receiver.DeadLetterMessage(background, deferred[3], why),
	)
	if err != nil {
		return nil, err
	}
	again, err := receiver.ReceiveDeferredMessages(background, numbers[1:3], nil)
	if err != nil {
		return nil, err
	}
	dead, err := receiveDead(client, queue)
	if err != nil {
		return nil, err
	}
	var counts [][]any
	for _, message := range again {
		counts = append(counts, []any{string(message.Body), countOf(message)})
	}
	return object{
		"again": counts,
		"dead":  []any{string(dead.Body), dead.DeadLetterReason, dead.DeadLetterErrorDescription},
	}, completeAll(receiver, again)
}

// Three messages for later: one cancelled, one cancelled twice, one that stays.
func schedules(client *azservicebus.Client, queue string) (any, error) {
	sender, err := client.NewSender(queue, nil)
	if err != nil {
		return nil, err
	}
	receiver, err := client.NewReceiverForQueue(queue, nil)
	if err != nil {
		return nil, err
	}
	numbers, err := sender.ScheduleMessages(background, messagesOf("0", "1", "2"), time.Now().Add(time.Hour), nil)
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		sender.CancelScheduledMessages(background, numbers[:1], nil),
		sender.CancelScheduledMessages(background, numbers[1:2], nil),
	)
	if err != nil {
		return nil, err
	}
	twice := sender.CancelScheduledMessages(background, numbers[1:2], nil)
	messages, err := receiver.PeekMessages(background, 10, nil)
	if err != nil {
		return nil, err
	}
	var peeked [][]any
	for _, message := range messages {
		peeked = append(peeked, []any{string(message.Body), message.State})
	}
	return object{"numbers": numbers, "cancelledTwice": kindOf(twice), "peeked": peeked}, nil
}

// A lock that is renewed, and one that ran out while another receiver waited for the message.
func renewals(client *azservicebus.Client, queue string) (any, error) {
	receiver, messages, err := sentAndReceived(client, queue, "renewed")
	if err != nil {
		return nil, err
	}
	other, err := client.NewReceiverForQueue(queue, nil)
	if err != nil {
		return nil, err
	}
	before := *messages[0].LockedUntil
	if err := receiver.RenewMessageLock(background, messages[0], nil); err != nil {
		return nil, err
	}
	again, err := receive(other, 1)
	if err != nil {
		return nil, err
	}
	late := receiver.CompleteMessage(background, messages[0], nil)
	return object{
		"renewed": !messages[0].LockedUntil.Before(before),
		"again":   countOf(again[0]),
		"late":    kindOf(late),
	}, completeAll(other, again)
}

// Receive-and-delete.
func deletes(client *azservicebus.Client, queue string) (any, error) {
	if err := send(client, queue, messagesOf("0", "1", "2")...); err != nil {
		return nil, err
	}
	options := &azservicebus.ReceiverOptions{ReceiveMode: azservicebus.ReceiveModeReceiveAndDelete}
	receiver, err := client.NewReceiverForQueue(queue, options)
	if err != nil {
		return nil, err
	}
	messages, err := receive(receiver, 3)
	return textsOf(messages), err
}

// Bodies that are no bytes, several sections of bytes, and none at all.
func bodies(client *azservicebus.Client, queue string) (any, error) {
	sender, err := client.NewSender(queue, nil)
	if err != nil {
		return nil, err
	}
	sent := []*azservicebus.AMQPAnnotatedMessage{
		{Body: azservicebus.AMQPAnnotatedMessageBody{Value: object{"a": []any{1, nil, true}}}},
		{Body: azservicebus.AMQPAnnotatedMessageBody{Sequence: [][]any{{1, "two"}, {3}}}},
		{Body: azservicebus.AMQPAnnotatedMessageBody{Data: [][]byte{[]byte("one"), []byte("two")}}},
		{ApplicationProperties: object{"only": "this"}},
	}
	for _, message := range sent {
		if err := sender.SendAMQPAnnotatedMessage(background, message, nil); err != nil {
			return nil, err
		}
	}
	receiver, err := client.NewReceiverForQueue(queue, nil)
	if err != nil {
		return nil, err
	}
	messages, err := receive(receiver, len(sent))
	if err != nil {
		return nil, err
	}
	var data []string
	for _, section := range messages[2].RawAMQPMessage.Body.Data {
		data = append(data, string(section))
	}
	return object{
		"value":    jsonOf(messages[0].RawAMQPMessage.Body.Value),
		"sequence": messages[1].RawAMQPMessage.Body.Sequence,
		"data":     data,
		"none":     object{"body": string(messages[3].Body), "properties": messages[3].ApplicationProperties},
	}, completeAll(receiver, messages)
}

// A queue without room for a second message.
func full(client *azservicebus.Client, queue string) (any, error) {
	if err := send(client, queue, &azservicebus.Message{Body: make([]byte, 1000)}); err != nil {
		return nil, err
	}
	return kindOf(send(client, queue, &azservicebus.Message{Body: make([]byte, 1000)})), nil
}

// A message over the limit that the link states.
func tooLarge(client *azservicebus.Client, queue string) (any, error) {
	return kindOf(send(client, queue, &azservicebus.Message{Body: make([]byte, 1<<20)})), nil
}

// A queue that is not there.
func missing(client *azservicebus.Client, _ string) (any, error) {
	receiver, err := client.NewReceiverForQueue("no-such-queue", nil)
	if err != nil {
		return nil, err
	}
	_, received := receive(receiver, 1)
	return []any{kindOf(send(client, "no-such-queue", messagesOf("x")...)), kindOf(received)}, nil
}

// A topic whose two subscriptions each get a copy; one dead-letters its own.
func topics(client *azservicebus.Client, topic string) (any, error) {
	if err := send(client, topic, messagesOf("0", "1")...); err != nil {
		return nil, err
	}
	receiver, err := client.NewReceiverForSubscription(topic, "one", nil)
	if err != nil {
		return nil, err
	}
	messages, err := receive(receiver, 2)
	if err != nil {
		return nil, err
	}
	why := &azservicebus.DeadLetterOptions{Reason: to.Ptr("why"), ErrorDescription: to.Ptr("because")}
	err = errors.Join(
		receiver.CompleteMessage(background, messages[0], nil),
		receiver.DeadLetterMessage(background, messages[1], why),
	)
	if err != nil {
		return nil, err
	}
	options := &azservicebus.ReceiverOptions{SubQueue: azservicebus.SubQueueDeadLetter}
	deadLetters, err := client.NewReceiverForSubscription(topic, "one", options)
	if err != nil {
		return nil, err
	}
	dead, err := receive(deadLetters, 1)
	if err != nil {
		return nil, err
	}
	other, err := client.NewReceiverForSubscription(topic, "two", nil)
	if err != nil {
		return nil, err
	}
	copies, err := receive(other, 2)
	if err != nil {
		return nil, err
	}
	nobody, err := client.NewReceiverForSubscription(topic, "no-such-subscription", nil)
	if err != nil {
		return nil, err
	}
	_, missing := receive(nobody, 1)
	return object{
		"one":     textsOf(messages),
		"dead":    []any{string(dead[0].Body), dead[0].DeadLetterReason},
		"two":     textsOf(copies),
		"missing": kindOf(missing),
	}, errors.Join(completeAll(deadLetters, dead), completeAll(other, copies))
}

var background = context.Background()

func messagesOf(bodies ...string) []*azservicebus.Message {
	var messages []*azservicebus.Message
	for _, body := range bodies {
		messages = append(messages, &azservicebus.Message{Body: []byte(body)})
	}
	return messages
}

func sentAndReceived(
	client *azservicebus.Client, queue string, bodies ...string,
) (*azservicebus.Receiver, []*azservicebus.ReceivedMessage, error) {
	if err := send(client, queue, messagesOf(bodies...)...); err != nil {
		return nil, nil, err
	}
	receiver, err := client.NewReceiverForQueue(queue, nil)
	if err != nil {
		return nil, nil, err
	}
	messages, err := receive(receiver, len(bodies))
	return receiver, messages, err
}

func send(client *azservicebus.Client, queue string, messages ...*azservicebus.Message) error {
	sender, err := client.NewSender(queue, nil)
	if err != nil {
		return err
	}
	for _, message := range messages {
		if err := sender.SendMessage(background, message, nil); err != nil {
			return err
		}
	}
	return sender.Close(background)
}

func receive(receiver *azservicebus.Receiver, count int) ([]*azservicebus.ReceivedMessage, error) {
	ctx, cancel := context.WithTimeout(background, longestWait)
	defer cancel()
	var messages []*azservicebus.ReceivedMessage
	for len(messages) < count {
		received, err := receiver.ReceiveMessages(ctx, count-len(messages), nil)
		if err != nil {
			return nil, fmt.Errorf("only %d of %d messages came: %w", len(messages), count, err)
		}
		messages = append(messages, received...)
	}
	return messages, nil
}

func receiveDead(client *azservicebus.Client, queue string) (*azservicebus.ReceivedMessage, error) {
	options := &azservicebus.ReceiverOptions{SubQueue: azservicebus.SubQueueDeadLetter}
	receiver, err := client.NewReceiverForQueue(queue, options)
	if err != nil {
		return nil, err
	}
	messages, err := receive(receiver, 1)
	if err != nil {
		return nil, err
	}
	return messages[0], completeAll(receiver, messages)
}

func completeAll(receiver *azservicebus.Receiver, messages []*azservicebus.ReceivedMessage) error {
	for _, message := range messages {
		if err := receiver.CompleteMessage(background, message, nil); err != nil {
			return err
		}
	}
	return nil
}

func textsOf(messages []*azservicebus.ReceivedMessage) []string {
	texts := []string{}
	for _, message := range messages {
		texts = append(texts, string(message.Body))
	}
	return texts
}

// countOf is the number of deliveries before this one, which the SDK counts in.
func countOf(message *azservicebus.ReceivedMessage) uint32 {
	return message.DeliveryCount - 1
}

// kindOf names an error as the Python program does; any other is shown as it is: the test compares it.
func kindOf(err error) any {
	if err == nil {
		return nil
	}
	var known *azservicebus.Error
	if errors.As(err, &known) {
		switch known.Code {
		case azservicebus.CodeLockLost:
			return "lock lost"
		case azservicebus.CodeNotFound:
			return "not found"
		}
	}
	if errors.Is(err, azservicebus.ErrMessageTooLarge) {
		return "too large"
	}
	var condition *amqp.Error
	if errors.As(err, &condition) && condition.Condition == amqp.ErrCondResourceLimitExceeded {
		return "full"
	}
	return err.Error()
}

// jsonOf makes the keys of maps strings.
func jsonOf(value any) any {
	entries, isMap := value.(map[any]any)
	if !isMap {
		return value
	}
	made := object{}
	for key, each := range entries {
		made[fmt.Sprint(key)] = each
	}
	return made
}

func sdkVersion() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == sdk {
			return module.Version
		}
	}
	return "unknown"
}
