import { Partner } from './partner.js';

/*
 * A partner to try webhooks with: it registers itself at the API that `make api` started, and shows what it is told. API and AUTH
 * come from the line that `make api` prints.
 */

const { API, AUTH } = process.env;
if (!API || !AUTH)
  throw new Error('API and AUTH are not set: paste the line that begins with export, which make api prints.');

const partner = await Partner.start();
const [name = '', token = ''] = AUTH.split(': ');
const response = await fetch(`${API}/webhooks`, {
  method: 'POST',
  headers: { [name]: token, 'content-type': 'application/json' },
  body: JSON.stringify({ url: partner.url, events: ['order.written'] }),
});
if (!response.ok) throw new Error(`POST /webhooks answered ${response.status}: ${await response.text()}`);
const { id, secret } = (await response.json()) as { readonly id: string; readonly secret: string };
console.log(`${id} is told at ${partner.url}; Ctrl-C ends it`);
partner.onReceived = webhook => {
  try {
    Partner.verify(webhook, secret);
    console.log(`${webhook.id}, signature right: ${webhook.body}`);
  } catch {
    console.log(`${webhook.id}, signature WRONG: ${webhook.body}`);
  }
};
