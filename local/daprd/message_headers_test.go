package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/dapr/components-contrib/bindings"
)

func TestMetadataThatCouldBreakTheCallToTheAppIsLeftOut(t *testing.T) {
	kept := possibleHeaders(map[string]string{
		"id": "1", "traceparent": "00-1-2-01", "city": "Z%C3%BCrich",
		"content-length": "3", "Content-Length": "three", "Transfer-Encoding": "chunked", "connection": "close", "host": "evil",
		"expect": "100-continue", "upgrade": "h2c", "te": "trailers", "trailer": "x", "Keep-Alive": "1", "proxy-connection": "x",
		"content-encoding": "gzip", "two words": "1", "": "1", "col:on": "1", "line": "a\nb",
	})
	if names := slices.Sorted(maps.Keys(kept)); !slices.Equal(names, []string{"city", "id", "traceparent"}) {
		t.Errorf("kept %q", names)
	}
}

func TestOfTooMuchMetadataTheSmallestStays(t *testing.T) {
	kept := possibleHeaders(map[string]string{
		"id": "1", "long": strings.Repeat("x", 25_000), "longer": strings.Repeat("x", 26_000), "longest": strings.Repeat("x", 60_000),
	})
	if names := slices.Sorted(maps.Keys(kept)); !slices.Equal(names, []string{"id", "long"}) {
		t.Errorf("kept %q", names)
	}
}

func TestOfTooManyPropertiesTheSmallestStay(t *testing.T) {
	metadata := map[string]string{}
	for i := range 1_000 {
		metadata[fmt.Sprintf("property-%d", i)] = "x"
	}
	kept := possibleHeaders(metadata)
	if _, ok := kept["property-0"]; !ok || len(kept) != maxMessageHeaders {
		t.Errorf("kept %d", len(kept))
	}
}

type oneMessage struct{ bindings.InputBinding }

func (oneMessage) Read(ctx context.Context, handler bindings.Handler) error {
	_, err := handler(ctx, &bindings.ReadResponse{Data: []byte("order"), Metadata: map[string]string{"host": "x", "id": "1"}})
	return err
}

func TestAGuardedBindingHandsItsMessagesOn(t *testing.T) {
	var got *bindings.ReadResponse
	err := messageHeadersGuard{oneMessage{}}.Read(context.Background(), func(_ context.Context, r *bindings.ReadResponse) ([]byte, error) {
		got = r
		return nil, nil
	})
	if err != nil || string(got.Data) != "order" || !maps.Equal(got.Metadata, map[string]string{"id": "1"}) {
		t.Errorf("got %v, %v", got, err)
	}
}
