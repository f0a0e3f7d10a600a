import { blobConnectionString } from '@order-bench/blob';
import { serviceBusConnectionString } from '@order-bench/broker';
import { stringify } from 'yaml';
import { type Connections, daprValues, renderedManifests } from './dapr-components.js';
import { type RigApp, type RigOptions, topicArgs } from './rig.js';
import { daprdArguments } from './tools/daprd-arguments.js';

/** What a Compose file is made of. */
export interface ComposeOptions {
  /** One container of each; what they are launched with is a program of their image. */
  readonly apps: readonly RigApp[];
  readonly appImage: ComposeImage;
  readonly queues: readonly string[];
  readonly topics: NonNullable<RigOptions['topics']>;
  readonly containers: readonly string[];
  /** Messages that each daprd holds, and calls to its app, at once; otherwise what dapr-components/ says. */
  readonly handlers?: number;
}

/** An image that is built in the checkout's own folder. */
export interface ComposeImage {
  readonly name: string;
  /** Below the checkout's folder. */
  readonly dockerfile: string;
  readonly args: Readonly<Record<string, string>>;
}

/**
 * A Compose file with broker, blob server, the apps, and beside each app a daprd in its network, as a sidecar. What it publishes
 * it publishes on 127.0.0.1 alone: broker, blob server, and the first app's port as 3001.
 *
 * Source: the Compose Specification.
 *
 * @throws as renderedManifests.
 */
export async function composeFile(options: ComposeOptions): Promise<string> {
  const { apps, appImage, queues, topics, containers, handlers } = options;
  const connections: Connections = {
    serviceBusConnectionString: serviceBusConnectionString(PORTS.broker.amqp, 'broker'),
    blobConnectionString: blobConnectionString(PORTS.blob.blobs, 'blob'),
  };
  const manifests = await renderedManifests({
    values: daprValues(connections),
    appIds: apps.map(({ appId }) => appId),
    queues,
    topics: Object.keys(topics),
    ...(handlers === undefined ? {} : { handlers }),
  });
  const services = {
    broker: standIn('broker', [...queues.flatMap(queue => ['--queue', queue]), ...topicArgs(topics)]),
    blob: standIn(
      'blob',
      containers.flatMap(container => ['--container', container]),
    ),
    ...Object.fromEntries(apps.map((app, index) => [app.appId, appService(app, { index, appImage, connections })])),
    ...Object.fromEntries(apps.map(app => [`daprd-${app.appId}`, daprdService(app, [...manifests.keys()])])),
  };
  const configs = Object.fromEntries(
    [...manifests].map(([file, text]) => [configName(file), { content: escaped(text) }]),
  );
  return stringify({ name: 'order-bench', services, configs }, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Those by which the stand-ins start by themselves. */
const PORTS = { broker: { amqp: 5672, http: 5673 }, blob: { blobs: 10_000, http: 10_080 } } as const;
const APP_PORT = 3000;
const FIRST_APP_IS_AT = 3001;
const DAPR_HTTP_PORT = 3500;
const HOST = '127.0.0.1';
/** Where a daprd's image finds its manifests. */
const RESOURCES_DIR = '/dapr';

/** As deploy/chart restricts its pods. */
const RESTRICTED = { read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] };

function standIn(name: keyof typeof PORTS, args: readonly string[]) {
  const { http } = PORTS[name];
  return {
    ...built({ name, dockerfile: 'deploy/images/stand-in.Dockerfile', args: { STAND_IN: name } }),
    command: ['node', 'dist/main.js', '--host-name', name, ...args],
    ports: Object.values(PORTS[name]).map(port => `${HOST}:${port}:${port}`),
    healthcheck: answers(`http://${HOST}:${http}/healthz`),
    ...RESTRICTED,
  };
}

interface AppPlace {
  readonly index: number;
  readonly appImage: ComposeImage;
  readonly connections: Connections;
}

function appService({ appId, healthPath, launch }: RigApp, { index, appImage, connections }: AppPlace) {
  const { command, env } = launch({
    ...connections,
    // Docker forwards to the container's own address; nothing but the first app's port is published.
    ...{ appId, host: '0.0.0.0', port: APP_PORT },
    ...{ daprHost: HOST, daprPort: DAPR_HTTP_PORT, daprUrl: `http://${HOST}:${DAPR_HTTP_PORT}` },
    stateDir: '/tmp',
  });
  return {
    ...built(appImage),
    command: command.map(escaped),
    environment: Object.fromEntries(Object.entries(env ?? {}).map(([key, value]) => [key, escaped(value)])),
    ...(index === 0 ? { ports: [`${HOST}:${FIRST_APP_IS_AT}:${APP_PORT}`] } : {}),
    healthcheck: answers(`http://${HOST}:${APP_PORT}${healthPath}`),
    ...RESTRICTED,
  };
}

function daprdService({ appId, healthPath }: RigApp, manifests: readonly string[]) {
  const args = daprdArguments({
    ...{ appId, appPort: APP_PORT, appHealthPath: healthPath, httpPort: DAPR_HTTP_PORT },
    ...{ grpcPort: 50_001, internalGrpcPort: 50_002, metricsPort: 9090, resourcesDir: RESOURCES_DIR },
  });
  return {
    ...built({ name: 'daprd', dockerfile: 'deploy/images/daprd.Dockerfile', args: {} }),
    command: ['/daprd', ...args],
    network_mode: `service:${appId}`,
    depends_on: Object.fromEntries(['broker', 'blob', appId].map(name => [name, { condition: 'service_healthy' }])),
    configs: manifests.map(file => ({ source: configName(file), target: `${RESOURCES_DIR}/${file}` })),
    ...RESTRICTED,
  };
}

function built({ name, dockerfile, args }: ComposeImage) {
  return { image: `order-bench/${name}`, build: { context: '.', dockerfile, args } };
}

/** Every image but daprd's has Node.js, and none has curl. */
function answers(url: string) {
  const script = `fetch('${url}').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`;
  return { test: ['CMD', 'node', '--eval', script], interval: '1s', timeout: '5s', retries: 60 };
}

function configName(file: string): string {
  return file.replace(/\.yaml$/, '');
}

/** Compose takes a `$` for a variable's beginning. */
function escaped(text: string): string {
  return text.replaceAll('$', '$$$$');
}
