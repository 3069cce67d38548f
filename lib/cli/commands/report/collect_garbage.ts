/**
 * Collects garbage between the steps of a report.
 *
 * @module
 */

/**
 * Bytes of the heap from which on garbage is collected: 192 MB. After a collection the engine lets the
 * heap grow to more than three times of what was left, and most of what a step leaves is garbage.
 */
const MIN_HEAP = 192 * 1024 * 1024;

/**
 * Collects garbage if the heap is large, in the compiled program: it has the engine's `gc` (see
 * `--expose-gc` in `tests/tools/compile.ts`). The sources run without.
 */
export function collectGarbage(): void {
  const { gc } = globalThis as { gc?: () => void };
  if (gc !== undefined && Deno.memoryUsage().heapUsed > MIN_HEAP) gc();
}
