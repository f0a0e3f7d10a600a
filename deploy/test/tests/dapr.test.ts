import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findDaprd } from '@order-bench/rig';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { objectsOf, template } from '../src/chart.js';
import { goModuleDir } from '../src/go-tool.js';
import { rowNamed } from '../src/matrix.js';

test('daprd takes every flag that a shared daprd is given', async () => {
  const podTemplates = await podTemplatesOf('spin-shared-fixed-identity');
  expect(podTemplates).toHaveLength(3);
  const { command } = await findDaprd();
  for (const { spec } of podTemplates) {
    const [, ...flags] = spec.containers[0]?.args ?? [];
    const [program = '', ...first] = command;
    // Asked for its version it ends there, but only after it has understood the rest.
    const { failed, all } = await execa(program, [...first, ...flags, '--version'], { reject: false, all: true });
    expect(failed, all).toBe(false);
    const wrong = await execa(program, [...first, ...flags, '--no-such-flag', '--version'], { reject: false });
    expect(wrong.failed).toBe(true);
  }
});

test('Dapr’s injector reads every annotation that a sidecar is asked for by', async () => {
  const dapr = await goModuleDir('crds', 'github.com/dapr/dapr');
  const known = await readFile(join(dapr, 'pkg', 'injector', 'annotations', 'annotations.go'), 'utf8');
  const [sidecar] = await podTemplatesOf('express-sidecar-fixed-identity');
  const names = Object.keys(sidecar?.metadata.annotations ?? {}).filter(name => name.startsWith('dapr.io/'));
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) expect(known).toContain(`"${name}"`);
});

test('a sidecar is told what a shared daprd is told', async () => {
  const shared = (await podTemplatesOf('spin-shared-fixed-identity'))[0]?.spec.containers[0]?.args ?? [];
  const annotations = (await podTemplatesOf('spin-deployment-sidecar'))[0]?.metadata.annotations ?? {};
  for (const name of ['app-health-threshold', 'app-health-check-path', 'max-body-size', 'log-level', 'app-protocol']) {
    expect(shared).toContain(`--${name}=${annotations[`dapr.io/${name}`]}`);
  }
});

/** The pods of a row's Deployments. */
async function podTemplatesOf(rowName: string): Promise<PodTemplate[]> {
  return objectsOf((await template(rowNamed(rowName))).output)
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ spec }) => spec?.template as PodTemplate);
}

interface PodTemplate {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly { readonly args?: readonly string[] }[] };
}
