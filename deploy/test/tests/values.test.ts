import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { chartDir, template } from '../src/chart.js';
import { type Row, rowNamed } from '../src/matrix.js';
import { at, leaves, merged, type Values } from '../src/values.js';

/** Another value for each of values.yaml, and the row in which it counts; the first unless another is named. */
const OTHERS: Readonly<Record<string, readonly [unknown, string?]>> = {
  runtime: ['spin'],
  contender: ['express-fetch'],
  transport: ['topics'],
  'image.repository': ['example.azurecr.io/other'],
  'image.tag': ['fedcba9876543210'],
  'image.digest': [`sha256:${'1'.repeat(64)}`],
  imagePullSecrets: [[{ name: 'registry' }]],
  podAnnotations: [{ 'example.com/team': 'orders' }],
  'app.replicas': [3],
  'app.resources.requests.cpu': ['500m'],
  'app.resources.requests.memory': ['1Gi'],
  'app.resources.limits.cpu': ['500m'],
  'app.resources.limits.memory': ['1Gi'],
  'app.nodeSelector.order-bench/pool': ['other'],
  'app.tolerations': [[]],
  'spin.mode': ['deployment', 'spin-shared-fixed-identity'],
  'spin.runtimeClassName': ['other', 'spin-shared-fixed-identity'],
  'spin.outboundConnectionPooling': [false, 'spin-shared-fixed-identity'],
  'spin.linearMemoryKeepResidentBytes': [16_777_216, 'spin-deployment-shared'],
  'orderApi.enabled': [false, 'express-api'],
  'orderApi.image.repository': ['example.azurecr.io/other', 'express-api'],
  'orderApi.image.tag': ['fedcba9876543210', 'express-api'],
  'orderApi.image.digest': [`sha256:${'3'.repeat(64)}`, 'express-api'],
  'orderApi.replicas': [3, 'express-api'],
  'orderApi.resources.requests.cpu': ['500m', 'express-api'],
  'orderApi.resources.requests.memory': ['1Gi', 'express-api'],
  'orderApi.resources.limits.cpu': ['500m', 'express-api'],
  'orderApi.resources.limits.memory': ['1Gi', 'express-api'],
  'orderApi.tokenSecret': ['other', 'express-api'],
  'orderApi.allowedOrigins': [[], 'express-api'],
  'orderApi.webhooks.origin': ['orders.example.com', 'express-api'],
  'orderApi.webhooks.hosts': ['https://*.example.com:443', 'spin-api'],
  'dapr.mode': ['sidecar'],
  'dapr.image.repository': ['example.azurecr.io/daprd'],
  'dapr.image.tag': ['1.18.4'],
  'dapr.image.digest': [`sha256:${'2'.repeat(64)}`],
  'dapr.image.refusesUnanswered': [true],
  'dapr.replicas': [4],
  'dapr.nodeSelector.order-bench/pool': ['other'],
  'dapr.tolerations': [[]],
  'dapr.resources.requests.cpu': ['500m'],
  'dapr.resources.requests.memory': ['1Gi'],
  'dapr.resources.limits.cpu': ['500m'],
  'dapr.resources.limits.memory': ['1Gi'],
  'dapr.logLevel': ['info'],
  'dapr.controlPlaneNamespace': ['other'],
  'dapr.trustAnchors': ['-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----'],
  'dapr.apiTokenSecret': ['dapr-api-token'],
  'dapr.appApiTokenSecret': ['app-api-token'],
  'azure.serviceBusNamespace': ['another.servicebus.windows.net'],
  'azure.storageAccountName': ['anotheraccount'],
  'azure.workloadIdentity.enabled': [true, 'express-shared-fixed-secret'],
  'azure.workloadIdentity.clientIds.distributor': ['00000000-0000-0000-0000-00000000000a'],
  'azure.workloadIdentity.clientIds.receiver-express': ['00000000-0000-0000-0000-00000000000b'],
  'azure.workloadIdentity.clientIds.receiver-standard': ['00000000-0000-0000-0000-00000000000c'],
  'azure.workloadIdentity.clientIds.orders-api': ['00000000-0000-0000-0000-00000000001a', 'express-api'],
  'azure.workloadIdentity.clientIds.orders-view': ['00000000-0000-0000-0000-00000000001b', 'express-api'],
  'azure.workloadIdentity.clientIds.orders-worker': ['00000000-0000-0000-0000-00000000001c', 'express-api'],
  'azure.connectionSecret': ['other', 'express-shared-fixed-secret'],
  'standIns.namespace': ['other', 'express-stand-ins'],
  'keda.enabled': [true],
  'keda.minReplicas': [2, 'express-shared-keda-identity'],
  'keda.maxReplicas': [9, 'express-shared-keda-identity'],
  'keda.messagesPerReplica': [50, 'express-shared-keda-identity'],
  'keda.identityClientId': ['00000000-0000-0000-0000-00000000000d', 'express-shared-keda-identity'],
  'keda.pollingIntervalSeconds': [30, 'express-shared-keda-identity'],
  'keda.cooldownPeriodSeconds': [30, 'express-shared-keda-identity'],
  'keda.behavior.scaleUp.stabilizationWindowSeconds': [10, 'express-shared-keda-identity'],
  'keda.behavior.scaleUp.selectPolicy': ['Min', 'express-shared-keda-identity'],
  'keda.behavior.scaleUp.policies': [[], 'express-shared-keda-identity'],
  'keda.behavior.scaleDown.stabilizationWindowSeconds': [30, 'express-shared-keda-identity'],
  'keda.behavior.scaleDown.selectPolicy': ['Disabled', 'express-shared-keda-identity'],
  'keda.behavior.scaleDown.policies': [[], 'express-shared-keda-identity'],
  'networkPolicy.enabled': [false],
  'test.image': ['docker.io/curlimages/curl:8.17.0'],
  'test.timeoutSeconds': [60],
};

/** What else must change with it, for the two go together. */
const ALONG: Readonly<Record<string, Values>> = {
  'azure.workloadIdentity.enabled': { azure: { connectionSecret: '' } },
};

test('values.yaml and this test name the same values', async () => {
  const values = parse(await readFile(join(chartDir, 'values.yaml'), 'utf8')) as Values;
  expect(leaves(values).map(path => path.join('.'))).toEqual(Object.keys(OTHERS));
});

test.each(Object.entries(OTHERS))('%s changes what is rendered', async (name, [value, rowName]) => {
  const row = rowNamed(rowName ?? 'express-shared-fixed-identity');
  const before = await template(row);
  const after = await template(changed(row, merged(at(name.split('.'), value), ALONG[name] ?? {})));
  expect(after.ok, after.output).toBe(true);
  expect(withoutChecksums(after.output)).not.toBe(withoutChecksums(before.output));
});

test.each([
  ['runtime', '', /\/runtime/],
  ['runtime', 'deno', /\/runtime/],
  ['contender', 'Spin', /\/contender/],
  ['transport', 'files', /\/transport/],
  ['transport', 'topics', /transport is topics, but orderApi\.enabled is true/],
  ['image.tag', 'latest', /\/image\/tag/],
  ['image.digest', 'sha256:1', /\/image\/digest/],
  ['app.replicas', 0, /\/app\/replicas/],
  ['app.replicas', '2', /\/app\/replicas/],
  ['app.resources.limits.cpu', '0', /\/app\/resources\/limits\/cpu/],
  ['app.resources.requests.memory', '512', /\/app\/resources\/requests\/memory/],
  ['app.replica', 2, /replica'/],
  ['spin.mode', 'pod', /\/spin\/mode/],
  ['spin.outboundConnectionPooling', 'maybe', /\/spin\/outboundConnectionPooling/],
  ['orderApi.image.tag', 'latest', /\/orderApi\/image\/tag/],
  ['orderApi.allowedOrigins', ['*'], /\/orderApi\/allowedOrigins/],
  ['orderApi.allowedOrigins', ['https://shop.example.com/'], /\/orderApi\/allowedOrigins/],
  ['orderApi.webhooks.hosts', '*://*:*', /\/orderApi\/webhooks\/hosts/],
  ['orderApi.image.digest', '', /orderApi\.image is empty/],
  ['orderApi.tokenSecret', '', /orderApi\.tokenSecret is empty/],
  ['azure.workloadIdentity.clientIds.orders-view', '', /azure\.workloadIdentity\.clientIds\.orders-view is empty/],
  ['dapr.mode', 'none', /\/dapr\/mode/],
  ['dapr.image.tag', 'latest', /\/dapr\/image\/tag/],
  ['dapr.trustAnchors', 'a file', /\/dapr\/trustAnchors/],
  ['dapr.apiTokenSecret', 'Token!', /\/dapr\/apiTokenSecret/],
  ['dapr.appApiTokenSecret', 'Token!', /\/dapr\/appApiTokenSecret/],
  ['azure.serviceBusNamespace', 'example', /\/azure\/serviceBusNamespace/],
  ['azure.storageAccountName', 'Example-Account', /\/azure\/storageAccountName/],
  ['azure.workloadIdentity.clientIds.distributor', 'me', /\/azure\/workloadIdentity\/clientIds\/distributor/],
  [
    'azure.workloadIdentity.clientIds.receiver-express',
    '',
    /azure\.workloadIdentity\.clientIds\.receiver-express is empty/,
  ],
  ['azure.connectionSecret', 'both', /azure\.connectionSecret is set/],
  ['azure.workloadIdentity.enabled', false, /azure\.connectionSecret is empty/],
  ['keda.minReplicas', -1, /\/keda\/minReplicas/],
  ['keda.minReplicas', 50, /keda\.minReplicas is 50/],
  ['networkPolicy.enabled', 'maybe', /\/networkPolicy\/enabled/],
  ['test.image', 'curl:latest', /\/test\/image/],
  ['test.timeoutSeconds', 1, /\/test\/timeoutSeconds/],
])('%s: %j is refused by name', async (name, value, message) => {
  const { ok, output } = await template(changed(rowNamed('express-api'), at(name.split('.'), value)));
  expect(ok).toBe(false);
  expect(output).toMatch(message);
});

test('a second app of either runtime is installed by values alone, and a small node needs no pools', async () => {
  const small = join(chartDir, 'values-one-node.yaml');
  const over = parse(await readFile(small, 'utf8')) as Values;
  for (const runtime of ['program', 'spin']) {
    const row = changed(rowNamed('express-shared-fixed-identity'), merged(over, { runtime, contender: 'second' }));
    const { ok, output } = await template(row);
    expect(ok, output).toBe(true);
    expect(output).toContain('app.kubernetes.io/name: "second"');
    expect(output).not.toContain('order-bench/pool');
    expect(output).toContain(runtime === 'spin' ? 'kind: SpinApp\n' : 'APP_ID');
  }
});

/** A checksum changes with the object that it is of, which is what counts. */
function withoutChecksums(rendered: string): string {
  return rendered.replace(/^ *checksum\/.*\n/gm, '');
}

function changed(row: Row, values: Values): Row {
  return { ...row, values: merged(row.values, values) };
}
