import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceBusClient } from '@azure/service-bus';
import { type Control, checkoutDir, holdCheckout, type Rig, startRig } from '@order-bench/rig';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_QUEUES, TOPICS } from '../src/workload/order-api.js';
import { pipelineOf, QUEUES } from '../src/workload/pipeline.js';

const bench = (args: readonly string[], env: Record<string, string> = {}) =>
  execa('node', [join(checkoutDir, 'bench/dist/main.js'), ...args], { reject: false, all: true, env });

describe('bench dlq', { timeout: 60_000 }, () => {
  let connectionString: string;

  it('says that no rig is up', async () => {
    const { exitCode, all } = await bench(['dlq', 'list']);
    expect({ exitCode, all }).toEqual({
      exitCode: 2,
      all: "error: no rig is up in this checkout: start one with 'make rig-up', or take --target azure",
    });
  });

  describe('with a rig', () => {
    let rig: Rig;
    let control: Control;

    // As 'rig up' does.
    beforeAll(async () => {
      const runDir = await mkdtemp(join(tmpdir(), 'order-bench-test-'));
      rig = await startRig({ runDir, queues: QUEUES, apps: [], blobs: 'local', daprd: [] });
      connectionString = rig.serviceBusConnectionString;
      const startedAt = new Date().toISOString();
      const told = { serviceBusConnectionString: connectionString, processes: [] };
      const status = { pid: process.pid, command: 'rig up', startedAt, ...told };
      control = await holdCheckout(checkoutDir, { status: () => status, stop: () => {} });
      await deadLetter('q-order-ingress', 'malformed-1', 'malformed');
      await deadLetter('q-order-express', '7', 'MaxDeliveryCountExceeded');
      await deadLetter('q-order-standard', '8', 'MaxDeliveryCountExceeded');
    });
    afterAll(async () => {
      await control?.close();
      await rig?.stop();
    });

    const ids = async (...args: string[]) => {
      const { stdout } = await bench(['dlq', 'list', '--json', ...args]);
      return (JSON.parse(stdout) as { messageId: string }[]).map(({ messageId }) => messageId);
    };

    it('lists the dead letters of every queue, and those that a filter lets through', async () => {
      const { exitCode, stdout } = await bench(['dlq', 'list']);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^q-order-ingress +1 +malformed-1 +malformed +by hand /m);
      expect(await ids('--reason', '^Max')).toEqual(['7', '8']);
      expect(await ids('--message-id', 'malformed', '--description', 'hand')).toEqual(['malformed-1']);
    });

    it('shows one with its body', async () => {
      const { exitCode, stdout } = await bench(['dlq', 'show', 'q-order-express', '1']);
      expect(exitCode).toBe(0);
      expect(stdout).toContain('message id       7\nreason           MaxDeliveryCountExceeded');
      expect(stdout).toMatch(/\n\nbody of 7$/);
    });

    it.each([
      [['show', 'q-order-express', '99'], 'error: q-order-express has no dead letter 99'],
      [['show', 'q-none', '1'], 'there are q-order-ingress, q-order-express, q-order-standard'],
      [['list', '--reason', '('], 'it takes a regular expression'],
      [['purge'], 'error: purge deletes for good: add --yes'],
      [['list', '--namespace', 'a.b'], 'error: --namespace is for --target azure'],
      [['list', '--target', 'azure'], 'error: there is no namespace to connect to'],
    ])('called wrongly (%s) says what is wrong and exits with 2', async (args, message) => {
      const { exitCode, all } = await bench(['dlq', ...args]);
      expect(all).toContain(message);
      expect(exitCode).toBe(2);
    });

    it.each(['redrive', 'purge'])('%s --dry-run changes nothing', async verb => {
      const { exitCode, stdout } = await bench(['dlq', verb, '--dry-run', '--reason', 'Max']);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/2 would be (sent back|deleted)$/);
      expect(await ids()).toEqual(['malformed-1', '7', '8']);
    });

    it('sends back what the filter lets through and deletes the rest', async () => {
      const sent = await bench(['dlq', 'redrive', '--reason', 'Max', '--message-id', '7']);
      expect(sent).toMatchObject({ exitCode: 0, stdout: '1 sent back' });
      expect(await ids()).toEqual(['malformed-1', '8']);
      // Given a connection string, "azure" is any namespace.
      const env = { SERVICEBUS_CONNECTION_STRING: connectionString };
      const purged = await bench(['dlq', 'purge', '--yes', '--target', 'azure'], env);
      expect(purged).toMatchObject({ exitCode: 0, stdout: '2 deleted' });
      expect(await bench(['dlq', 'list'])).toMatchObject({ exitCode: 0, stdout: 'no dead letters' });
    });
  });

  describe('where there is an Order API', () => {
    let api: Rig;
    const onApi = (args: readonly string[]) =>
      bench(['dlq', ...args, '--target', 'azure'], { SERVICEBUS_CONNECTION_STRING: api.serviceBusConnectionString });

    beforeAll(async () => {
      const runDir = await mkdtemp(join(tmpdir(), 'order-bench-test-'));
      const queues = [...QUEUES, ...API_QUEUES];
      api = await startRig({ runDir, queues, topics: TOPICS, apps: [], blobs: 'local', daprd: [] });
      connectionString = api.serviceBusConnectionString;
      await deadLetter('q-webhooks', 'webhook', 'MaxDeliveryCountExceeded');
      await deadLetter('q-jobs', 'job', 'MaxDeliveryCountExceeded');
      // What the view could not take, and what Dapr sent on as given up, as each lies there.
      await deadLetter('orders', 'event', 'MaxDeliveryCountExceeded', 'orders/Subscriptions/orders-view');
      const bus = new ServiceBusClient(connectionString);
      await bus.createSender('orders-dead').sendMessages({ messageId: 'given up', body: Buffer.from('an event') });
      await bus.close();
    });
    afterAll(() => api?.stop());

    it('lists and shows what lies in its queues and subscriptions, and what is kept of events', async () => {
      const { stdout } = await onApi(['list']);
      expect(
        stdout
          .split('\n')
          .slice(1)
          .map(line => line.split(/ {2,}/).slice(0, 3)),
      ).toEqual([
        ['q-webhooks', '1', 'webhook'],
        ['q-jobs', '1', 'job'],
        ['orders/Subscriptions/orders-view', '1', 'event'],
        ['orders-dead/Subscriptions/kept', '1', 'given up'],
      ]);
      expect((await onApi(['show', 'orders-dead/Subscriptions/kept', '1'])).stdout).toMatch(/\n\nan event$/);
    });

    it('sends webhooks and jobs back to their queues, and events to every subscriber', async () => {
      expect(await onApi(['redrive'])).toMatchObject({ exitCode: 0, stdout: '4 sent back' });
      expect((await onApi(['list'])).stdout).toBe('no dead letters');
      const waiting = (await api.broker.queues()).map(({ name, active }) => [name, active]);
      expect(Object.fromEntries(waiting)).toMatchObject({
        'q-webhooks': 1,
        'q-jobs': 1,
        // The worker's own of the first event is still there beside both that came back.
        'orders/Subscriptions/orders-view': 2,
        'orders/Subscriptions/orders-worker': 3,
        'orders-dead/Subscriptions/kept': 0,
      });
    });
  });

  describe('where orders come by topics', () => {
    let topics: Rig;
    const onTopics = (args: readonly string[]) =>
      bench(['dlq', ...args, '--target', 'azure'], { SERVICEBUS_CONNECTION_STRING: topics.serviceBusConnectionString });

    beforeAll(async () => {
      const runDir = await mkdtemp(join(tmpdir(), 'order-bench-test-'));
      const { entities } = pipelineOf({ transport: 'topics' });
      topics = await startRig({ runDir, ...entities, apps: [], blobs: 'local', daprd: [] });
      connectionString = topics.serviceBusConnectionString;
      const receiver = 't-order-express/Subscriptions/receiver-express';
      await deadLetter('t-order-express', '7', 'MaxDeliveryCountExceeded', receiver);
      const bus = new ServiceBusClient(connectionString);
      // As the app sends what it drops.
      const applicationProperties = { DeadLetterReason: 'malformed', DeadLetterErrorDescription: 'not valid JSON' };
      const message = { messageId: 'malformed-1', body: Buffer.from('{'), applicationProperties };
      await bus.createSender('t-order-dead').sendMessages(message);
      await bus.close();
    });
    afterAll(() => topics?.stop());

    it('lists the dead letters of its subscriptions, and what its apps dropped with the reason', async () => {
      const { stdout } = await onTopics(['list']);
      expect(stdout).toMatch(/^t-order-express\/Subscriptions\/receiver-express +1 +7 +MaxDeliveryCountExceeded /m);
      expect(stdout).toMatch(/^t-order-dead\/Subscriptions\/kept +1 +malformed-1 +malformed +not valid JSON /m);
    });

    it('sends each back to a topic: what was dropped to the first, to try again', async () => {
      expect(await onTopics(['redrive'])).toMatchObject({ exitCode: 0, stdout: '2 sent back' });
      expect((await onTopics(['list'])).stdout).toBe('no dead letters');
      const waiting = (await topics.broker.queues()).map(({ name, active }) => [name, active]);
      expect(Object.fromEntries(waiting)).toMatchObject({
        't-order-ingress/Subscriptions/distributor': 1,
        't-order-express/Subscriptions/receiver-express': 1,
        't-order-dead/Subscriptions/kept': 0,
      });
    });
  });

  it('says in two lines that a namespace cannot be reached', async () => {
    const nobody = connectionString.replace(/:\d+/, ':1');
    const env = { SERVICEBUS_CONNECTION_STRING: nobody };
    const { exitCode, all } = await bench(['dlq', 'list', '--target', 'azure'], env);
    expect(exitCode).toBe(1);
    expect(all).toMatch(/^error: 127\.0\.0\.1: .*ECONNREFUSED.*\ncheck the namespace's name/);
    expect(all?.split('\n')).toHaveLength(2);
  });

  async function deadLetter(
    queue: string,
    messageId: string,
    deadLetterReason: string,
    receivedFrom = queue,
  ): Promise<void> {
    const bus = new ServiceBusClient(connectionString);
    const sender = bus.createSender(queue);
    await sender.sendMessages({ messageId, body: Buffer.from(`body of ${messageId}`) });
    const receiver = bus.createReceiver(receivedFrom);
    for (const message of await receiver.receiveMessages(1))
      await receiver.deadLetterMessage(message, { deadLetterReason, deadLetterErrorDescription: 'by hand' });
    await bus.close();
  }
});
