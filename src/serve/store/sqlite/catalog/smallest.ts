/**
 * The `count` smallest items, in order: what `items.toSorted(compare).slice(0, count)` gives when no two compare equal,
 * in time that hardly grows with the items when `count` is small. `items` is not changed.
 */
export function smallest(items: readonly number[], count: number, compare: (a: number, b: number) => number): number[] {
  if (count * 4 > items.length) return items.toSorted(compare).slice(0, count);
  if (count === 0) return [];
  // A heap whose root is the largest of the smallest so far.
  const heap = items.slice(0, count).sort((a, b) => compare(b, a));
  for (let i = count; i < items.length; i++) {
    const item = items[i] as number;
    if (compare(item, heap[0] as number) < 0) replaceRoot(heap, item, compare);
  }
  return heap.sort(compare);
}

function replaceRoot(heap: number[], item: number, compare: (a: number, b: number) => number): void {
  let hole = 0;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && compare(heap[child] as number, heap[child + 1] as number) < 0) child++;
    if (compare(item, heap[child] as number) >= 0) break;
    heap[hole] = heap[child] as number;
    hole = child;
  }
  heap[hole] = item;
}
