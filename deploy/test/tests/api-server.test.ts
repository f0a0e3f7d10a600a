import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiServer, findEtcd, startApiServer, WITHOUT_ETCD } from '../src/api-server.js';
import {
  chartDir,
  type KubernetesObject,
  type Outcome,
  objectsOf,
  runHelm,
  template,
  withValuesFile,
} from '../src/chart.js';
import { customResourceDefinitions } from '../src/crds.js';
import { matrix, type Row, rowNamed } from '../src/matrix.js';
import { makeDefinitions, makeNamespace, makeRuntimeClass, makeTrustBundle, objectsIn } from '../src/namespace.js';
import { spinKubeCrds, WITHOUT_SPINKUBE } from '../src/spinkube-crds.js';
import { merged, type Values } from '../src/values.js';

const etcd = await findEtcd();
const hasSpinKube = (await spinKubeCrds()) !== undefined;
if (etcd === undefined) console.warn(`Skipped: every test on a real API server. ${WITHOUT_ETCD}`);

describe.skipIf(etcd === undefined)('on a real API server', () => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await startApiServer(etcd ?? '');
    await makeDefinitions(server, await customResourceDefinitions());
    await makeNamespace(server, 'dapr-system');
  });

  afterAll(() => server?.stop());

  test('a shared daprd is refused where Dapr’s control plane is not installed', async () => {
    const row = rowNamed('express-shared-fixed-identity');
    const { ok, output } = await helm('install', row, 'without-dapr');
    expect(ok).toBe(false);
    expect(output).toMatch(/dapr\.controlPlaneNamespace is dapr-system, where there is no ConfigMap dapr-trust-bundle/);
    await makeTrustBundle(server, 'dapr-system');
  });

  test.for(matrix())('$name is installed, upgraded, and gone when uninstalled', async (row, { skip }) => {
    if (row.needsSpinKube && !hasSpinKube) skip(WITHOUT_SPINKUBE);
    await makeNamespace(server, row.name);
    const before = await objectsIn(server, row.name);

    expectOk(await helm('install', row));
    const installed = await objectsIn(server, row.name);
    for (const made of await expected(row)) expect(installed).toContain(made);

    expectOk(await helm('upgrade', row, row.name, { app: { replicas: 3 }, dapr: { replicas: 3 } }));
    // Helm's own record of its releases is a Secret each.
    const withoutReleases = (objects: readonly string[]) => objects.filter(name => !name.startsWith('Secret/sh.helm.'));
    expect(withoutReleases(await objectsIn(server, row.name))).toEqual(withoutReleases(installed));

    expectOk(await runHelm(['uninstall', row.contender, '--namespace', row.name], { KUBECONFIG: server.kubeconfig }));
    expect(await objectsIn(server, row.name)).toEqual(before);
  });

  test('a SpinApp comes after the SpinAppExecutor that it names, as spin-operator demands', async ({ skip }) => {
    if (!hasSpinKube) skip(WITHOUT_SPINKUBE);
    const row = rowNamed('spin-sidecar-keda-identity');
    await makeNamespace(server, 'order');
    expectOk(await helm('install', row, 'order'));
    const group = '/apis/core.spinkube.dev/v1alpha1/namespaces/order';
    const executor = await server.call({ method: 'GET', path: `${group}/spinappexecutors/${row.contender}` });
    const { body } = await server.call({ method: 'GET', path: `${group}/spinapps` });
    const apps = (body as { items: Versioned[] }).items;
    expect(apps).toHaveLength(3);
    for (const app of apps) expect(version(app)).toBeGreaterThan(version(executor.body as Versioned));
  });

  test.each([
    ['express-shared-fixed-identity', 'restricted'],
    ['express-sidecar-fixed-identity', 'restricted'],
    ['null-shared-fixed-secret', 'restricted'],
    ['spin-deployment-shared', 'baseline'],
    ['express-api', 'restricted'],
    ['spin-api-deployment', 'baseline'],
  ])('the pods of %s are let into a namespace that enforces the profile %s', async (name, profile) => {
    const row = rowNamed(name);
    const namespace = `${profile}-${name}`;
    if (name === 'spin-deployment-shared') await makeRuntimeClass(server, 'wasmtime-spin-v2');
    await makeNamespace(server, namespace, profile);
    // Pods get their namespace's own account where they name none; no controller is here to make it.
    await server.call({
      method: 'POST',
      path: `/api/v1/namespaces/${namespace}/serviceaccounts`,
      body: { metadata: { name: 'default' } },
    });
    expectOk(await helm('install', row, namespace));
    const pods = (await rendered(row)).filter(({ kind }) => kind === 'Deployment' || kind === 'Job');
    expect(pods.length).toBeGreaterThan(3);
    for (const { metadata, spec } of pods) {
      const made = spec?.template as { readonly metadata: object; readonly spec: object };
      const body = { ...made, metadata: { ...made.metadata, name: metadata.name } };
      const answer = await server.call({ method: 'POST', path: `/api/v1/namespaces/${namespace}/pods`, body });
      expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    }
  });

  test('an upgrade takes back replicas that somebody else has scaled', async () => {
    const row = rowNamed('express-sidecar-fixed-identity');
    await makeNamespace(server, 'scaled');
    expectOk(await helm('install', row, 'scaled'));
    const path = '/apis/apps/v1/namespaces/scaled/deployments/express-distributor/scale';
    const { body: scale } = await server.call({ method: 'GET', path });
    const scaled = await server.call({ method: 'PUT', path, body: { ...(scale as object), spec: { replicas: 0 } } });
    expect(scaled.status).toBe(200);
    expectOk(await helm('upgrade', row, 'scaled'));
    const { body } = await server.call({ method: 'GET', path });
    expect((body as { spec: { replicas: number } }).spec.replicas).toBe(2);
  });

  test('what the server does not know is refused by it, with the name of the field', async () => {
    const path = '/apis/apps/v1/namespaces/default/deployments?fieldValidation=Strict';
    const objects = await rendered(rowNamed('express-sidecar-fixed-identity'));
    const deployment = objects.find(({ kind }) => kind === 'Deployment');
    const wrong = { ...deployment, spec: { ...deployment?.spec, replica: 2 } };
    const answer = await server.call({ method: 'POST', path, body: wrong });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain('spec.replica');
  });

  test('a values file with a mistake is refused with the name of the value, and makes nothing', async () => {
    const row = rowNamed('express-sidecar-fixed-identity');
    await makeNamespace(server, 'mistake');
    const before = await objectsIn(server, 'mistake');
    const { ok, output } = await helm('install', row, 'mistake', { app: { replicas: -1 } });
    expect(ok).toBe(false);
    expect(output).toContain('/app/replicas');
    expect(await objectsIn(server, 'mistake')).toEqual(before);
  });

  /** Helm's install or upgrade of a row into a namespace of the row's own name, or another. */
  function helm(command: string, row: Row, namespace = row.name, more: Values = {}): Promise<Outcome> {
    return withValuesFile(merged(row.values, more), file =>
      runHelm([command, row.contender, chartDir, '--namespace', namespace, '--values', file], {
        KUBECONFIG: server.kubeconfig,
      }),
    );
  }
});

interface Versioned {
  readonly metadata: { readonly resourceVersion: string };
}

function version({ metadata }: Versioned): number {
  return Number(metadata.resourceVersion);
}

/** What a row's rendered output names, but for the tests, which Helm makes only when told to. */
async function expected(row: Row): Promise<string[]> {
  return (await rendered(row))
    .filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] === undefined)
    .map(({ kind, metadata }) => `${kind}/${metadata.name}`);
}

async function rendered(row: Row): Promise<KubernetesObject[]> {
  return objectsOf((await template(row)).output);
}

function expectOk({ ok, output }: Outcome): void {
  expect(ok, output).toBe(true);
}
