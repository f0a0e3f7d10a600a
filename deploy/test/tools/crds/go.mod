module order-bench/deploy/test/tools/crds

go 1.26.4

// No code of these is built: they carry the CustomResourceDefinitions that the tests read. Versions as installed by
// deploy/cluster/versions.sh.
require (
	github.com/dapr/dapr v1.18.3
	github.com/kedacore/keda/v2 v2.20.2
)
