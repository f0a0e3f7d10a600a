import type { ControlStatus } from '@order-bench/rig';
import { INGRESS_QUEUE, pipelineOf } from '../workload/pipeline.js';

/** Whether a checkout is held by a rig that somebody started by hand, and not by a measurement. */
export function isByHand({ command }: ControlStatus): boolean {
  return command.startsWith('rig up');
}

/** What runs in a checkout, for a person: its processes and their URLs, where its logs are, and what can be done now. */
export function rigText(holder: ControlStatus): string {
  const { pid, command, startedAt, logDir, processes, urls, serviceBusConnectionString, blobConnectionString } = holder;
  const rows = processes.map(({ name, pid: id }) =>
    `  ${name.padEnd(24)} process ${String(id).padEnd(8)} ${urls?.[name] ?? ''}`.trimEnd(),
  );
  return [
    `'${command}' (process ${pid}) since ${startedAt}`,
    ...rows,
    ...(logDir === undefined ? [] : [`logs: ${logDir} (make rig-logs)`]),
    ...(serviceBusConnectionString === undefined
      ? []
      : [`export SERVICEBUS_CONNECTION_STRING='${serviceBusConnectionString}'`]),
    ...(blobConnectionString === undefined ? [] : [`export BLOB_CONNECTION_STRING='${blobConnectionString}'`]),
    ...(isByHand(holder) ? nextSteps(holder) : []),
  ].join('\n');
}

/** Commands to type next. */
function nextSteps({ urls, queues = [] }: ControlStatus): string[] {
  const hasQueues = queues.includes(INGRESS_QUEUE);
  // An app that takes orders in bulk takes none by itself.
  const distributor = hasQueues ? urls?.['app-distributor'] : undefined;
  const to = hasQueues ? '' : ` --queue ${pipelineOf({ transport: 'topics' }).ingress}`;
  const generator = 'node_modules/.bin/order-generator';
  return [
    ...(distributor === undefined
      ? []
      : [
          'next: send one order, and see what was written',
          `  curl -d '{"orderId":1,"delivery":"Express"}' -H 'content-type: application/json' ${distributor}/${INGRESS_QUEUE}`,
          `  curl ${urls?.blob}`,
        ]),
    `${distributor === undefined ? 'next: send' : 'or'} many${hasQueues ? ', through the queue' : ' orders'} (after the two export lines):`,
    `  ${generator} generate --count 100 --seed 1 && ${generator} schedule --count 100 --seed 1 --in 5s${to}`,
    'to end it: make rig-down',
  ];
}
