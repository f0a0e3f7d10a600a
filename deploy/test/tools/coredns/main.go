// CoreDNS with what the DNS of a test cluster needs, and no more.
package main

import (
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/hosts"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/ready"
)

func init() {
	// In this order a question goes through them.
	dnsserver.Directives = []string{"ready", "errors", "cache", "hosts", "kubernetes"}
}

func main() { coremain.Run() }
