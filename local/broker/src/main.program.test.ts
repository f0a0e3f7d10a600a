import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ServiceBusClient } from '@azure/service-bus';
import { afterEach, describe, expect, it } from 'vitest';
import { startBroker } from './broker.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

describe('the broker command', () => {
  it('starts a broker with the queues and settings asked for, and ends with 0 on SIGTERM', async () => {
    const flags = ['--queue', 'a', '--queue', 'b', '--lock-duration-ms', '700', '--max-delivery-count', '2'];
    const { child, output, exit } = run('--port', '0', '--http-port', '0', ...flags);
    await untilPrinted(child, output, 'Endpoint=sb://');
    const queues = (await (await fetch(`${/http:\S+/.exec(output.text)}/queues`)).json()) as { queues: unknown[] };
    expect(queues.queues).toMatchObject(
      ['a', 'b'].map(name => ({ name, settings: { lockDurationMs: 700, maxDeliveryCount: 2 } })),
    );
    const bus = new ServiceBusClient(String(/Endpoint=\S+/.exec(output.text)));
    await bus.createSender('a').sendMessages({ body: 1 });
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    await bus.close();
  });

  it('starts a broker with the topics and subscriptions asked for', async () => {
    const flags = ['--topic', 'orders:view,worker', '--topic', 'nobody'];
    const { child, output } = run('--port', '0', '--http-port', '0', ...flags);
    await untilPrinted(child, output, 'Endpoint=sb://');
    expect(await (await fetch(`${/http:\S+/.exec(output.text)}/topics`)).json()).toMatchObject({
      topics: [
        { name: 'orders', subscriptions: ['orders/Subscriptions/view', 'orders/Subscriptions/worker'] },
        { name: 'nobody', subscriptions: [] },
      ],
    });
  });

  it('explains itself', async () => {
    const { output, exit } = run('--help');
    expect(await exit).toBe(0);
    expect(output.text).toContain('--latency-ms <ms>');
  });

  it.each([
    [['--nonsense'], '--nonsense'],
    [['--port', 'x'], 'whole number'],
    [['--lock-duration-ms', '0'], 'whole number'],
    [['extra'], 'too many arguments'],
  ])('ends with 2 on wrong use: %j', async (flags, message) => {
    const { output, exit } = run(...flags);
    expect(await exit).toBe(2);
    expect(output.text).toContain(message);
  });

  it.each(['--port', '--http-port'])('says which port is in use, and what to do: %s', async flag => {
    const broker = await startBroker();
    const taken = flag === '--port' ? broker.port : broker.httpPort;
    const ports = flag === '--port' ? ['--http-port', '0'] : ['--port', '0'];
    const { output, exit } = run(flag, String(taken), ...ports);
    expect(await exit).toBe(1);
    expect(output.text).toContain(`port ${taken} on 127.0.0.1 is in use`);
    expect(output.text).toContain(`choose another with ${flag}`);
    await broker.close();
  });
});

function run(...flags: string[]) {
  const child = spawn(process.execPath, [MAIN, ...flags]);
  started.push(child);
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      output.text += chunk;
    });
  }
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return { child, output, exit };
}

async function untilPrinted(child: ChildProcess, output: { text: string }, wanted: string): Promise<void> {
  while (!output.text.includes(wanted)) {
    if (child.exitCode !== null) throw new Error(`the broker ended with ${child.exitCode}: ${output.text}`);
    await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), once(child, 'close')]);
  }
}
