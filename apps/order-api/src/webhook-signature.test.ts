import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { isWebhookFrom, newWebhookSecret, signWebhook, TOLERANCE_S } from './webhook-signature.js';

// The vector of the Standard Webhooks specification.
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const MESSAGE = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330, body: '{"test": 2432232314}' };
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const RECEIVED = { ...MESSAGE, timestamp: String(MESSAGE.timestamp), signature: SIGNATURE };

describe('a webhook', () => {
  it('is signed as the specification has it', async () => {
    expect(await signWebhook(MESSAGE, [SECRET])).toBe(SIGNATURE);
  });

  it('is signed by both secrets while one replaces the other', async () => {
    const other = newWebhookSecret();
    const signature = await signWebhook(MESSAGE, [SECRET, other]);
    expect(signature.split(' ')).toHaveLength(2);
    for (const secret of [SECRET, other]) {
      expect(await isWebhookFrom({ ...RECEIVED, signature }, secret, MESSAGE.timestamp)).toBe(true);
    }
  });

  it('with any secret is verified by the library that partners use', async () => {
    const secret = newWebhookSecret();
    const message = { id: 'evt_written_7', timestamp: Math.floor(Date.now() / 1000), body: '{"orderId":7,"ä":"😀"}' };
    const headers = {
      'webhook-id': message.id,
      'webhook-timestamp': String(message.timestamp),
      'webhook-signature': await signWebhook(message, [secret]),
    };
    expect(new Webhook(secret).verify(message.body, headers)).toEqual({ orderId: 7, ä: '😀' });
    const theirs = new Webhook(secret).sign(message.id, new Date(message.timestamp * 1000), message.body);
    expect(theirs).toBe(headers['webhook-signature']);
  });

  it.each([
    ['after a wrong v1 and a v2', { signature: `v1,AAAA v2,x ${SIGNATURE}` }, true],
    ['of another body', { body: '{"test": 2432232315}' }, false],
    ['of another id', { id: 'msg_other' }, false],
    ['without an id', { id: undefined }, false],
    ['without a signature', { signature: undefined }, false],
    ['with an empty one', { signature: '' }, false],
    ['with one that is cut off', { signature: SIGNATURE.slice(0, -2) }, false],
    ['of another version', { signature: SIGNATURE.replace('v1', 'v2') }, false],
    ['with a time that is no number', { timestamp: 'now' }, false],
    ['without a time', { timestamp: undefined }, false],
  ])('%s: %j is taken: %s', async (_what, changes, expected) => {
    expect(await isWebhookFrom({ ...RECEIVED, ...changes }, SECRET, MESSAGE.timestamp)).toBe(expected);
  });

  it.each([
    [TOLERANCE_S, true],
    [-TOLERANCE_S, true],
    [TOLERANCE_S + 1, false],
    [-TOLERANCE_S - 1, false],
  ])('that is %i s off is taken: %s', async (offS, expected) => {
    expect(await isWebhookFrom(RECEIVED, SECRET, MESSAGE.timestamp + offS)).toBe(expected);
  });

  it('refuses a secret that is none, and does not repeat it', async () => {
    await expect(signWebhook(MESSAGE, ['not-a-secret'])).rejects.toThrow(
      /^a webhook's secret is not whsec_ and base64$/,
    );
  });
});
