package main

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/dapr/components-contrib/bindings"
	"golang.org/x/net/http/httpguts"
)

// How much of a message's metadata becomes headers at most: below what every app of this project takes, with room for Dapr's own
// (apps/orders/src/limits.ts). Spin's HTTP server refuses a request with more than 100 headers, and Service Bus takes messages
// with thousands of properties.
const (
	maxMessageHeaders      = 64
	maxMessageHeadersBytes = 48 << 10
)

// reservedHeaders are those of one connection, or of the body's length or coding. Dapr 1.18.3 leaves some of them out by
// itself; it takes a content-length for that of the body, so that every call fails, for as long as deliveries are retried.
// Dapr compresses no body: with a content-encoding that is not identity an app would refuse a good order.
var reservedHeaders = map[string]bool{
	"connection": true, "content-encoding": true, "content-length": true, "expect": true, "host": true, "keep-alive": true,
	"proxy-authenticate": true, "proxy-authorization": true, "proxy-connection": true, "te": true,
	"trailer": true, "transfer-encoding": true, "upgrade": true,
}

// messageHeadersGuard is an input binding whose messages can't break the call to the app: Dapr makes an HTTP header of
// every property of a message, whatever its name.
type messageHeadersGuard struct {
	bindings.InputBinding
}

// Read hands each message on with the metadata that may become headers.
func (g messageHeadersGuard) Read(ctx context.Context, handler bindings.Handler) error {
	return g.InputBinding.Read(ctx, func(ctx context.Context, response *bindings.ReadResponse) ([]byte, error) {
		response.Metadata = possibleHeaders(response.Metadata)
		return handler(ctx, response)
	})
}

// possibleHeaders leaves out what is no header of a request's own, and of the rest what is too much: the smallest stay. Of
// nearly every message nothing is: it is then the metadata that was given.
func possibleHeaders(metadata map[string]string) map[string]string {
	maps.DeleteFunc(metadata, func(name, value string) bool {
		return reservedHeaders[strings.ToLower(name)] || !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value)
	})
	size := func(name string) int { return len(name) + len(metadata[name]) }
	sizeBytes := 0
	for name := range metadata {
		sizeBytes += size(name)
	}
	fits := func() bool { return len(metadata) <= maxMessageHeaders && sizeBytes <= maxMessageHeadersBytes }
	if fits() {
		return metadata
	}
	largestFirst := slices.SortedFunc(maps.Keys(metadata), func(a, b string) int {
		return cmp.Or(cmp.Compare(size(b), size(a)), strings.Compare(b, a))
	})
	for _, name := range largestFirst {
		if fits() {
			break
		}
		sizeBytes -= size(name)
		delete(metadata, name)
	}
	return metadata
}
