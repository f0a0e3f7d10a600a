/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/*
 * The script of the page at `/`: functions of this file, sent as their own text. They may use each other and what browsers have,
 * and nothing else of this project.
 */

/** The text of the script. */
export function pageScript(): string {
  const parts = [
    ...[startPage, apiOf, call, said, element, statusOf, repeat, sendOrder, followOrder, sendImport, followImport],
    ...[refreshImport, addWebhook, refreshWebhooks, showWebhook, showHtml],
  ];
  return `'use strict';\n${parts.join('\n')}\n${startPage.name}();\n`;
}

/** What is shown of a call that failed. */
interface PageProblem {
  readonly detail?: string;
}

/** A job or what came of it. */
interface PageJob {
  readonly status: string;
  readonly done: number;
  readonly total: number;
  readonly refused: number;
}

/** An answer with its JSON, or its text as `text`. */
interface PageAnswer<T> {
  readonly response: Response;
  readonly body: T;
}

/** What was read of an answer that is no JSON. */
interface PageText {
  readonly text: string;
}

interface PageWebhook {
  readonly id: string;
  readonly url: string;
  readonly status: string;
}

interface PageDelivery {
  readonly eventId: string;
  readonly attempt: number;
  readonly at: string;
  readonly status?: number;
  readonly reason?: string;
  readonly outcome: string;
}

/** The cells of an import's row. */
interface ImportCells {
  readonly progress: HTMLProgressElement;
  readonly count: HTMLElement;
  readonly status: HTMLElement;
  readonly act: HTMLElement;
}

function startPage(): void {
  const given = new URLSearchParams(location.hash.slice(1));
  const api = new URLSearchParams(location.search).get('api') ?? location.origin;
  (document.getElementById('api') as HTMLInputElement).value = api;
  (document.getElementById('token') as HTMLInputElement).value = given.get('token') ?? '';
  // A token in the address would be kept in the history.
  history.replaceState(null, '', location.pathname + location.search);
  const onSubmit = (id: string, act: (form: HTMLFormElement) => Promise<void>) => {
    const form = document.getElementById(id) as HTMLFormElement;
    form.addEventListener('submit', async event => {
      event.preventDefault();
      const button = form.querySelector<HTMLButtonElement>('button[type=submit]');
      if (button) button.disabled = true;
      said(id, '');
      await act(form).catch((error: Error) => said(id, error.message, true));
      if (button) button.disabled = false;
    });
  };
  onSubmit('order', sendOrder);
  onSubmit('import', sendImport);
  onSubmit('webhook', addWebhook);
  document.getElementById('connection')?.addEventListener('submit', event => event.preventDefault());
  document.getElementById('list')?.addEventListener('click', () => showHtml('/orders'));
  document.getElementById('shown-content')?.addEventListener('click', event => {
    const link = (event.target as Element).closest('a');
    if (!link) return;
    event.preventDefault();
    showHtml(link.getAttribute('href') ?? '');
  });
  repeat(refreshWebhooks);
}

/** Where the API is, without a slash at the end. */
function apiOf(): string {
  return (document.getElementById('api') as HTMLInputElement).value.replace(/\/+$/, '');
}

/** Calls the API. @throws Error with what it says where it refuses */
async function call<T>(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
): Promise<PageAnswer<T>> {
  const token = (document.getElementById('token') as HTMLInputElement).value;
  const authorization: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` };
  let response: Response;
  try {
    response = await fetch(apiOf() + path, {
      method,
      headers: { accept: 'application/json', ...authorization, ...headers },
      ...(body === undefined ? {} : { body }),
    });
  } catch {
    throw new Error('The API can’t be reached, or does not let pages of this origin call it.');
  }
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const value = (isJson && text !== '' ? JSON.parse(text) : { text }) as T & PageProblem;
  if (!response.ok) throw new Error(value.detail ?? `The API answered ${response.status}.`);
  return { response, body: value };
}

/** Says something to the person, beside the form that it is about. */
function said(id: string, text: string, isBad = false): void {
  const place = document.getElementById(`${id}-message`);
  if (!place) return;
  place.textContent = text;
  place.classList.toggle('is-bad', isBad);
}

/** An element with text or other elements in it. */
function element(name: string, ...content: (string | Node)[]): HTMLElement {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}

function statusOf(status: string): HTMLElement {
  const shown = element('span', status);
  shown.className = 'status';
  shown.dataset.status = status;
  return shown;
}

/** Does something every second, one after the other, until it says that it is done. What fails is tried again. */
async function repeat(act: () => Promise<'done' | 'again'>): Promise<void> {
  for (;;) {
    const outcome = await act().catch(() => 'again');
    if (outcome === 'done') return;
    await new Promise(resolve => setTimeout(resolve, 1_000));
  }
}

async function sendOrder(form: HTMLFormElement): Promise<void> {
  const fields = Object.fromEntries(new FormData(form));
  const order = {
    delivery: fields.delivery,
    firstName: fields.firstName,
    items: [{ orderItemId: 1, sku: fields.sku, quantity: Number(fields.quantity) }],
  };
  const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
  const { response } = await call('POST', '/orders', headers, JSON.stringify(order));
  said('order', 'Accepted.');
  followOrder(response.headers.get('location') ?? '');
}

/** A row that follows an order until it is written. */
function followOrder(path: string): void {
  const status = element('td', statusOf('accepted'));
  const button = element('button', 'Show');
  button.addEventListener('click', () => showHtml(path));
  const table = document.getElementById('orders');
  table?.prepend(element('tr', element('td', path.replace('/orders/', '')), status, element('td', button)));
  table?.closest('table')?.removeAttribute('hidden');
  repeat(async () => {
    const { body } = await call<{ readonly status: string }>('GET', path);
    status.replaceChildren(statusOf(body.status));
    return body.status === 'written' ? 'done' : 'again';
  });
}

async function sendImport(form: HTMLFormElement): Promise<void> {
  const fields = new FormData(form);
  const file = fields.get('file');
  const hasFile = file instanceof File && file.size > 0;
  const lines = hasFile ? await file.text() : String(fields.get('lines'));
  const type = lines.trimStart().startsWith('{') ? 'application/x-ndjson' : 'text/csv';
  const headers = { 'content-type': type, 'idempotency-key': crypto.randomUUID() };
  const { response } = await call('POST', '/imports', headers, lines);
  said('import', 'Accepted.');
  followImport(response.headers.get('location') ?? '');
}

/** A row that follows an import until it has ended. */
function followImport(path: string): void {
  const cells = {
    progress: document.createElement('progress'),
    count: element('span', '–'),
    status: element('td', statusOf('queued')),
    act: element('td'),
  };
  const cancel = element('button', 'Cancel');
  cancel.addEventListener('click', () => {
    call('DELETE', path).catch((error: Error) => said('import', error.message, true));
  });
  cells.act.append(cancel);
  const lines = element('td', cells.progress, cells.count);
  lines.className = 'wraps';
  const row = element('tr', lines, cells.status, cells.act);
  const table = document.getElementById('imports');
  table?.prepend(row);
  table?.closest('table')?.removeAttribute('hidden');
  repeat(async () => {
    // A job that has succeeded leads to what came of it, which tells the same of it.
    const { body } = await call<PageJob>('GET', path);
    return refreshImport(body, path, cells);
  });
}

/** Shows how far an import is. */
function refreshImport(job: PageJob, path: string, cells: ImportCells): 'done' | 'again' {
  cells.progress.max = job.total;
  cells.progress.value = job.done;
  cells.count.textContent = `${job.done} of ${job.total}${job.refused === 0 ? '' : `, ${job.refused} refused`}`;
  cells.status.replaceChildren(statusOf(job.status));
  if (!['succeeded', 'cancelled', 'failed'].includes(job.status)) return 'again';
  const show = element('button', 'Lines');
  show.addEventListener('click', async () => {
    const { body } = await call<PageText>('GET', `${path.replace('/jobs/', '/imports/')}?limit=200`, {
      accept: 'text/csv',
    });
    document.getElementById('shown-content')?.replaceChildren(element('h1', 'Lines'), element('pre', body.text));
    (document.getElementById('shown') as HTMLDialogElement).showModal();
  });
  cells.act.replaceChildren(show);
  return 'done';
}

async function addWebhook(form: HTMLFormElement): Promise<void> {
  const url = new FormData(form).get('url');
  const headers = { 'content-type': 'application/json' };
  const { body } = await call<{ readonly secret: string }>(
    'POST',
    '/webhooks',
    headers,
    JSON.stringify({ url, events: ['order.written'] }),
  );
  said('webhook', `Its secret, which is shown this once: ${body.secret}`);
  form.reset();
}

/** All webhooks and their last deliveries. */
async function refreshWebhooks(): Promise<'again'> {
  const place = document.getElementById('webhooks');
  // Asked for nothing without a token that could be the right one, and while nobody looks.
  if (document.hidden || (document.getElementById('token') as HTMLInputElement).value === '') return 'again';
  const { body } = await call<{ readonly webhooks: readonly PageWebhook[] }>('GET', '/webhooks');
  place?.replaceChildren(...(await Promise.all(body.webhooks.map(showWebhook))));
  return 'again';
}

async function showWebhook(webhook: PageWebhook): Promise<HTMLElement> {
  const { body } = await call<{ readonly deliveries: readonly PageDelivery[] }>(
    'GET',
    `/webhooks/${webhook.id}/deliveries`,
  );
  const { deliveries } = body;
  const remove = element('button', 'Delete');
  remove.addEventListener('click', async () => {
    const { response } = await call('GET', `/webhooks/${webhook.id}`);
    await call('DELETE', `/webhooks/${webhook.id}`, { 'if-match': response.headers.get('etag') ?? '' });
  });
  const shown = element('article', element('header', element('code', webhook.url), statusOf(webhook.status), remove));
  shown.className = 'hook';
  if (deliveries.length === 0) {
    shown.append(element('p', 'No delivery yet.'));
    return shown;
  }
  const head = element('tr', ...['Outcome', 'Event', 'Attempt', 'At', 'Answer'].map(name => element('th', name)));
  const rows = deliveries.slice(0, 10).map(({ eventId, attempt, at, status, reason, outcome }) => {
    const cells = [eventId, attempt, at, status ?? reason].map(cell => element('td', String(cell ?? '')));
    return element('tr', element('td', statusOf(outcome)), ...cells);
  });
  const scroll = element('div', element('table', element('thead', head), element('tbody', ...rows)));
  scroll.className = 'scroll';
  shown.append(scroll);
  return shown;
}

/** Shows what the API answers to who wants to read it. */
async function showHtml(path: string): Promise<void> {
  const place = document.getElementById('shown-content');
  try {
    const { body } = await call<PageText>('GET', path, { accept: 'text/html' });
    const main = new DOMParser().parseFromString(body.text, 'text/html').querySelector('main');
    place?.replaceChildren(...(main ? [document.adoptNode(main)] : []));
    (document.getElementById('shown') as HTMLDialogElement).showModal();
  } catch (error) {
    said('connection', (error as Error).message, true);
  }
}
