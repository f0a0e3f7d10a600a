import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { goModuleDir } from './go-tool.js';
import type { JsonSchema } from './json-schema.js';
import { spinKubeCrds } from './spinkube-crds.js';

/** The parts of a CustomResourceDefinition that are read here. */
export interface CustomResourceDefinition {
  readonly apiVersion: string;
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    /** Who converts one version into another. */
    readonly conversion?: unknown;
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: JsonSchema };
    }[];
  };
}

/**
 * The definitions of every kind of other projects that the chart may make; SpinKube's only where they are on this machine.
 * Nothing converts between their versions: Dapr's operator, which would, runs on no API server without nodes.
 */
export async function customResourceDefinitions(): Promise<CustomResourceDefinition[]> {
  const dapr = join(await goModuleDir('crds', 'github.com/dapr/dapr'), 'charts', 'dapr', 'crds');
  const keda = join(await goModuleDir('crds', 'github.com/kedacore/keda/v2'), 'config', 'crd', 'bases');
  const texts = [...(await yamlFilesOf(dapr)), ...(await yamlFilesOf(keda)), ...((await spinKubeCrds()) ?? [])];
  return texts
    .flatMap(text => parseAllDocuments(text).map(document => document.toJS() as CustomResourceDefinition | null))
    .filter(definition => definition !== null)
    .filter(({ kind }) => kind === 'CustomResourceDefinition')
    .map(({ spec: { conversion: _, ...spec }, ...definition }) => ({ ...definition, spec }));
}

async function yamlFilesOf(dir: string): Promise<string[]> {
  const files = (await readdir(dir)).filter(file => file.endsWith('.yaml'));
  return Promise.all(files.map(file => readFile(join(dir, file), 'utf8')));
}
