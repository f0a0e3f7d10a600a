import { join } from 'node:path';
import { ServiceBusClient } from '@azure/service-bus';
import { checkoutDir, controlStatus } from '@order-bench/rig';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const command =
  (name: string) =>
  (args: readonly string[], env: Record<string, string> = {}) =>
    execa('node', [join(checkoutDir, `bench/dist/${name}.js`), ...args], { reject: false, all: true, env });
const rig = command('rig-main');
const bench = command('main');

// On a rig that was started by hand, as a user has one; it holds the checkout.
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
    beforeAll(async () => {
      const { exitCode, all } = await rig(['up', '--detach']);
      expect(exitCode, all).toBe(0);
      connectionString = (await controlStatus(checkoutDir))?.serviceBusConnectionString ?? '';
      await deadLetter('q-order-ingress', 'malformed-1', 'malformed');
      await deadLetter('q-order-express', '7', 'MaxDeliveryCountExceeded');
      await deadLetter('q-order-standard', '8', 'MaxDeliveryCountExceeded');
    });
    afterAll(() => rig(['down']));

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

  it('says in two lines that a namespace cannot be reached', async () => {
    const nobody = connectionString.replace(/:\d+/, ':1');
    const env = { SERVICEBUS_CONNECTION_STRING: nobody };
    const { exitCode, all } = await bench(['dlq', 'list', '--target', 'azure'], env);
    expect(exitCode).toBe(1);
    expect(all).toMatch(/^error: 127\.0\.0\.1: .*ECONNREFUSED.*\ncheck the namespace's name/);
    expect(all?.split('\n')).toHaveLength(2);
  });

  async function deadLetter(queue: string, messageId: string, deadLetterReason: string): Promise<void> {
    const bus = new ServiceBusClient(connectionString);
    const sender = bus.createSender(queue);
    await sender.sendMessages({ messageId, body: Buffer.from(`body of ${messageId}`) });
    const receiver = bus.createReceiver(queue);
    for (const message of await receiver.receiveMessages(1))
      await receiver.deadLetterMessage(message, { deadLetterReason, deadLetterErrorDescription: 'by hand' });
    await bus.close();
  }
});
