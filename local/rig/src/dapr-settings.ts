import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Metadata that decides how much a daprd takes at once, by component: what a result must record. */
export type DaprSettings = Readonly<Record<string, Readonly<Record<string, string>>>>;

const RECORDED = ['maxActiveMessages', 'maxConcurrentHandlers', 'lockRenewalInSec', 'maxRetriableErrorsPerSec'];

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly metadata?: readonly MetadataItem[] };
}

interface MetadataItem {
  readonly name: string;
  readonly value?: unknown;
}

/** Reads what the input bindings of rendered manifests (a rig's `resourcesDir`) are set to. */
export async function daprSettings(dir: string): Promise<DaprSettings> {
  const files = (await readdir(dir)).filter(file => file.endsWith('.yaml'));
  const manifests = await Promise.all(
    files.map(async file => parse(await readFile(join(dir, file), 'utf8')) as Manifest),
  );
  const settings = manifests
    .filter(({ kind }) => kind === 'Component')
    .map(({ metadata, spec }) => [metadata.name, recordedSettings(spec.metadata ?? [])] as const);
  return Object.fromEntries(settings.filter(([, values]) => Object.keys(values).length > 0));
}

/** Of one component's metadata what decides how much a daprd takes at once; what has no plain value is left out. */
export function recordedSettings(items: readonly MetadataItem[]): DaprSettings[string] {
  return Object.fromEntries(
    items.flatMap(({ name, value }) => (RECORDED.includes(name) && value !== undefined ? [[name, String(value)]] : [])),
  );
}
