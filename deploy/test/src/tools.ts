import { goTool } from './go-tool.js';

/** Path of Helm, built once. */
export function helm(): Promise<string> {
  return goTool(
    {
      name: 'helm',
      package: 'helm.sh/helm/v4/cmd/helm',
      module: 'helm.sh/helm/v4',
      duration: '2 to 4 minutes',
      versionArguments: ['version', '--short'],
    },
    'helm.sh/helm/v4/internal/version.version',
  );
}

/** Path of kubeconform, built once. */
export function kubeconform(): Promise<string> {
  return goTool(
    {
      name: 'kubeconform',
      package: 'github.com/yannh/kubeconform/cmd/kubeconform',
      module: 'github.com/yannh/kubeconform',
      duration: 'seconds',
      versionArguments: ['-v'],
    },
    'main.version',
  );
}

/** Path of conftest, built once. */
export function conftest(): Promise<string> {
  return goTool(
    {
      name: 'conftest',
      package: 'github.com/open-policy-agent/conftest',
      module: 'github.com/open-policy-agent/conftest',
      duration: '1 to 3 minutes',
    },
    'github.com/open-policy-agent/conftest/internal/version.Version',
  );
}

/** Path of the program that is each of Kubernetes' own, by the name it is given as its first argument; built once. */
export function kubernetes(): Promise<string> {
  return goTool(
    {
      name: 'kubernetes',
      package: '.',
      module: 'k8s.io/kubernetes',
      duration: '4 to 8 minutes',
      versionArguments: ['kube-apiserver', '--version'],
    },
    'k8s.io/component-base/version.gitVersion',
  );
}

/** Path of CoreDNS, built once. */
export function coreDns(): Promise<string> {
  return goTool({
    name: 'coredns',
    package: '.',
    module: 'github.com/coredns/coredns',
    duration: 'a minute',
    versionArguments: ['-version'],
  });
}

/** Path of kube-router, which enforces NetworkPolicies; built once. */
export function kubeRouter(): Promise<string> {
  return goTool(
    {
      name: 'kube-router',
      package: 'github.com/cloudnativelabs/kube-router/v2/cmd/kube-router',
      module: 'github.com/cloudnativelabs/kube-router/v2',
      duration: '1 to 2 minutes',
    },
    'github.com/cloudnativelabs/kube-router/v2/pkg/version.Version',
  );
}

/** Path of the program that is Dapr's operator, sentry and injector, each by the name that it is called by; built once. */
export function daprControlPlane(): Promise<string> {
  return goTool(
    {
      name: 'dapr',
      package: '.',
      module: 'github.com/dapr/dapr',
      duration: '1 to 3 minutes',
    },
    'github.com/dapr/dapr/pkg/buildinfo.version',
  );
}

/** Paths of KEDA's two programs, its operator and its server of metrics; built once. */
export async function keda(): Promise<{ readonly operator: string; readonly adapter: string }> {
  const program = (name: string) =>
    goTool(
      {
        name: `keda-${name}`,
        folder: 'keda',
        package: `github.com/kedacore/keda/v2/cmd/${name}`,
        module: 'github.com/kedacore/keda/v2',
        duration: '1 to 5 minutes',
        // It knows no --version, and tells its flags on standard error.
        versionArguments: ['--help'],
      },
      'github.com/kedacore/keda/v2/version.Version',
    );
  // One after the other: the second takes most of the first's packages from Go's cache.
  return { operator: await program('operator'), adapter: await program('adapter') };
}

/** Path of actionlint, built once. */
export function actionlint(): Promise<string> {
  return goTool(
    {
      name: 'actionlint',
      package: 'github.com/rhysd/actionlint/cmd/actionlint',
      module: 'github.com/rhysd/actionlint',
      duration: 'seconds',
    },
    'github.com/rhysd/actionlint.version',
  );
}

/** Path of what reads Compose files by Docker Compose's own module, built once. */
export function composeReader(): Promise<string> {
  return goTool(
    {
      name: 'compose',
      package: '.',
      module: 'github.com/compose-spec/compose-go/v2',
      duration: 'seconds',
    },
    'main.version',
  );
}

/** Path of what reads a Grafana dashboard by Grafana's own SDK, built once. */
export function dashboardCheck(): Promise<string> {
  return goTool(
    {
      name: 'grafana',
      package: '.',
      module: 'github.com/grafana/grafana-foundation-sdk/go',
      duration: 'a minute',
    },
    'main.version',
  );
}
