import { join } from 'node:path';
import { type Broker, startBroker } from '@order-bench/broker';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkoutDir } from './checkout.js';
import { builtTool } from './tools/built-tool.js';
import { GO_BUILD_ENV } from './tools/go-tool.js';

/*
 * The broker's conformance suite for the SDKs of other languages. It stands here and not beside the broker because the rig
 * keeps what is built; what the SDK for JavaScript sees stands in local/broker/src/conformance.
 */

const CLIENTS_DIR = join(checkoutDir, 'local', 'broker', 'clients');
const BUILD_LIMIT_MS = 600_000;
const RUN_LIMIT_MS = 120_000;

/** An SDK, and the program that uses it. */
interface SdkClient {
  readonly sdk: string;
  /** What it is built with, or undefined where that is not there. */
  readonly compiler: string | undefined;
  readonly needs: string;
  build(compiler: string): Promise<string>;
}

const clients: readonly SdkClient[] = [
  {
    sdk: 'azure-servicebus for Python',
    compiler: await answerOf('python', 'python3', ['-c', 'import ensurepip, sys, venv; print(sys.version)']),
    needs: 'python3 with venv and pip',
    build: compiler =>
      builtTool({
        name: 'broker-client-python',
        sourceDir: join(CLIENTS_DIR, 'python'),
        announcement: 'the Python client of the broker: half a minute',
        compiler,
        compile: outDir => ({
          command: ['sh', 'build.sh', outDir],
          env: {},
          binary: join(outDir, 'broker-client-python'),
        }),
      }),
  },
  {
    sdk: 'azservicebus for Go',
    compiler: await answerOf('go', 'go', ['env', 'GOVERSION']),
    needs: 'Go',
    build: compiler =>
      builtTool({
        name: 'broker-client-go',
        sourceDir: join(CLIENTS_DIR, 'go'),
        announcement: 'the Go client of the broker: a minute',
        compiler,
        compile: outDir => {
          const binary = join(outDir, 'broker-client-go');
          return {
            command: ['go', 'build', '-o', binary, '.'],
            env: GO_BUILD_ENV,
            binary,
          };
        },
      }),
  },
];

describe.each(clients)('through $sdk', ({ compiler, needs, build }) => {
  describe.skipIf(compiler === undefined)(
    `the broker${compiler === undefined ? ` (not run: no ${needs} here)` : ''}`,
    () => {
      let broker: Broker;
      let seen: Readonly<Record<string, unknown>>;

      beforeAll(async () => {
        const program = await build(compiler ?? '');
        const plain = [
          'round_trip',
          'batches',
          'settlements',
          'settlements_by_token',
          'schedules',
          'deletes',
          'bodies',
        ];
        broker = await startBroker({
          queues: [...plain, 'too_large', 'missing'],
          topics: { topics: ['one', 'two'] },
        });
        await createQueue('renewals', { lockDurationMs: 1500 });
        await createQueue('full', { maxSizeBytes: 1500 });
        const { stdout } = await execa(program, [broker.connectionString], { timeout: RUN_LIMIT_MS });
        seen = JSON.parse(stdout) as Record<string, unknown>;
      }, BUILD_LIMIT_MS);
      afterAll(() => broker?.close());

      it('gives back a message with the properties that it was sent with', async () => {
        expect(seen.round_trip).toEqual({
          body: '<>& é',
          messageId: 'id',
          correlationId: 'correlation',
          subject: 'subject',
          contentType: 'text/plain',
          to: 'to',
          replyTo: 'reply-to',
          partitionKey: 'key',
          timeToLiveMs: 3_600_000,
          properties: { text: 'é', number: 1.5, flag: true, whole: -7 },
          deliveryCount: 0,
          sequenceNumber: 1,
        });
      });

      it('takes a batch and hands it out in order', async () => {
        expect(seen.batches).toEqual(Array.from({ length: 50 }, (_, number) => String(number)));
        expect(await stateOf('batches')).toMatchObject({ active: 0, locked: 0, counters: { completed: 50 } });
      });

      it('confirms that messages are completed, abandoned, deferred and dead-lettered', async () => {
        expect(seen.settlements).toEqual({
          abandoned: { body: 'abandon', deliveryCount: 1 },
          deferred: 'defer',
          deferredAgain: 'not found',
          dead: { body: 'dead-letter', reason: 'why', description: 'because' },
        });
        const counters = { abandoned: 1, deferred: 1, deadLettered: 1, completed: 3 };
        expect(await stateOf('settlements')).toMatchObject({ active: 0, locked: 0, deadLettered: 0, counters });
      });

      it('does the same by lock token, on the management node', async () => {
        expect(seen.settlements_by_token).toEqual({
          again: [
            ['abandon', 2],
            ['defer', 2],
          ],
          dead: ['dead-letter', 'why', 'because'],
        });
        expect(await stateOf('settlements_by_token')).toMatchObject({
          active: 0,
          locked: 0,
          deferred: 0,
          deadLettered: 0,
        });
      });

      it('schedules messages, cancels them once, and shows what is left', async () => {
        const scheduled = 2;
        expect(seen.schedules).toEqual({ numbers: [1, 2, 3], cancelledTwice: 'not found', peeked: [['2', scheduled]] });
      });

      it('renews a lock, and says when one is lost', async () => {
        expect(seen.renewals).toEqual({ renewed: true, again: 1, late: 'lock lost' });
        expect(await stateOf('renewals')).toMatchObject({ counters: { locksRenewed: 1, locksExpired: 1 } });
      });

      it('hands messages out for good', async () => {
        expect(seen.deletes).toEqual(['0', '1', '2']);
        expect(await stateOf('deletes')).toMatchObject({ active: 0, locked: 0 });
      });

      it('leaves bodies of every kind as they are, and takes a message without one', () => {
        expect(seen.bodies).toEqual({
          value: { a: [1, null, true] },
          sequence: [[1, 'two'], [3]],
          data: ['one', 'two'],
          none: { body: '', properties: { only: 'this' } },
        });
      });

      it('refuses what can not be, by an error that the SDK knows', () => {
        expect(seen).toMatchObject({ full: 'full', too_large: 'too large', missing: ['not found', 'not found'] });
      });

      it('copies what is sent to a topic to each subscription, with dead letters of its own', async () => {
        expect(seen.topics).toEqual({ one: ['0', '1'], dead: ['1', 'why'], two: ['0', '1'], missing: 'not found' });
        expect(await stateOf('topics/Subscriptions/one')).toMatchObject({
          counters: { completed: 1, deadLettered: 1 },
        });
        expect(await stateOf('topics/Subscriptions/two')).toMatchObject({
          counters: { completed: 2, deadLettered: 0 },
        });
      });

      async function createQueue(name: string, settings: object): Promise<void> {
        await fetch(`http://127.0.0.1:${broker.httpPort}/queues/${name}`, {
          method: 'PUT',
          body: JSON.stringify(settings),
        });
      }

      async function stateOf(queue: string): Promise<unknown> {
        return (await fetch(`http://127.0.0.1:${broker.httpPort}/queues/${encodeURIComponent(queue)}`)).json();
      }
    },
  );
});

/** What a program prints when it is called so in a client's folder; undefined where there is none, or it fails. */
async function answerOf(folder: string, program: string, args: readonly string[]): Promise<string | undefined> {
  const cwd = join(CLIENTS_DIR, folder);
  const { failed, stdout } = await execa(program, args, { reject: false, cwd, stdin: 'ignore' });
  return failed ? undefined : stdout.trim();
}
