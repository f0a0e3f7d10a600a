import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { customResourceDefinitions } from './crds.js';
import { goModuleDir } from './go-tool.js';
import { type JsonSchema, strict } from './json-schema.js';

/** Where kubeconform finds a kind's schema in the folder that `writeSchemas` filled. */
export function schemaLocation(dir: string): string {
  return join(dir, '{{ .Group }}_{{ .ResourceAPIVersion }}_{{ .ResourceKind }}.json');
}

/**
 * Writes a strict JSON schema for each built-in kind, from the OpenAPI document in Kubernetes' own Go module, and for each
 * kind of the CustomResourceDefinitions. kubeconform would fetch the first from an address that not everybody reaches.
 */
export async function writeSchemas(dir: string): Promise<void> {
  const kubernetes = await goModuleDir('kubernetes', 'k8s.io/kubernetes');
  const openApi = await readFile(join(kubernetes, 'api', 'openapi-spec', 'swagger.json'), 'utf8');
  const { definitions } = JSON.parse(openApi) as { readonly definitions: Definitions };
  for (const [name, definition] of Object.entries(definitions)) {
    const kinds = (definition['x-kubernetes-group-version-kind'] ?? []) as GroupVersionKind[];
    // What belongs to several kinds is no object of its own, such as DeleteOptions.
    const [kind] = kinds;
    if (kind && kinds.length === 1) await write(dir, kind, withDefinitions(name, definitions));
  }
  for (const { spec } of await customResourceDefinitions()) {
    for (const { name: version, schema } of spec.versions) {
      await write(dir, { group: spec.group, version, kind: spec.names.kind }, strict(schema.openAPIV3Schema));
    }
  }
}

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

type Definitions = Readonly<Record<string, JsonSchema>>;

async function write(dir: string, { group, version, kind }: GroupVersionKind, schema: JsonSchema): Promise<void> {
  // kubeconform takes the version for the group of the kinds that have none.
  await writeFile(join(dir, `${group || version}_${version}_${kind.toLowerCase()}.json`), JSON.stringify(schema));
}

/** A definition with all that it refers to, in one document. */
function withDefinitions(name: string, all: Definitions): JsonSchema {
  const needed: Record<string, JsonSchema> = {};
  const pending = [name];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const definition = all[next];
    if (definition === undefined || needed[next]) continue;
    needed[next] = strict(definition);
    const references = JSON.stringify(needed[next]).matchAll(/"#\/definitions\/([^"]+)"/g);
    for (const [, reference = ''] of references) pending.push(reference);
  }
  return { $ref: `#/definitions/${name}`, definitions: needed };
}
