// Command daprd is Dapr's sidecar with only the components this project uses: Service Bus queues and topics, blob storage (for
// orders and for the Order API's state), state in memory (for its cache), for Dapr itself a name resolver that asks nobody, and two mends of this project: a middleware against a loss of messages (unanswered.go), which
// works where a configuration names it, and messages whose properties can't break the call to the app (message_headers.go). Flags and behaviour are otherwise those of the released daprd of the same version.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/dapr/components-contrib/bindings"
	"github.com/dapr/components-contrib/bindings/azure/blobstorage"
	"github.com/dapr/components-contrib/bindings/azure/servicebusqueues"
	"github.com/dapr/components-contrib/nameresolution/nameformat"
	"github.com/dapr/components-contrib/pubsub/azure/servicebus/topics"
	blobstate "github.com/dapr/components-contrib/state/azure/blobstorage/v2"
	inmemory "github.com/dapr/components-contrib/state/in-memory"
	"github.com/dapr/dapr/cmd/daprd/options"
	"github.com/dapr/dapr/pkg/buildinfo"
	"github.com/dapr/dapr/pkg/components"
	bindingregistry "github.com/dapr/dapr/pkg/components/bindings"
	middlewareregistry "github.com/dapr/dapr/pkg/components/middleware/http"
	"github.com/dapr/dapr/pkg/components/nameresolution"
	pubsubregistry "github.com/dapr/dapr/pkg/components/pubsub"
	stateregistry "github.com/dapr/dapr/pkg/components/state"
	"github.com/dapr/dapr/pkg/healthz"
	"github.com/dapr/dapr/pkg/metrics"
	"github.com/dapr/dapr/pkg/modes"
	"github.com/dapr/dapr/pkg/runtime"
	"github.com/dapr/dapr/pkg/runtime/registry"
	"github.com/dapr/dapr/pkg/security"
	"github.com/dapr/kit/concurrency"
	"github.com/dapr/kit/logger"
	"github.com/dapr/kit/signals"
	"go.opencensus.io/stats/view"
	"go.uber.org/automaxprocs/maxprocs"
)

var log = logger.NewLogger("dapr.runtime")

func main() {
	opts, err := options.New(os.Args[1:])
	if err != nil {
		log.Fatalf("The flags cannot be used: %v. `daprd --help` lists them.", err)
	}
	switch {
	case opts.RuntimeVersion:
		fmt.Println(buildinfo.Version())
	case opts.BuildInfo:
		fmt.Printf("Version: %s\nGit Commit: %s\nGit Version: %s\n", buildinfo.Version(), buildinfo.Commit(), buildinfo.GitVersion())
	case opts.WaitCommand:
		runtime.WaitUntilDaprOutboundReady(opts.DaprHTTPPort)
	default:
		serve(opts)
	}
}

// serve runs the sidecar until it is told to stop; SIGHUP starts it anew, as in the released daprd.
func serve(opts *options.Options) {
	// In a container with a CPU limit Go would otherwise start a thread for every core of the machine.
	if _, err := maxprocs.Set(); err != nil {
		log.Warnf("The CPU limit could not be read, all cores are used: %v", err)
	}
	opts.Logger.SetAppID(opts.AppID)
	if err := logger.ApplyOptionsToLoggers(&opts.Logger); err != nil {
		log.Fatalf("The logging flags cannot be used: %v", err)
	}
	log.Infof("daprd %s, slim build: only the components order-bench uses", buildinfo.Version())
	registerComponents()

	ctx := signals.Context()
	for restart := range signals.OnHUP(ctx) {
		if err := runUntilDone(restart, opts); err != nil {
			log.Fatalf("The Dapr runtime ended with an error: %v", err)
		}
		// It ended by itself (the shutdown API) or by SIGTERM, and not for a SIGHUP.
		if restart.Err() == nil || ctx.Err() != nil {
			break
		}
	}
	log.Info("daprd stopped")
}

// registerComponents fills the default registries, which a new runtime reads, with what Dapr's own build registers
// under the same type names, and with the one middleware of our own.
func registerComponents() {
	contrib := logger.NewLogger("dapr.contrib")
	bindingregistry.DefaultRegistry.Logger = contrib
	nameresolution.DefaultRegistry.Logger = contrib
	pubsubregistry.DefaultRegistry.Logger = contrib
	stateregistry.DefaultRegistry.Logger = contrib

	queueTypes := []string{"azure.servicebus.queues", "azure.servicebusqueues"}
	bindingregistry.DefaultRegistry.RegisterInputBinding(func(l logger.Logger) bindings.InputBinding {
		return messageHeadersGuard{servicebusqueues.NewAzureServiceBusQueues(l).(bindings.InputBinding)}
	}, queueTypes...)
	bindingregistry.DefaultRegistry.RegisterOutputBinding(func(l logger.Logger) bindings.OutputBinding {
		return servicebusqueues.NewAzureServiceBusQueues(l)
	}, queueTypes...)
	bindingregistry.DefaultRegistry.RegisterOutputBinding(blobstorage.NewAzureBlobStorage, "azure.blobstorage")
	// Of version 1 keys are cut at "||"; nothing here uses it.
	stateregistry.DefaultRegistry.RegisterComponentWithVersions("azure.blobstorage", components.Versioning{
		Preferred: components.VersionConstructor{Version: "v2", Constructor: blobstate.NewAzureBlobStorageStore},
		Default:   "v2",
	})
	stateregistry.DefaultRegistry.RegisterComponent(inmemory.NewInMemoryStateStore, "in-memory")
	pubsubregistry.DefaultRegistry.RegisterComponent(topics.NewAzureServiceBusTopics, "azure.servicebus.topics", "azure.servicebus")
	nameresolution.DefaultRegistry.RegisterComponent(nameformat.NewResolver, "nameformat")
	middlewareregistry.DefaultRegistry.RegisterComponent(newUnanswered, "unanswered")
}

// runUntilDone runs one runtime and the provider of its certificates side by side: the end of either ends both.
func runUntilDone(ctx context.Context, opts *options.Options) error {
	health := healthz.New()
	provider, err := security.New(ctx, security.Options{
		SentryAddress:           opts.SentryAddress,
		ControlPlaneTrustDomain: opts.ControlPlaneTrustDomain,
		ControlPlaneNamespace:   opts.ControlPlaneNamespace,
		TrustAnchors:            opts.TrustAnchors,
		AppID:                   opts.AppID,
		MTLSEnabled:             opts.EnableMTLS,
		Mode:                    modes.DaprMode(opts.Mode),
		Healthz:                 health,
		JwtAudiences:            opts.SentryRequestJwtAudiences,
	})
	if err != nil {
		return fmt.Errorf("security cannot be set up: %w", err)
	}
	runRuntime := func(ctx context.Context) error {
		handler, err := provider.Handler(ctx)
		if err != nil {
			return err
		}
		daprd, err := runtime.FromConfig(ctx, runtimeConfig(opts, handler, health))
		if err != nil {
			return err
		}
		return daprd.Run(ctx)
	}
	return concurrency.NewRunnerManager(provider.Run, runRuntime).Run(ctx)
}

// runtimeConfig hands on every flag: one left out would be taken and have no effect.
func runtimeConfig(opts *options.Options, handler security.Handler, health healthz.Healthz) *runtime.Config {
	return &runtime.Config{
		AppID:                         opts.AppID,
		Mode:                          opts.Mode,
		Config:                        opts.Config,
		ResourcesPath:                 opts.ResourcesPath,
		ComponentsPath:                opts.ComponentsPath,
		Registry:                      registry.NewOptions(),
		Security:                      handler,
		Healthz:                       health,
		AppProtocol:                   opts.AppProtocol,
		ApplicationPort:               opts.AppPort,
		AppChannelAddress:             opts.AppChannelAddress,
		AppMaxConcurrency:             opts.AppMaxConcurrency,
		AppSSL:                        opts.AppSSL,
		EnableAppHealthCheck:          opts.EnableAppHealthCheck,
		AppHealthCheckPath:            opts.AppHealthCheckPath,
		AppHealthProbeInterval:        opts.AppHealthProbeInterval,
		AppHealthProbeTimeout:         opts.AppHealthProbeTimeout,
		AppHealthThreshold:            opts.AppHealthThreshold,
		AppBindingOptionsTimeout:      opts.AppBindingOptionsTimeout,
		DaprHTTPPort:                  opts.DaprHTTPPort,
		DaprAPIGRPCPort:               opts.DaprAPIGRPCPort,
		DaprAPIListenAddresses:        opts.DaprAPIListenAddresses,
		DaprInternalGRPCPort:          opts.DaprInternalGRPCPort,
		DaprInternalGRPCListenAddress: opts.DaprInternalGRPCListenAddress,
		DaprPublicPort:                opts.DaprPublicPort,
		DaprPublicListenAddress:       opts.DaprPublicListenAddress,
		UnixDomainSocket:              opts.UnixDomainSocket,
		AllowedOrigins:                opts.AllowedOrigins,
		MaxRequestSize:                opts.MaxRequestSize,
		ReadBufferSize:                opts.ReadBufferSize,
		EnableAPILogging:              opts.EnableAPILogging,
		DisableInitEndpoints:          opts.DisableInitEndpoints,
		DaprGracefulShutdownSeconds:   opts.DaprGracefulShutdownSeconds,
		DaprBlockShutdownDuration:     opts.DaprBlockShutdownDuration,
		EnableProfiling:               opts.EnableProfiling,
		ProfilePort:                   opts.ProfilePort,
		EnableMTLS:                    opts.EnableMTLS,
		SentryAddress:                 opts.SentryAddress,
		ControlPlaneAddress:           opts.ControlPlaneAddress,
		ActorsService:                 opts.ActorsService,
		ActorsDisseminationTimeout:    opts.ActorsDisseminationTimeout,
		HotReloadReconcileInterval:    opts.HotReloadReconcileInterval,
		RemindersService:              opts.RemindersService,
		SchedulerAddress:              opts.SchedulerAddress,
		SchedulerStreams:              opts.SchedulerJobStreams,
		DisableBuiltinK8sSecretStore:  opts.DisableBuiltinK8sSecretStore,
		Metrics: metrics.Options{
			Enabled:       opts.Metrics.Enabled(),
			Port:          opts.Metrics.Port(),
			ListenAddress: opts.Metrics.ListenAddress(),
			Namespace:     metrics.DefaultMetricNamespace,
			Log:           log,
			Healthz:       health,
			Meter:         view.NewMeter(),
		},
	}
}
