import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Heap } from './heap.js';

describe('a heap', () => {
  it('gives its items back in the order of their keys, equal ones as they came', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), keys => {
        const heap = new Heap<string>();
        const items = keys.map((key, index) => ({ key, item: `${key}/${index}` }));
        for (const { item, key } of items) heap.push(item, key);
        const sorted = items.toSorted((a, b) => a.key - b.key).map(({ item }) => item);
        expect(keys.map(() => heap.pop())).toEqual(sorted);
        expect(heap.pop()).toBeUndefined();
      }),
    );
  });

  it('loses exactly the nodes that are removed, however often', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer(), fc.boolean())), entries => {
        const heap = new Heap<number>();
        const nodes = entries.map(([key, leaves]) => ({ node: heap.push(key, key), leaves }));
        for (const { node, leaves } of nodes) {
          if (!leaves) continue;
          heap.remove(node);
          heap.remove(node);
        }
        const kept = entries.filter(([, leaves]) => !leaves).map(([key]) => key);
        expect(heap.size).toBe(kept.length);
        expect(kept.map(() => heap.pop())).toEqual(kept.toSorted((a, b) => a - b));
      }),
    );
  });
});
