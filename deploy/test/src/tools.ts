import { goTool } from './go-tool.js';

/** Path of Helm, built once. */
export function helm(): Promise<string> {
  return goTool(
    {
      name: 'helm',
      package: 'helm.sh/helm/v4/cmd/helm',
      module: 'helm.sh/helm/v4',
      duration: '4 to 7 minutes',
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
      duration: '3 to 5 minutes',
    },
    'github.com/open-policy-agent/conftest/internal/version.Version',
  );
}

/** Path of kube-apiserver, built once. */
export function kubeApiserver(): Promise<string> {
  return goTool(
    {
      name: 'kube-apiserver',
      package: '.',
      module: 'k8s.io/kubernetes',
      duration: '4 to 10 minutes',
    },
    'k8s.io/component-base/version.gitVersion',
  );
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
