import { parse } from 'csv-parse/sync';
import { DOMParser, parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { type OrderView, represent } from './represent.js';

const TEXT =
  '{"orderId": 7, "delivery":"Express","firstName":"<b>Ann</b>","description":"=1+1","amount":1.50,"__proto__":{"a&b":null},' +
  '"items":[{"orderItemId":1,"sku":"A,\\"1\\"","quantity":2},{"orderItemId":2,"sku":"B","quantity":0}]}';
const ACCEPTED: OrderView = { orderId: 7, status: 'accepted', acceptedAt: '2026-01-01T00:00:00.000Z' };
const WRITTEN: OrderView = { ...ACCEPTED, status: 'written', text: TEXT };

describe('an order that is written', () => {
  it('stands in JSON to the letter', () => {
    expect(represent(WRITTEN, 'json')).toBe(
      `{"orderId":7,"status":"written","acceptedAt":"2026-01-01T00:00:00.000Z","order":${TEXT}}`,
    );
  });

  it('stands in XML with every key and value, and their types', () => {
    const xml = new DOMParser().parseFromString(represent(WRITTEN, 'xml'), 'text/xml');
    expect(xml.querySelector('orderView')?.getAttribute('status')).toBe('written');
    const at = (path: string) => xml.querySelector(path);
    expect(at('[name="firstName"]')?.textContent).toBe('<b>Ann</b>');
    expect(at('[name="amount"]')?.getAttribute('type')).toBe('number');
    expect(at('[name="__proto__"] > value')?.getAttribute('type')).toBe('null');
    expect(xml.querySelectorAll('[name="items"] > value')).toHaveLength(2);
  });

  it('stands in CSV with a line an item, and no formula', () => {
    const rows = parse(represent(WRITTEN, 'csv'), { columns: true, record_delimiter: '\r\n' });
    expect(rows).toMatchObject([
      { orderId: '7', description: "'=1+1", firstName: '<b>Ann</b>', orderItemId: '1', sku: 'A,"1"', quantity: '2' },
      { orderId: '7', orderItemId: '2', sku: 'B', quantity: '0' },
    ]);
  });

  it('is a page for a person, whose text makes no element', () => {
    const { document } = parseHTML(represent(WRITTEN, 'html'));
    expect(document.querySelector('h1')?.textContent).toBe('Order 7: written');
    expect(document.querySelector('b')).toBeNull();
    expect(document.querySelectorAll('h2 + table tr')).toHaveLength(3);
  });
});

describe('an order that is accepted', () => {
  it('says so in each form, and no more', () => {
    expect(JSON.parse(represent(ACCEPTED, 'json'))).toEqual(ACCEPTED);
    expect(represent(ACCEPTED, 'xml')).toContain(
      'status="accepted" acceptedAt="2026-01-01T00:00:00.000Z"></orderView>',
    );
    expect(parse(represent(ACCEPTED, 'csv'), { columns: true })).toHaveLength(1);
    expect(represent(ACCEPTED, 'html')).toContain('<h1>Order 7: accepted</h1>');
  });
});
