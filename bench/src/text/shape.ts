import * as v from 'valibot';

/** A whole number from 0 on. */
export const COUNT = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A whole number from 1 on. */
export const POSITIVE = v.pipe(v.number(), v.integer(), v.minValue(1));

/** A number from 0 on. */
export const AMOUNT = v.pipe(v.number(), v.minValue(0));

/** 0 to 1. */
export const SHARE = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** Text that says something. */
export const TEXT = v.pipe(v.string(), v.minLength(1));

/** ISO 8601 with milliseconds, UTC. */
export const TIME = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/));

/** Anything by its name. */
export const ANYTHING = v.record(v.string(), v.unknown());

/** A list whose items nobody changes. */
export function list<const Item extends v.GenericSchema>(item: Item) {
  return v.pipe(v.array(item), v.readonly());
}

/** The same with one item at least. */
export function filled<const Item extends v.GenericSchema>(item: Item) {
  return v.pipe(v.array(item), v.minLength(1), v.readonly());
}

/** What of a value does not fit a shape, one sentence a fault with its place; empty when it fits. */
export function faultsIn(shape: v.GenericSchema, value: unknown): string[] {
  const { issues = [] } = v.safeParse(shape, value);
  return issues.map(issue => {
    const place = v.getDotPath(issue);
    // Of a missing or extra field Valibot says what it "expected" of the key.
    if (issue.expected === 'never') return `${place} is no known field`;
    if (issue.received === 'undefined') return `${place ?? 'the whole'} is missing`;
    return `${place ?? 'the whole'}: ${issue.message}`;
  });
}
