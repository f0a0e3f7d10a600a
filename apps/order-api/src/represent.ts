import { csvCell, escapeMarkup } from './escape.js';
import { htmlPage } from './html-page.js';
import type { Representation } from './negotiate.js';

/** An order as the API knows it. */
export interface OrderView {
  readonly orderId: number;
  /** `overdue`: accepted a quarter of an hour ago, and still not written. */
  readonly status: 'accepted' | 'overdue' | 'written';
  /** ISO 8601. */
  readonly acceptedAt: string;
  /** The order as it was stored, to the letter; absent until it is written. */
  readonly text?: string;
}

/** From then on an accepted order is overdue. */
export const OVERDUE_AFTER_MS = 15 * 60_000;

/** An order's view in the form that was asked for, as text in UTF-8. */
export function represent(view: OrderView, as: Representation): string {
  return WRITERS[as](view);
}

const WRITERS: Readonly<Record<Representation, (view: OrderView) => string>> = {
  json: jsonOf,
  xml: xmlOf,
  csv: csvOf,
  html: htmlOf,
};

/** The order's own text stands in it as it is: no number and no key is written anew. */
function jsonOf({ orderId, status, acceptedAt, text }: OrderView): string {
  const fields = JSON.stringify({ orderId, status, acceptedAt });
  return text === undefined ? fields : `${fields.slice(0, -1)},"order":${text}}`;
}

function xmlOf({ orderId, status, acceptedAt, text }: OrderView): string {
  const order = text === undefined ? '' : element('order', JSON.parse(text));
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<orderView orderId="${orderId}" status="${status}" acceptedAt="${escapeMarkup(acceptedAt)}">${order}</orderView>\n`
  );
}

/** Any key can be a name here, which an element's own could not. */
function element(name: string, value: unknown): string {
  const open = `<value name="${escapeMarkup(name)}"`;
  if (Array.isArray(value))
    return `${open} type="array">${value.map((item, at) => element(String(at), item)).join('')}</value>`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([key, inner]) => element(key, inner));
    return `${open} type="object">${fields.join('')}</value>`;
  }
  return `${open} type="${value === null ? 'null' : typeof value}">${escapeMarkup(String(value ?? ''))}</value>`;
}

const COLUMNS = [
  'orderId',
  'status',
  'acceptedAt',
  'orderGuid',
  'description',
  'firstName',
  'lastName',
  'delivery',
] as const;
const ITEM_COLUMNS = ['orderItemId', 'sku', 'quantity'] as const;

/** The known fields, a line an item; one line where there is none. */
function csvOf(view: OrderView): string {
  const fields = fieldsOf(view);
  const items = itemsOf(fields);
  const line = (item: Readonly<Record<string, unknown>>) =>
    [...COLUMNS.map(name => fields[name]), ...ITEM_COLUMNS.map(name => item[name])]
      .map(value => csvCell(value === undefined || value === null ? '' : String(value)))
      .join(',');
  const lines = [[...COLUMNS, ...ITEM_COLUMNS].join(','), ...(items.length > 0 ? items : [{}]).map(line)];
  return `${lines.join('\r\n')}\r\n`;
}

function htmlOf(view: OrderView): string {
  const fields = fieldsOf(view);
  const items = itemsOf(fields);
  const cell = (value: unknown) => escapeMarkup(value === undefined || value === null ? '' : String(value));
  const rows = COLUMNS.filter(name => fields[name] !== undefined).map(
    name => `<tr><th scope="row">${LABELS[name]}</th><td>${cell(fields[name])}</td></tr>`,
  );
  const itemRows = items.map(item => `<tr>${ITEM_COLUMNS.map(name => `<td>${cell(item[name])}</td>`).join('')}</tr>`);
  const itemTable =
    items.length === 0
      ? ''
      : `<h2>Items</h2><table><thead><tr><th>Number</th><th>SKU</th><th>Quantity</th></tr></thead><tbody>${itemRows.join('')}</tbody></table>`;
  return htmlPage({
    title: `Order ${view.orderId}`,
    main: `<h1>Order ${view.orderId}: ${view.status}</h1><table class="fields">${rows.join('')}</table>${itemTable}
<p><a href="/orders">All orders</a></p>`,
  });
}

const LABELS: Readonly<Record<(typeof COLUMNS)[number], string>> = {
  orderId: 'Order',
  status: 'Status',
  acceptedAt: 'Accepted',
  orderGuid: 'GUID',
  description: 'Description',
  firstName: 'First name',
  lastName: 'Last name',
  delivery: 'Delivery',
};

/** What is known of an order, the API's own over what the order says. */
function fieldsOf({ text, orderId, status, acceptedAt }: OrderView): Readonly<Record<string, unknown>> {
  const order = text === undefined ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>);
  return { ...order, orderId, status, acceptedAt };
}

function itemsOf({ items }: Readonly<Record<string, unknown>>): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(items) ? items : [];
}
