import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { goModuleDir } from '../go-tool.js';
import { archived, kedaImages } from '../image/node-images.js';
import { type Cluster, importImages } from './cluster.js';

/** KEDA's release, as deploy/cluster/versions.sh pins its chart and tools/keda its sources. */
const KEDA_VERSION = '2.20.2';

/** Parts of the manifests in KEDA's own Go module that scale; its web hooks only refuse what is wrong. */
const PARTS = ['crd', 'general', 'rbac', 'manager', 'metrics-server', 'service_account'];

/** Installs KEDA by the manifests that its own Go module carries, and returns when it serves metrics. */
export async function installKeda(cluster: Cluster): Promise<void> {
  const archives = await Promise.all((await kedaImages(KEDA_VERSION)).map(archived));
  await importImages(cluster.namespaces, archives);
  const module = await goModuleDir('keda', 'github.com/kedacore/keda/v2');
  const dir = await mkdtemp(join(tmpdir(), 'keda-'));
  try {
    // A copy, because kustomize takes no folder by its whole path, and the module's own is read-only.
    for (const part of PARTS) await cp(join(module, 'config', part), join(dir, part), { recursive: true });
    await execa('chmod', ['-R', 'u+w', dir]);
    await writeFile(join(dir, 'kustomization.yaml'), stringify(KUSTOMIZATION));
    await cluster.kubectl(['apply', '--server-side', '--kustomize', dir]);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
  const ready = ['--for=condition=Available', '--timeout=120s'];
  await cluster.kubectl(['wait', 'deployment', '--all', '--namespace', 'keda', ...ready]);
  await cluster.kubectl(['wait', 'apiservice', 'v1beta1.external.metrics.k8s.io', ...ready]);
}

const KUSTOMIZATION = {
  apiVersion: 'kustomize.config.k8s.io/v1beta1',
  kind: 'Kustomization',
  resources: PARTS,
  labels: [{ pairs: { 'app.kubernetes.io/version': KEDA_VERSION } }],
  images: ['keda', 'keda-metrics-apiserver'].map(name => ({
    name: `ghcr.io/kedacore/${name}`,
    newName: `localhost/kedacore/${name}`,
    newTag: KEDA_VERSION,
  })),
  patches: [
    {
      target: { kind: 'Deployment' },
      patch: stringify([
        { op: 'replace', path: '/spec/template/spec/containers/0/imagePullPolicy', value: 'IfNotPresent' },
        // It is ready sooner than that.
        { op: 'replace', path: '/spec/template/spec/containers/0/readinessProbe/initialDelaySeconds', value: 1 },
      ]),
    },
  ],
};
