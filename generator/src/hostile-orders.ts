import { faker } from '@faker-js/faker/locale/en';
import type { OrderMessage } from './order-message.js';
import { makeOrder, orderMessage, seedFaker } from './orders.js';

/**
 * Makes `count` valid orders, the first with the id `firstOrderId`, that careless code loses, changes or chokes on;
 * every one of them has to arrive with its exact content. The same options give the same bytes.
 *
 * @throws RangeError when the seed is out of range.
 */
export function makeHostileOrders(options: { count: number; seed: number; firstOrderId: number }): OrderMessage[] {
  const { count, seed, firstOrderId } = options;
  seedFaker(seed);
  return Array.from({ length: count }, (_, index) => {
    const order = makeOrder(firstOrderId + index, index % 2 === 0 ? 'Express' : 'Standard');
    const members = (HOSTILITIES[index % HOSTILITIES.length] as () => string)();
    // Put together as text: an object literal would take "__proto__" for the prototype.
    return orderMessage(order, `${JSON.stringify(order).slice(0, -1)},${members}}`);
  });
}

/** Each gives the members that are added to an otherwise ordinary order. */
const HOSTILITIES: readonly (() => string)[] = [
  () => '"__proto__":{"delivery":"Standard","polluted":true},"constructor":{"prototype":{"polluted":true}}',
  () => '"html":"</script><b>&amp; \'quoted\' \\"twice\\"","a<b>&c":1',
  () => '"lines":"one\u2028two\u2029three","escaped":"\\u2028\\u0000\\u001f"',
  () => '"noté":"Zoë Müller 注文 🧾 \u202eright to left\u202c e\u0301","größe":"\\ud83e\\uddfe"',
  () => unknownKeys(),
  () => '"numbers":[-0,-0.0,1.0,1E2,10e-1,0.10,1e-7,1e21,9007199254740992,1.7976931348623157e308,5e-324]',
];

/** Far below the limit for an order, far above what an order usually has. */
const UNKNOWN_KEYS_BYTES = 300 * 1024;

function unknownKeys(): string {
  const members: string[] = [];
  for (let sizeBytes = 0; sizeBytes < UNKNOWN_KEYS_BYTES; ) {
    const member = `"unknown${members.length}":${JSON.stringify(faker.string.alphanumeric(100))}`;
    members.push(member);
    sizeBytes += member.length + 1;
  }
  return members.join(',');
}
