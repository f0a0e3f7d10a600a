import { expect, it } from 'vitest';
import { type Call, type Case, JSON_TYPE, PROBLEM } from './api-case.js';
import { IMPORT_CASES } from './import-cases.js';
import { WEBHOOK_CASES } from './webhook-cases.js';

const LONG_DESCRIPTION = 'x'.repeat(1_048_576);

const ORDER_1000008: Case['request'] = [
  'POST',
  '/orders',
  JSON_TYPE,
  '{ "orderId":1000008, "delivery":"standard", "x":1e-7 }',
];

/** An order of id 1000007 stands in the outbox when they begin. */
const CASES: readonly Case[] = [
  {
    title: 'takes an order',
    request: ORDER_1000008,
    status: 202,
    headers: { location: '/orders/1000008', 'retry-after': '1', 'content-type': 'application/json' },
    body: '{"orderId":1000008,"status":"accepted"}',
  },
  {
    title: 'takes it again',
    before: ORDER_1000008,
    request: ORDER_1000008,
    status: 202,
  },
  {
    title: 'refuses another under its id',
    before: ORDER_1000008,
    request: ['POST', '/orders', JSON_TYPE, '{"orderId":1000008,"delivery":"express"}'],
    status: 409,
    headers: PROBLEM,
    body: expect.stringContaining('"field":"orderId"'),
  },
  { title: 'refuses what is no JSON', request: ['POST', '/orders', JSON_TYPE, '{'], status: 400, headers: PROBLEM },
  {
    title: 'names the field that does not fit',
    request: ['POST', '/orders', JSON_TYPE, '{"delivery":"Air"}'],
    status: 400,
    body: expect.stringContaining('"field":"delivery"'),
  },
  {
    title: 'takes no other media type',
    request: ['POST', '/orders', { 'content-type': 'text/xml' }, '<order/>'],
    status: 415,
    headers: { ...PROBLEM, accept: 'application/json' },
  },
  {
    title: 'takes no larger order than the queue',
    request: ['POST', '/orders', JSON_TYPE, `{"delivery":"Express","description":"${LONG_DESCRIPTION}"}`],
    status: 413,
    headers: PROBLEM,
  },
  {
    title: 'takes no empty Idempotency-Key',
    request: ['POST', '/orders', { ...JSON_TYPE, 'idempotency-key': '""' }, '{"delivery":"Express"}'],
    status: 400,
    body: expect.stringContaining('"field":"Idempotency-Key"'),
  },
  {
    title: 'has no order that nobody sent',
    request: ['GET', '/orders/1000009'],
    status: 404,
    headers: { ...PROBLEM, vary: 'Origin' },
  },
  {
    title: 'shows a written order as JSON, to the letter',
    request: ['GET', '/orders/1000007', { accept: 'application/json' }],
    status: 200,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'private, max-age=86400, immutable',
      age: expect.stringMatching(/^\d+$/),
      'cache-status': expect.stringMatching(/^orders-cache; (hit|fwd=uri-miss(; stored)?)$/),
    },
    body: expect.stringMatching(
      /^\{"orderId":1000007,"status":"written","acceptedAt":"[^"]+","order":\{.*"delivery":"Express".*\}\}$/,
    ),
  },
  {
    title: 'shows it as CSV',
    request: ['GET', '/orders/1000007', { accept: 'text/csv' }],
    status: 200,
    headers: { 'content-type': 'text/csv; charset=utf-8', vary: 'Accept, Origin' },
    body: expect.stringContaining('orderId,status,'),
  },
  {
    title: 'has it in its cache the second time',
    before: ['GET', '/orders/1000007', { accept: 'text/csv' }],
    request: ['GET', '/orders/1000007', { accept: 'text/csv' }],
    status: 200,
    headers: { 'cache-status': 'orders-cache; hit', age: expect.stringMatching(/^\d+$/) },
    body: expect.stringContaining('orderId,status,'),
  },
  {
    title: 'shows it as XML',
    request: ['GET', '/orders/1000007', { accept: 'application/xml' }],
    status: 200,
    body: expect.stringContaining('<orderView orderId="1000007" status="written"'),
  },
  {
    title: 'shows it to a browser as a page',
    request: ['GET', '/orders/1000007', { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }],
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-content-type-options': 'nosniff',
    },
    body: expect.stringContaining('<h1>Order 1000007: written</h1>'),
  },
  {
    title: 'names what an order can be shown as',
    request: ['GET', '/orders/1000007', { accept: 'image/png' }],
    status: 406,
    body: expect.stringContaining('text/html'),
  },
  {
    title: 'answers HEAD without a body',
    request: ['HEAD', '/orders/1000007'],
    status: 200,
    headers: { etag: expect.stringMatching(/^"[0-9a-f]{64}-json"$/) },
    body: '',
  },
  {
    title: 'lists what is written',
    request: ['GET', '/orders?delivery=express&limit=200'],
    status: 200,
    body: expect.stringContaining('{"orderId":1000007,"delivery":"express","href":"/orders/1000007"}'),
  },
  { title: 'refuses a cursor that it did not give', request: ['GET', '/orders?cursor=x'], status: 400 },
  ...['cursor', 'delivery', 'limit'].map(
    (name): Case => ({ title: `refuses an empty ${name}`, request: ['GET', `/orders?${name}=`], status: 400 }),
  ),
  { title: 'refuses a limit over 200', request: ['GET', '/orders?limit=201'], status: 400 },
  {
    title: 'names the methods of its resources',
    request: ['DELETE', '/orders/1000007'],
    status: 405,
    headers: { allow: 'GET, HEAD, OPTIONS' },
  },
  { title: 'has nothing elsewhere', request: ['GET', '/nothing'], status: 404 },
  {
    title: 'lets a listed origin ask',
    request: ['OPTIONS', '/orders', { origin: 'https://shop.example', 'access-control-request-method': 'POST' }],
    status: 204,
    headers: {
      'access-control-allow-origin': 'https://shop.example',
      'access-control-allow-headers': expect.stringContaining('Authorization'),
      'access-control-max-age': '7200',
    },
  },
  {
    title: 'tells another origin nothing',
    request: ['OPTIONS', '/orders', { origin: 'https://evil.example', 'access-control-request-method': 'POST' }],
    status: 204,
    headers: { 'access-control-allow-origin': undefined, vary: 'Origin' },
  },
  {
    title: 'lets a listed origin read its refusals',
    request: ['GET', '/orders/1000009', { origin: 'https://shop.example' }],
    status: 404,
    headers: { 'access-control-allow-origin': 'https://shop.example' },
  },
  {
    title: 'lists what is written to a browser as a page',
    request: ['GET', '/orders?delivery=express&limit=200', { accept: 'text/html,*/*;q=0.8' }],
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8', vary: 'Accept, Origin' },
    body: expect.stringContaining('<td><a href="/orders/1000007">1000007</a></td><td>express</td>'),
  },
  {
    title: 'names what orders can be listed as',
    request: ['GET', '/orders', { accept: 'text/csv' }],
    status: 406,
    body: expect.stringContaining('text/html'),
  },
  {
    title: 'has a page for who has a browser, in which only its own script runs',
    request: ['GET', '/', { accept: 'text/html' }],
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringMatching(/^default-src 'none'; script-src 'self'; style-src 'self';/),
    },
    body: expect.stringContaining('<script src="page.js" defer></script>'),
  },
  {
    title: 'has the script of the page',
    request: ['GET', '/page.js'],
    status: 200,
    headers: { 'content-type': 'text/javascript; charset=utf-8' },
    body: expect.stringMatching(/^'use strict';\n(?:.*\n)*startPage\(\);\n$/),
  },
  {
    title: 'has the style of its pages',
    request: ['HEAD', '/page.css'],
    status: 200,
    headers: { 'content-type': 'text/css; charset=utf-8' },
    body: '',
  },
  {
    title: 'tells what it takes and answers',
    request: ['GET', '/openapi.json'],
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: expect.stringMatching(/^\{"openapi":"3\.1\.0",/),
  },
  { title: 'is healthy', request: ['GET', '/healthz'], status: 204 },
  ...IMPORT_CASES,
  ...WEBHOOK_CASES,
];

/** For tests: every case, against an API that allows https://shop.example and has written order 1000007. */
export function itAnswers(call: () => Call): void {
  it.each(CASES)('$title', async ({ before, request, status, headers = {}, body }) => {
    if (before) await call()(...before);
    const answer = await call()(...request);
    expect(answer.status, answer.body).toBe(status);
    for (const [name, value] of Object.entries(headers)) expect(answer.headers[name], name).toEqual(value);
    if (body !== undefined) expect(answer.body).toEqual(body);
  });
}

/** For tests: the order that stands in the outbox. */
export const WRITTEN_ORDER = '{ "orderId":1000007, "delivery":"Express", "firstName":"Ann" }';
