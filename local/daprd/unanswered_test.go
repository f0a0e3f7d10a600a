package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	compapi "github.com/dapr/dapr/pkg/apis/components/v1alpha1"
	"github.com/dapr/dapr/pkg/config"
	"github.com/dapr/dapr/pkg/middleware"
	middlewarehttp "github.com/dapr/dapr/pkg/middleware/http"
)

var request = httptest.NewRequest(http.MethodPost, "/q-order-ingress", nil)

// appPipeline is Dapr's pipeline to the app, with or without the middleware.
func appPipeline(guarded bool) middleware.HTTP {
	pipelines := middlewarehttp.New()
	if !guarded {
		return pipelines.BuildPipelineFromSpec("app", nil)
	}
	component := compapi.Component{}
	component.Name = "unanswered"
	component.Spec.Type = "middleware.http.unanswered"
	component.Spec.Version = "v1"
	pipelines.Add(middlewarehttp.Spec{Component: component, Implementation: refuseUnanswered})
	return pipelines.BuildPipelineFromSpec("app", &config.PipelineSpec{Handlers: []config.HandlerSpec{
		{Name: component.Name, Type: component.Spec.Type, Version: component.Spec.Version},
	}})
}

// failingCall is a call whose connection fails: like Dapr's own it writes nothing and notes the error beside.
func failingCall(failed *bool) http.Handler {
	return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { *failed = true })
}

// crossed begins two failing calls and lets the first one run; answers its status, 0 without one, and whether it knows
// that it failed.
func crossed(pipeline middleware.HTTP) (status int, failed bool) {
	var otherFailed bool
	first := pipeline(failingCall(&failed))
	pipeline(failingCall(&otherFailed))
	answer := &statusOnly{header: http.Header{}}
	first.ServeHTTP(answer, request)
	return answer.status, failed
}

type statusOnly struct {
	header http.Header
	status int
}

func (a *statusOnly) Header() http.Header             { return a.header }
func (a *statusOnly) WriteHeader(status int)          { a.status = status }
func (a *statusOnly) Write(bytes []byte) (int, error) { return len(bytes), nil }

func TestDaprLosesTheErrorOfACallThatBeginsBesideAnother(t *testing.T) {
	if status, failed := crossed(appPipeline(false)); failed || status != 0 {
		t.Fatal("Dapr gives each call its own handler now: unanswered.go and resources/ can go")
	}
}

func TestACallThatGotNoAnswerIsA502(t *testing.T) {
	if status, _ := crossed(appPipeline(true)); status != http.StatusBadGateway {
		t.Fatalf("the status is %d", status)
	}
}

func TestAnAnswerPassesUnchanged(t *testing.T) {
	for name, app := range map[string]http.HandlerFunc{
		"with a status":    func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) },
		"without a status": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("taken")) },
	} {
		t.Run(name, func(t *testing.T) {
			plain, guarded := httptest.NewRecorder(), httptest.NewRecorder()
			app.ServeHTTP(plain, request)
			appPipeline(true)(app).ServeHTTP(guarded, request)
			if plain.Code != guarded.Code || plain.Body.String() != guarded.Body.String() {
				t.Fatalf("%d %q instead of %d %q", guarded.Code, guarded.Body, plain.Code, plain.Body)
			}
		})
	}
}
