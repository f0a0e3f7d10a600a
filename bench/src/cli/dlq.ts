import { isServiceBusError, type ServiceBusClient } from '@azure/service-bus';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type LetterFilter, passes } from '../dlq/letter-filter.js';
import { letterJson, letterTable, letterText } from '../dlq/letter-text.js';
import { openTarget, type TargetFlags } from '../dlq/open-target.js';
import { purge, redrive } from '../dlq/redrive.js';
import type { Taken } from '../dlq/take-letters.js';
import { UsageError } from '../text/usage-error.js';
import { type DeadLetter, deadLettersOf } from '../verify/dead-letters.js';
import { API_QUEUES, KEPT_EVENTS, SUBSCRIPTIONS } from '../workload/order-api.js';
import { pipelineOf } from '../workload/pipeline.js';
import { withoutCheckout } from './without-checkout.js';

interface TakeFlags extends TargetFlags, LetterFilter {
  readonly dryRun: boolean;
}

/** Names of the errors with which the clients of Service Bus and of Microsoft's sign-in say that they were refused. */
const REFUSALS = new Set([
  'ServiceBusError',
  'MessagingError',
  'AuthenticationError',
  'AggregateAuthenticationError',
  'CredentialUnavailableError',
]);

/** Where dead letters lie. A pipeline has those of queues or those of topics; an Order API's are there only where there is one. */
const PIPELINE_BOXES: readonly string[] = [...pipelineOf().boxes, ...pipelineOf({ transport: 'topics' }).boxes];
const BOXES: readonly string[] = [...PIPELINE_BOXES, ...API_QUEUES, ...SUBSCRIPTIONS, KEPT_EVENTS];

/** `bench dlq`: the dead letters of a pipeline's queues or topics and of the Order API's, on the running rig or in Azure. */
export function dlqCommand(): Command {
  const commands = [listCommand(), showCommand(), redriveCommand(), purgeCommand()];
  const dlq = new Command('dlq').description(`the dead letters of ${BOXES.join(', ')}: see, send back, delete`);
  for (const command of commands) dlq.addCommand(command);
  return dlq;
}

function listCommand(): Command {
  return addFilterFlags(targeted('list', 'list them; nothing is taken'))
    .option('--json', 'as JSON, with the bodies in base64', false)
    .action((flags: TargetFlags & LetterFilter & { json: boolean }) =>
      onTarget(flags, async bus => {
        const letters = await find(bus, flags);
        if (flags.json) console.log(JSON.stringify(letters.map(letterJson), null, 2));
        else console.log(letters.length === 0 ? 'no dead letters' : letterTable(letters));
        return 0;
      }),
    );
}

function showCommand(): Command {
  return targeted('show', 'show one with its body, as text or else in hexadecimal; it is not taken')
    .argument('<queue>', 'one of them, as make dlq prints it', oneOfBoxes)
    .argument('<sequence-number>', 'as make dlq prints it')
    .action((queue: string, sequenceNumber: string, flags: TargetFlags) =>
      onTarget(flags, async bus => {
        const letter = (await lettersAt(bus, queue))?.find(each => each.sequenceNumber === sequenceNumber);
        if (!letter)
          throw new UsageError(`${queue} has no dead letter ${sequenceNumber}: make dlq lists those there are`);
        console.log(letterText(letter));
        return 0;
      }),
    );
}

function redriveCommand(): Command {
  return addTakeFlags(
    targeted('redrive', 'send them back to their queues, an event to its topic, and take out what was sent'),
  ).action((flags: TakeFlags) => onTarget(flags, bus => take(bus, flags, { verb: 'sent back', act: redrive })));
}

function purgeCommand(): Command {
  return addTakeFlags(targeted('purge', 'delete them for good'))
    .option('--yes', 'really delete them', false)
    .action((flags: TakeFlags & { yes: boolean }) =>
      onTarget(flags, bus => {
        if (!flags.yes && !flags.dryRun)
          throw new UsageError('purge deletes for good: add --yes, or --dry-run to see what it would delete');
        return take(bus, flags, { verb: 'deleted', act: purge });
      }),
    );
}

interface Action {
  /** What is said of the letters afterwards. */
  readonly verb: string;
  act(bus: ServiceBusClient, queue: string, letters: readonly DeadLetter[]): Promise<Taken>;
}

async function take(bus: ServiceBusClient, flags: TakeFlags, { verb, act }: Action): Promise<number> {
  const letters = await find(bus, flags);
  if (flags.dryRun) {
    if (letters.length > 0) console.log(letterTable(letters));
    console.log(`${letters.length} would be ${verb}`);
    return 0;
  }
  let done = 0;
  let left = 0;
  for (const queue of new Set(letters.map(letter => letter.queue))) {
    const taken = await act(
      bus,
      queue,
      letters.filter(letter => letter.queue === queue),
    );
    done += taken.done.length;
    left += taken.left.length;
    for (const { letter, why } of taken.left)
      process.stderr.write(`error: ${queue} ${letter.sequenceNumber} was not ${verb}: ${why}\n`);
  }
  console.log(`${done} ${verb}${left === 0 ? '' : `, ${left} not: run it again`}`);
  return left === 0 ? 0 : 1;
}

async function find(bus: ServiceBusClient, filter: LetterFilter): Promise<DeadLetter[]> {
  const found = await Promise.all(BOXES.map(async queue => [queue, await lettersAt(bus, queue)] as const));
  if (found.every(([queue, letters]) => letters === undefined || !PIPELINE_BOXES.includes(queue)))
    throw new UsageError(`${bus.fullyQualifiedNamespace} has none of ${PIPELINE_BOXES.join(', ')}: name another`);
  return found.flatMap(([, letters = []]) => letters.filter(letter => passes(letter, filter)));
}

/** Undefined where there is no such queue or subscription. */
async function lettersAt(bus: ServiceBusClient, queue: string): Promise<DeadLetter[] | undefined> {
  try {
    return await deadLettersOf(bus, queue);
  } catch (error) {
    if (isServiceBusError(error) && error.code === 'MessagingEntityNotFound') return undefined;
    throw error;
  }
}

function targeted(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .addOption(
      new Option('--target <target>', 'the rig that runs in this checkout, or Azure')
        .choices(['local', 'azure'])
        .default('local'),
    )
    .option(
      '--namespace <fqdn>',
      'with --target azure: <name>.servicebus.windows.net, as whoever is signed in; else the connection string in SERVICEBUS_CONNECTION_STRING',
    )
    .addHelpText('after', '\nExit codes: 0 done, 1 not or not wholly done, 2 wrong use or no rig.');
}

function addFilterFlags(command: Command): Command {
  return command
    .option('--reason <regexp>', 'only those whose reason it matches', regexp)
    .option('--message-id <regexp>', 'only those whose message id it matches', regexp)
    .option('--description <regexp>', 'only those whose description it matches', regexp);
}

function addTakeFlags(command: Command): Command {
  return addFilterFlags(command).option('--dry-run', 'only list what would be done', false);
}

/** Runs a command on its target and sets the exit code: 2 wrong use, 1 where Service Bus refuses or is not reached. */
async function onTarget(flags: TargetFlags, body: (bus: ServiceBusClient) => Promise<number>): Promise<void> {
  process.exitCode = await withoutCheckout(async () => {
    const bus = await openTarget(flags);
    try {
      return await body(bus);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const remedy =
        flags.target === 'local'
          ? "look at the broker's log (make rig-logs)"
          : "check the namespace's name and network rules, sign in (az login), and have the role Azure Service Bus Data Owner";
      process.stderr.write(`error: ${bus.fullyQualifiedNamespace}: ${error.message}\n${remedy}\n`);
      return 1;
    } finally {
      await bus.close();
    }
  });
}

function isRefusal(error: unknown): error is Error {
  return error instanceof Error && REFUSALS.has(error.name);
}

function regexp(text: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch (cause) {
    throw new InvalidArgumentError(`it takes a regular expression (${(cause as Error).message}).`);
  }
}

function oneOfBoxes(text: string): string {
  if (!BOXES.includes(text)) throw new InvalidArgumentError(`there are ${BOXES.join(', ')}.`);
  return text;
}
