import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { answer, type Outcome } from './answer.js';
import { isApiToken } from './api-token.js';
import { type CreateRequest, callBody } from './bindings.js';
import { fitsDouble } from './decimal.js';
import { orderWritten } from './events.js';
import type { AppId, Route } from './names.js';
import type { Refusal } from './order.js';
import { parseOrder } from './parse.js';
import { processOrder } from './process.js';
import { route } from './route.js';
import { readTrace, type Trace } from './trace.js';

/*
 * The cases of `cases.jsonl`: what goes into the rules and what must come of it. The rules in Rust (apps/orders-rust) pass
 * the same ones, so that the two cannot drift apart.
 */

type Part = string | { readonly repeat: string; readonly times: number } | { readonly hex: string };

type Case = { readonly what: string } & (
  | {
      readonly rule: 'parse';
      /** A text, or parts of it. */
      readonly order: string | readonly Part[];
      readonly outcome: Refusal | { readonly orderId: number; readonly route: Route };
    }
  | {
      readonly rule: 'call';
      readonly appId: AppId;
      readonly order: string;
      readonly trace?: Trace;
      readonly call: { readonly binding: string; readonly body: string };
    }
  | {
      readonly rule: 'event';
      readonly order: string;
      /** Milliseconds since 1970. */
      readonly writtenAtMs: number;
      readonly event: string;
    }
  | { readonly rule: 'answer'; readonly outcome: Outcome; readonly status: number; readonly body: string }
  | { readonly rule: 'trace'; readonly headers: Readonly<Record<string, string>>; readonly trace: Trace | null }
  | { readonly rule: 'token'; readonly given: string | null; readonly expected: string; readonly isRight: boolean }
  | { readonly rule: 'number'; readonly number: string; readonly isKept: boolean }
);

const cases = readFileSync(new URL('./cases.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Case);

it.each(cases)('$rule: $what', async each => {
  switch (each.rule) {
    case 'parse': {
      const bytes = bytesOf(each.order);
      const parsed = parseOrder(bytes);
      if ('refusal' in parsed) return expect(parsed.refusal).toEqual(each.outcome);
      const { order } = parsed;
      expect({ orderId: order.orderId, route: route(order) }).toEqual(each.outcome);
      expect(order.text === bytes.toString()).toBe(true);
      return expect(order.value).toEqual(JSON.parse(order.text));
    }
    case 'call': {
      const calls: CreateRequest[] = [];
      const bindings = { create: async (request: CreateRequest) => void calls.push(request) };
      const { appId, order, trace } = each;
      expect(await processOrder({ appId, bytes: Buffer.from(order), bindings, trace })).toEqual({ kind: 'done' });
      return expect(calls.map(call => ({ binding: call.binding, body: callBody(call) }))).toEqual([each.call]);
    }
    case 'event': {
      const parsed = parseOrder(Buffer.from(each.order));
      if ('refusal' in parsed) throw new Error('The order of the case is none.');
      return expect(JSON.stringify(orderWritten(parsed.order, new Date(each.writtenAtMs)))).toBe(each.event);
    }
    case 'answer': {
      const { status, problem } = answer(each.outcome);
      return expect({ status, body: problem ? JSON.stringify(problem) : '' }).toEqual({
        status: each.status,
        body: each.body,
      });
    }
    case 'trace':
      return expect(readTrace(name => each.headers[name]) ?? null).toEqual(each.trace);
    case 'token':
      return expect(isApiToken(each.given, each.expected)).toBe(each.isRight);
    case 'number':
      return expect(fitsDouble(each.number)).toBe(each.isKept);
  }
});

function bytesOf(order: string | readonly Part[]): Buffer {
  const parts = typeof order === 'string' ? [order] : order;
  return Buffer.concat(
    parts.map(part => {
      if (typeof part === 'string') return Buffer.from(part);
      return 'hex' in part ? Buffer.from(part.hex, 'hex') : Buffer.from(part.repeat.repeat(part.times));
    }),
  );
}
