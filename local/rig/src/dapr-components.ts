import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY } from '@order-bench/blob';
import { parse, parseDocument, YAMLMap, YAMLSeq } from 'yaml';
import { daprTracing, type Tracing } from './tracing.js';

/** What the placeholders in `dapr-components/auth/local.yaml` stand for. */
export interface DaprTargetValues {
  readonly serviceBusConnectionString: string;
  readonly storageAccountName: string;
  readonly storageAccountKey: string;
  /** Blob service without the account, e.g. `http://127.0.0.1:10000`. */
  readonly storageEndpoint: string;
}

/** A broker and a blob server of the rig's kind. */
export interface Connections {
  readonly serviceBusConnectionString: string;
  readonly blobConnectionString: string;
}

/** What daprds are told of a broker and a blob server. @throws TypeError where the latter's string names no address. */
export function daprValues({ serviceBusConnectionString, blobConnectionString }: Connections): DaprTargetValues {
  const [, endpoint = ''] = /BlobEndpoint=([^;]*)/.exec(blobConnectionString) ?? [];
  return {
    serviceBusConnectionString,
    storageAccountName: DEVELOPMENT_ACCOUNT,
    storageAccountKey: DEVELOPMENT_KEY,
    // Without the account.
    storageEndpoint: new URL(endpoint).origin,
  };
}

interface MetadataItem {
  readonly name: string;
  readonly value: string;
}

/** What to render. */
export interface DaprRendering {
  readonly values: DaprTargetValues;
  /** The apps of the rig: what is scoped to others alone is left out. */
  readonly appIds: readonly string[];
  /** The queues and topics that there are: what binds, subscribes or publishes to others alone is left out. */
  readonly queues: readonly string[];
  readonly topics: readonly string[];
  /** Messages that an input binding holds, and calls to the app, at once; otherwise the manifests' own number. */
  readonly handlers?: number;
  /** Null, as when it is left out, where no order is traced. */
  readonly tracing?: Tracing | null;
}

/** Lists of metadata by component type. */
type AuthBlock = Readonly<Record<string, readonly MetadataItem[]>>;

const MANIFESTS_DIR = fileURLToPath(new URL('../../../dapr-components', import.meta.url));

/**
 * The Dapr manifests of this checkout for daprds on this machine, by the name of their file: each component of the rig's apps
 * with the local auth block filled in, Configuration with what is to be traced, Resiliency as it is.
 *
 * @throws Error when a manifest is not YAML, or a placeholder has no value.
 */
export async function renderedManifests(rendering: DaprRendering): Promise<ReadonlyMap<string, string>> {
  const { values, handlers, tracing = null } = rendering;
  const authFile = join(MANIFESTS_DIR, 'auth', 'local.yaml');
  const auth: AuthBlock = parse(fillIn(await readFile(authFile, 'utf8'), { ...values }));
  const rendered = new Map<string, string>();
  for (const [file, manifest] of await readManifests()) {
    if (!isWanted(parse(manifest) as Manifest, rendering)) continue;
    const text = withTracing(withAuth(manifest, auth), tracing);
    rendered.set(file, handlers === undefined ? text : withHandlers(text, handlers));
  }
  return rendered;
}

/** What of a manifest says whose it is, and for what. */
interface Manifest {
  readonly kind: string;
  readonly scopes?: readonly string[];
  readonly spec: {
    readonly type?: string;
    readonly metadata?: readonly MetadataItem[] | Readonly<Record<string, string>>;
    readonly topic?: string;
  };
}

/** Each file's text by its name, without its folder. */
async function readManifests(): Promise<Map<string, string>> {
  const folders = [MANIFESTS_DIR, join(MANIFESTS_DIR, 'topics')];
  const manifests = new Map<string, string>();
  for (const folder of folders) {
    const files = (await readdir(folder)).filter(file => file.endsWith('.yaml'));
    for (const file of files.sort()) manifests.set(file, await readFile(join(folder, file), 'utf8'));
  }
  return manifests;
}

/** Whether it is of the rig's apps, and of its queues or topics. */
function isWanted({ kind, scopes, spec }: Manifest, { appIds, queues, topics }: DaprRendering): boolean {
  if (scopes && !scopes.some(appId => appIds.includes(appId))) return false;
  if (kind === 'Subscription') return topics.includes(String(spec.topic));
  const items: readonly MetadataItem[] = Array.isArray(spec.metadata) ? spec.metadata : [];
  const setting = (name: string) => items.find(item => item.name === name)?.value;
  const queue = setting('queueName');
  if (queue !== undefined) return queues.includes(queue);
  if (!spec.type?.startsWith('pubsub.')) return true;
  // As in `receiver-express=orders;orders-view=orders-dead`.
  const published = (setting('publishingScopes') ?? '').split(/[;,]/).map(scope => scope.replace(/^.*=/, ''));
  return published.some(topic => topics.includes(topic));
}

/**
 * Writes them into a folder, readable by their owner alone, for they hold keys.
 *
 * @throws as renderedManifests.
 */
export async function renderDaprComponents({
  outDir,
  ...rendering
}: DaprRendering & { readonly outDir: string }): Promise<void> {
  const manifests = await renderedManifests(rendering);
  await mkdir(outDir, { recursive: true, mode: 0o700 });
  for (const [file, text] of manifests) {
    const target = join(outDir, file);
    await writeFile(target, text, { mode: 0o600 });
    // The mode above counts for a new file only.
    await chmod(target, 0o600);
  }
}

/**
 * Puts the auth block of a component's type in front of its metadata; a manifest of another kind comes back as it was.
 *
 * @throws Error when the text is not YAML, or a component's type has no auth block.
 */
export function withAuth(manifest: string, auth: AuthBlock): string {
  const document = parseDocument(manifest);
  const [error] = document.errors;
  if (error) throw new Error(`a Dapr manifest is not valid YAML: ${error.message}`, { cause: error });
  if (document.get('kind') !== 'Component') return manifest;
  const type = String(document.getIn(['spec', 'type']));
  const items = auth[type];
  if (!items)
    throw new Error(`component ${document.getIn(['metadata', 'name'])}: auth/ has no block for its type ${type}`);
  const metadata = document.getIn(['spec', 'metadata']);
  if (!(metadata instanceof YAMLSeq))
    throw new Error(`component ${document.getIn(['metadata', 'name'])}: spec.metadata is no list`);
  metadata.items.unshift(...items.map(item => document.createNode(item)));
  return document.toString({ lineWidth: 0 });
}

/** Puts what is to be traced in the place of a Configuration's own; a manifest without one comes back as it was. */
function withTracing(manifest: string, tracing: Tracing | null): string {
  const document = parseDocument(manifest);
  if (!tracing || !document.hasIn(['spec', 'tracing'])) return manifest;
  document.setIn(['spec', 'tracing'], daprTracing(tracing));
  return document.toString({ lineWidth: 0 });
}

/** Sets how much an input binding takes at once; a manifest without that setting comes back as it was. */
function withHandlers(manifest: string, handlers: number): string {
  const document = parseDocument(manifest);
  const metadata = document.getIn(['spec', 'metadata']);
  if (!(metadata instanceof YAMLSeq)) return manifest;
  const items = metadata.items.filter(
    (item): item is YAMLMap => item instanceof YAMLMap && HANDLER_SETTINGS.includes(String(item.get('name'))),
  );
  if (items.length === 0) return manifest;
  for (const item of items) item.set('value', String(handlers));
  return document.toString({ lineWidth: 0 });
}

/** Kept equal: a message held without a handler only waits (dapr-components/README.md). */
const HANDLER_SETTINGS = ['maxActiveMessages', 'maxConcurrentHandlers'];

/**
 * Replaces each `{name}` by its value.
 *
 * @throws Error naming a placeholder that has no value.
 */
export function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/"\{(\w+)\}"/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined)
      throw new Error(`the auth block of dapr-components asks for {${name}}, which has no value`);
    // JSON's quoting is YAML's double quoting.
    return JSON.stringify(value);
  });
}
