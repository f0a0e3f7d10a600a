import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { parseAllDocuments, stringify } from 'yaml';
import type { Row } from './matrix.js';
import { helm } from './tools.js';
import type { Values } from './values.js';

/** Folder of the chart under test. */
export const chartDir = join(checkoutDir, 'deploy', 'chart');

/** A Kubernetes object as rendered. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Record<string, unknown>;
}

/** What a command printed, and whether it was content. */
export interface Outcome {
  readonly ok: boolean;
  /** Of a failed command both of its streams: on stderr alone Helm tells which links it followed. */
  readonly output: string;
}

/** Namespace of a contender, as the federated credentials of deploy/infra name it. */
function namespaceOf({ contender }: Row): string {
  return `order-bench-${contender}`;
}

/** `helm template` of a row. */
export function template(row: Row): Promise<Outcome> {
  return withValuesFile(row.values, file =>
    runHelm(['template', row.contender, chartDir, '--namespace', namespaceOf(row), '--values', file]),
  );
}

/** `helm lint --strict` of a row. */
export function lint(row: Row): Promise<Outcome> {
  return withValuesFile(row.values, file => runHelm(['lint', chartDir, '--strict', '--values', file]));
}

/** The objects of rendered output; those of a List one by one, as Helm makes them. */
export function objectsOf(rendered: string): KubernetesObject[] {
  return parseAllDocuments(rendered)
    .map(document => document.toJS() as (KubernetesObject & { items?: KubernetesObject[] }) | null)
    .flatMap(object => (object === null ? [] : (object.items ?? [object])));
}

/** Runs Helm; `env` is added to this process's. */
export async function runHelm(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const result = await execa(await helm(), args, { reject: false, all: true, stdin: 'ignore', env });
  return { ok: !result.failed, output: result.failed ? result.all : result.stdout };
}

/** Calls `use` with the path of a file that holds the values. */
export async function withValuesFile<T>(values: Values, use: (file: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'chart-values-'));
  const file = join(dir, 'values.yaml');
  try {
    await writeFile(file, stringify(values));
    return await use(file);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
