// Dapr's control plane, as far as a cluster without actors, jobs and workflows needs it, in one program: the name that it is
// called by says which one it is, as the images of Dapr's own chart have a program each.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	injector "github.com/dapr/dapr/cmd/injector/app"
	operator "github.com/dapr/dapr/cmd/operator/app"
	sentry "github.com/dapr/dapr/cmd/sentry/app"
	"github.com/dapr/dapr/pkg/buildinfo"
)

func main() {
	switch filepath.Base(os.Args[0]) {
	case "injector":
		injector.Run()
	case "operator":
		operator.Run()
	case "sentry":
		sentry.Run()
	default:
		fmt.Println(buildinfo.Version())
	}
}
