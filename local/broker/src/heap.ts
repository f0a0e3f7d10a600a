/** An item's place in a heap, kept by its owner to take it out again. */
export interface HeapNode<T> {
  readonly item: T;
  readonly key: number;
  /** Equal keys leave in the order they came. */
  readonly arrival: number;
  /** Position in the heap; -1 once it is out. */
  index: number;
}

/** A binary min-heap whose nodes know their position: push, pop and remove are O(log n), the smallest is O(1). */
export class Heap<T> {
  readonly #nodes: HeapNode<T>[] = [];
  #arrivals = 0;

  get size(): number {
    return this.#nodes.length;
  }

  /** The node with the smallest key, left in place. */
  get first(): HeapNode<T> | undefined {
    return this.#nodes[0];
  }

  push(item: T, key: number): HeapNode<T> {
    const node = { item, key, arrival: this.#arrivals++, index: this.#nodes.length };
    this.#nodes.push(node);
    this.#rise(node);
    return node;
  }

  /** Takes out the item with the smallest key. */
  pop(): T | undefined {
    const node = this.#nodes[0];
    if (node) this.remove(node);
    return node?.item;
  }

  /** Takes a node out, wherever it stands; one that is out already stays out. */
  remove(node: HeapNode<T>): void {
    if (this.#nodes[node.index] !== node) return;
    const last = this.#nodes.pop() as HeapNode<T>;
    if (last !== node) {
      this.#place(last, node.index);
      this.#rise(last);
      this.#sink(last);
    }
    node.index = -1;
  }

  clear(): void {
    for (const node of this.#nodes) node.index = -1;
    this.#nodes.length = 0;
  }

  #place(node: HeapNode<T>, index: number): void {
    this.#nodes[index] = node;
    node.index = index;
  }

  #rise(node: HeapNode<T>): void {
    while (node.index > 0) {
      const index = node.index;
      const parent = this.#nodes[(index - 1) >> 1] as HeapNode<T>;
      if (!before(node, parent)) return;
      this.#place(node, parent.index);
      this.#place(parent, index);
    }
  }

  #sink(node: HeapNode<T>): void {
    for (;;) {
      const index = node.index;
      const left = this.#nodes[2 * index + 1];
      const right = this.#nodes[2 * index + 2];
      const child = right && left && before(right, left) ? right : left;
      if (!child || !before(child, node)) return;
      this.#place(node, child.index);
      this.#place(child, index);
    }
  }
}

function before<T>(a: HeapNode<T>, b: HeapNode<T>): boolean {
  return a.key < b.key || (a.key === b.key && a.arrival < b.arrival);
}
