import { isUtf8 } from 'node:buffer';
import { textTable } from '../text/text-table.js';
import type { DeadLetter } from '../verify/dead-letters.js';

const COLUMNS = ['queue', 'sequence number', 'message id', 'reason', 'description', 'enqueued', 'deliveries'];
const DESCRIPTION_WIDTH = 60;
const HEX_BYTES_PER_LINE = 32;

/** Dead letters as a table, one a line. */
export function letterTable(letters: readonly DeadLetter[]): string {
  return textTable([
    COLUMNS,
    ...letters.map(letter => [
      letter.queue,
      letter.sequenceNumber,
      oneLine(letter.messageId),
      oneLine(letter.reason),
      shortened(oneLine(letter.description)),
      enqueued(letter),
      String(letter.deliveryCount),
    ]),
  ]);
}

/** A dead letter with its body: as text where it is text, else in hexadecimal. */
export function letterText(letter: DeadLetter): string {
  const { body } = letter;
  const isText = isPrintable(body);
  return [
    `queue            ${letter.queue}`,
    `sequence number  ${letter.sequenceNumber}`,
    `message id       ${oneLine(letter.messageId)}`,
    `reason           ${oneLine(letter.reason)}`,
    `description      ${oneLine(letter.description)}`,
    `enqueued         ${enqueued(letter)}`,
    `deliveries       ${letter.deliveryCount}`,
    `content type     ${oneLine(letter.contentType)}`,
    `properties       ${oneLine(JSON.stringify(letter.properties))}`,
    `body             ${body.length} bytes${isText ? '' : ', in hexadecimal'}`,
    '',
    isText ? body.toString() : hex(body),
  ].join('\n');
}

/** A dead letter for scripts: the body in base64, which holds any bytes. */
export function letterJson({ body, ...letter }: DeadLetter) {
  return { ...letter, bodyBase64: body.toString('base64') };
}

function enqueued({ enqueuedAt }: DeadLetter): string {
  return enqueuedAt?.toISOString() ?? '';
}

/** What stands in a message is anybody's: nothing of it may steer the terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');
}

function shortened(text: string): string {
  return text.length <= DESCRIPTION_WIDTH ? text : `${text.slice(0, DESCRIPTION_WIDTH - 1)}…`;
}

function isPrintable(body: Buffer): boolean {
  return isUtf8(body) && !/[\p{Cc}\p{Cf}]/u.test(body.toString().replace(/[\t\n\r]/g, ''));
}

function hex(body: Buffer): string {
  const lines = [];
  for (let from = 0; from < body.length; from += HEX_BYTES_PER_LINE)
    lines.push(body.subarray(from, from + HEX_BYTES_PER_LINE).toString('hex'));
  return lines.join('\n');
}
