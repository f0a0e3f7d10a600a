import * as v from 'valibot';
import { MAX_ITEMS, MAX_TEXT_CHARACTERS } from './limits.js';

/** What does not fit in an order: the field's path and the rule it breaks. */
export interface Misfit {
  readonly field: string;
  readonly rule: string;
}

/**
 * Checks an order's known fields against the table "The order" in the design; unknown keys are left alone. Only the
 * verdict is used: what the library rebuilds (without unknown keys) is thrown away.
 */
export function findMisfit(value: object): Misfit | undefined {
  const result = v.safeParse(ORDER, value, { abortEarly: true, abortPipeEarly: true });
  const issue = result.issues?.[0];
  return issue && { field: v.getDotPath(issue) ?? '', rule: issue.message };
}

// Every rule has a message of ours: the library's own repeat the value, and an order's content belongs in no log.
const text = v.pipe(
  v.string('must be a string'),
  v.check(hasFewCharacters, `must have at most ${MAX_TEXT_CHARACTERS} characters`),
);

const item = v.object(
  {
    orderItemId: v.pipe(
      v.number('must be a number'),
      v.integer('must be an integer'),
      v.minValue(1, 'must be at least 1'),
    ),
    sku: v.string('must be a string'),
    quantity: v.pipe(
      v.number('must be a number'),
      v.integer('must be an integer'),
      v.minValue(0, 'must be at least 0'),
    ),
  },
  missingOrNotAnObject,
);

const ORDER = v.object(
  {
    orderId: v.pipe(
      v.number('must be a number'),
      v.safeInteger('must be an integer that a double holds exactly'),
      v.minValue(1, 'must be at least 1'),
    ),
    delivery: v.pipe(v.string('must be a string'), v.regex(/^(?:express|standard)$/i, 'must be Express or Standard')),
    orderGuid: v.exactOptional(v.pipe(v.string('must be a string'), v.uuid('must be a UUID'))),
    description: v.exactOptional(text),
    firstName: v.exactOptional(text),
    lastName: v.exactOptional(text),
    items: v.exactOptional(
      v.pipe(
        v.array(item, 'must be an array'),
        v.minLength(1, 'must have at least one item'),
        v.maxLength(MAX_ITEMS, `must have at most ${MAX_ITEMS} items`),
      ),
    ),
  },
  missingOrNotAnObject,
);

/** The object schema reports a missing key and a value that is no object by the same message. */
function missingOrNotAnObject(issue: v.BaseIssue<unknown>): string {
  return issue.expected === 'Object' ? 'must be an object' : 'is required';
}

/** Counts code points, and only where the number of UTF-16 units leaves it open. */
function hasFewCharacters(value: string): boolean {
  if (value.length <= MAX_TEXT_CHARACTERS) return true;
  return value.length <= 2 * MAX_TEXT_CHARACTERS && [...value].length <= MAX_TEXT_CHARACTERS;
}
