import { merged, type Values } from './values.js';

/** One way to install a contender. */
export interface Row {
  /** Unique, and fit for a file's name. */
  readonly name: string;
  readonly contender: string;
  readonly values: Values;
  /** Whether it makes objects of SpinKube's kinds. */
  readonly needsSpinKube: boolean;
}

const CONTENDERS = ['spin', 'express', 'null'];

/** Stands for images that were pushed: no digest of anything. */
const DIGEST = `sha256:${'0'.repeat(64)}`;

/** Every way to install: each contender, shared and sidecar, KEDA and workload identity on and off; and what is only for some. */
export function matrix(): Row[] {
  const rows = CONTENDERS.flatMap(contender =>
    ['shared', 'sidecar'].flatMap(mode =>
      [false, true].flatMap(keda =>
        [true, false].map(identity => {
          const parts = [contender, mode, keda ? 'keda' : 'fixed', identity ? 'identity' : 'secret'];
          const values = merged(
            { dapr: { mode }, keda: { enabled: keda } },
            identity ? {} : { azure: withoutIdentity },
          );
          return row(parts.join('-'), contender, values);
        }),
      ),
    ),
  );
  return [
    ...rows,
    ...['shared', 'sidecar'].map(mode =>
      row(`spin-deployment-${mode}`, 'spin', { spin: { mode: 'deployment' }, dapr: { mode } }),
    ),
    ...['express', 'spin'].map(contender =>
      row(`${contender}-token`, contender, {
        dapr: { apiTokenSecret: 'dapr-api-token', appApiTokenSecret: 'app-api-token' },
      }),
    ),
    row('express-fetch', 'express-fetch', {}),
    row('express-bulk', 'express-bulk', TOPICS),
    row(
      'express-bulk-keda-secret',
      'express-bulk',
      merged(TOPICS, { keda: { enabled: true }, azure: withoutIdentity }),
    ),
    row(
      'express-bulk-stand-ins-keda',
      'express-bulk',
      merged(merged(TOPICS, STAND_INS), { dapr: { mode: 'sidecar' }, keda: { enabled: true } }),
    ),
    row('express-stand-ins', 'express', STAND_INS),
    row('express-stand-ins-keda', 'express', merged(STAND_INS, { dapr: { mode: 'sidecar' }, keda: { enabled: true } })),
    ...['spinapp', 'deployment'].map(mode =>
      row(`spin-rust-${mode}`, 'spin-rust', { runtime: 'spin', spin: { mode } }),
    ),
    row('warp-rust-static', 'warp-rust-static', { runtime: 'program' }),
    row('express-api', 'express', ORDER_API),
    row(
      'express-api-sidecar-secret',
      'express',
      merged(ORDER_API, { dapr: { mode: 'sidecar' }, azure: withoutIdentity }),
    ),
    row('express-api-stand-ins-keda', 'express', merged(ORDER_API, merged(STAND_INS, { keda: { enabled: true } }))),
    row('spin-api', 'spin', ORDER_API),
    row('spin-api-keda', 'spin', merged(ORDER_API, { keda: { enabled: true } })),
    row('spin-api-deployment', 'spin', merged(ORDER_API, { spin: { mode: 'deployment' } })),
  ];
}

/** The row of that name. */
export function rowNamed(name: string): Row {
  const found = matrix().find(candidate => candidate.name === name);
  if (found) return found;
  throw new Error(`the matrix has no row ${name}`);
}

const TOPICS: Values = { transport: 'topics' };
const STAND_INS: Values = {
  standIns: { namespace: 'order-bench-stand-ins' },
  azure: { workloadIdentity: { enabled: false } },
};
const ORDER_API: Values = {
  orderApi: {
    enabled: true,
    image: { repository: 'example.azurecr.io/order-bench/order-api', tag: '0123456789ab', digest: DIGEST },
    tokenSecret: 'orders-api-token',
    allowedOrigins: ['https://shop.example.com', 'http://localhost:8080'],
  },
};
const withoutIdentity = { workloadIdentity: { enabled: false }, connectionSecret: 'azure-connection' };

function row(name: string, contender: string, values: Values): Row {
  const { mode } = (values.spin ?? {}) as { readonly mode?: string };
  const needsSpinKube = (values.runtime ?? contender) === 'spin' && mode !== 'deployment';
  return { name, contender, values: merged(required(contender), values), needsSpinKube };
}

/** The least that values must say. */
function required(contender: string): Values {
  return {
    runtime: contender === 'spin' ? 'spin' : 'program',
    contender,
    image: { repository: `example.azurecr.io/order-bench/${contender}`, tag: '0123456789ab', digest: DIGEST },
    dapr: { image: { digest: DIGEST } },
    azure: {
      serviceBusNamespace: 'example.servicebus.windows.net',
      storageAccountName: 'exampleaccount',
      workloadIdentity: {
        clientIds: {
          distributor: '00000000-0000-0000-0000-000000000001',
          'receiver-express': '00000000-0000-0000-0000-000000000002',
          'receiver-standard': '00000000-0000-0000-0000-000000000003',
          'orders-api': '00000000-0000-0000-0000-000000000004',
          'orders-view': '00000000-0000-0000-0000-000000000005',
          'orders-worker': '00000000-0000-0000-0000-000000000006',
        },
      },
    },
  };
}
