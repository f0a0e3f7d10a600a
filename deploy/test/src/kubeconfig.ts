/** How a cluster of the tests is reached. */
export interface ClusterAccess {
  /** Names cluster, user and context. */
  readonly name: string;
  /** As in `https://127.0.0.1:6443`. */
  readonly server: string;
  readonly token: string;
  /** File of the certificate that the server is known by. */
  readonly certificate: string;
}

/** A kubeconfig with one context, before it is written as YAML. */
export function kubeconfig({ name, server, token, certificate }: ClusterAccess): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, 'certificate-authority': certificate } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  };
}
