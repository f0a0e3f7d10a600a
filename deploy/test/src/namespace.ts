import type { ApiServer } from './api-server.js';
import type { CustomResourceDefinition } from './crds.js';

/** Makes a namespace; one that enforces a profile of Kubernetes' Pod Security Standards where one is named. */
export async function makeNamespace({ call }: ApiServer, name: string, profile?: string): Promise<void> {
  const labels = profile === undefined ? {} : { 'pod-security.kubernetes.io/enforce': profile };
  await made(call, '/api/v1/namespaces', { metadata: { name, labels } });
}

/** Makes the RuntimeClass that the Spin shim brings. */
export async function makeRuntimeClass({ call }: ApiServer, name: string): Promise<void> {
  await made(call, '/apis/node.k8s.io/v1/runtimeclasses', { metadata: { name }, handler: 'spin-v2' });
}

/** Makes the ConfigMap by which sentry lets others know its certificates. */
export async function makeTrustBundle({ call }: ApiServer, namespace: string): Promise<void> {
  await made(call, `/api/v1/namespaces/${namespace}/configmaps`, {
    metadata: { name: 'dapr-trust-bundle' },
    data: { 'ca.crt': '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n' },
  });
}

/** Makes the definitions, and returns once the server knows their kinds. */
export async function makeDefinitions(
  { call }: ApiServer,
  definitions: readonly CustomResourceDefinition[],
): Promise<void> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  for (const definition of definitions) await made(call, path, definition);
  for (const { metadata } of definitions) {
    for (;;) {
      const { body } = await call({ method: 'GET', path: `${path}/${metadata.name}` });
      const { status: current } = body as { readonly status?: { readonly conditions: Condition[] | null } };
      if (current?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True')) break;
    }
  }
}

/** Everything in a namespace, as `kind/name`, in order; but for events, in which the server notes its own doings. */
export async function objectsIn(server: ApiServer, namespace: string): Promise<string[]> {
  const found = new Set<string>();
  for (const { group, resource, kind } of await namespacedResources(server)) {
    const { status, body } = await server.call({ method: 'GET', path: `${group}/namespaces/${namespace}/${resource}` });
    if (status !== 200) throw new Error(`listing ${resource} in ${namespace}: the API server answered ${status}`);
    const { items } = body as { readonly items: { readonly metadata: { readonly name: string } }[] };
    for (const { metadata } of items) found.add(`${kind}/${metadata.name}`);
  }
  return [...found].sort();
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

interface Resource {
  /** As in `/apis/apps/v1`. */
  readonly group: string;
  readonly resource: string;
  readonly kind: string;
}

interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

async function namespacedResources({ call }: ApiServer): Promise<Resource[]> {
  const { body } = await call({ method: 'GET', path: '/apis' });
  const { groups } = body as { readonly groups: { readonly versions: { readonly groupVersion: string }[] }[] };
  // Every version, for a kind may be missing from the one that its group prefers.
  const served = groups.flatMap(({ versions }) => versions.map(({ groupVersion }) => `/apis/${groupVersion}`));
  const listed = await Promise.all(
    ['/api/v1', ...served].map(async group => {
      const { resources } = (await call({ method: 'GET', path: group })).body as { resources: ApiResource[] };
      return resources
        .filter(({ kind, namespaced, verbs }) => namespaced && verbs.includes('list') && kind !== 'Event')
        .map(({ name: resource, kind }) => ({ group, resource, kind }));
    }),
  );
  return listed.flat();
}

async function made(call: ApiServer['call'], path: string, body: unknown): Promise<void> {
  const answer = await call({ method: 'POST', path, body });
  if (answer.status === 201) return;
  throw new Error(`POST ${path}: the API server answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}
