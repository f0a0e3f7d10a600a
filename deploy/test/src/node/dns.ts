import { stringify } from 'yaml';
import { type Cluster, DNS_ADDRESS } from './cluster.js';
import { NODE_ADDRESS } from './namespaces.js';

/** The image that runs as the cluster's DNS. */
export const DNS_IMAGE = 'localhost/coredns:1';

const NAMESPACE = 'kube-system';
const NAME = 'coredns';
const METADATA = { name: NAME, namespace: NAMESPACE };
const LABELS = { 'k8s-app': 'kube-dns' };

/**
 * Starts the cluster's DNS where every cluster has it, in pods of kube-system: NetworkPolicies name that namespace.
 *
 * @param outsideNames names outside the cluster that are answered with the node's own address.
 */
export async function installDns(cluster: Cluster, outsideNames: readonly string[]): Promise<void> {
  const input = [...RIGHTS, configuration(outsideNames), DEPLOYMENT, SERVICE]
    .map(each => stringify(each))
    .join('---\n');
  await cluster.kubectl(['apply', '--filename', '-'], { input });
  await cluster.kubectl([...['rollout', 'status', `deployment/${NAME}`, '--namespace', NAMESPACE, '--timeout=60s']]);
}

function configuration(outsideNames: readonly string[]): unknown {
  const Corefile = `.:53 {
  ready
  errors
  cache 5
  hosts {
    ${NODE_ADDRESS} ${outsideNames.join(' ')}
    fallthrough
  }
  kubernetes cluster.local in-addr.arpa
}
`;
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: METADATA, data: { Corefile } };
}

const RIGHTS = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: METADATA },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: NAME },
    rules: [
      { apiGroups: [''], resources: ['services', 'namespaces'], verbs: ['list', 'watch'] },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: NAME },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: NAME },
    subjects: [{ kind: 'ServiceAccount', ...METADATA }],
  },
];

const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: METADATA,
  spec: {
    selector: { matchLabels: LABELS },
    template: {
      metadata: { labels: LABELS },
      spec: {
        serviceAccountName: NAME,
        dnsPolicy: 'Default',
        containers: [
          {
            name: NAME,
            image: DNS_IMAGE,
            command: ['/coredns', '-conf', '/etc/coredns/Corefile'],
            readinessProbe: { httpGet: { path: '/ready', port: 8181 }, periodSeconds: 1 },
            volumeMounts: [{ name: 'configuration', mountPath: '/etc/coredns' }],
          },
        ],
        volumes: [{ name: 'configuration', configMap: { name: NAME } }],
      },
    },
  },
};

const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { ...METADATA, name: 'kube-dns' },
  spec: {
    clusterIP: DNS_ADDRESS,
    selector: LABELS,
    ports: ['UDP', 'TCP'].map(protocol => ({ name: `dns-${protocol.toLowerCase()}`, port: 53, protocol })),
  },
};
