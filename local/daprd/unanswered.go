package main

import (
	"net/http"

	contrib "github.com/dapr/components-contrib/middleware"
	middlewareregistry "github.com/dapr/dapr/pkg/components/middleware/http"
	"github.com/dapr/dapr/pkg/middleware"
	"github.com/dapr/kit/logger"
)

// newUnanswered makes the HTTP middleware `middleware.http.unanswered`. On Dapr's way to the app it turns a call that
// got no answer into a 502.
//
// Without it Dapr 1.18 (1.18.0 to 1.18.3 are alike) takes some calls to an app that is not there for answered with
// 200, and completes their messages. Its pipeline (pkg/middleware/http/pipeline.go) keeps one root handler for all
// calls: of two that begin at once, one may run the other's handler, and where its connection fails the error is noted
// for the other. It ends without an error and without a status, and no status means 200.
func newUnanswered(logger.Logger) middlewareregistry.FactoryMethod {
	return func(contrib.Metadata) (middleware.HTTP, error) {
		return refuseUnanswered, nil
	}
}

func refuseUnanswered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := &notedAnswer{ResponseWriter: w}
		next.ServeHTTP(answer, r)
		if !answer.begun {
			w.WriteHeader(http.StatusBadGateway)
		}
	})
}

// notedAnswer notes whether an answer has begun.
type notedAnswer struct {
	http.ResponseWriter
	begun bool
}

func (a *notedAnswer) WriteHeader(status int) {
	a.begun = true
	a.ResponseWriter.WriteHeader(status)
}

func (a *notedAnswer) Write(bytes []byte) (int, error) {
	a.begun = true
	return a.ResponseWriter.Write(bytes)
}
