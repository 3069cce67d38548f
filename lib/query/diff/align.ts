/**
 * Two lists aligned: what both have in the same order.
 *
 * The common beginning and end take one comparison per element. What is between is aligned by
 * the fewest edits, after E. Myers, "An O(ND) Difference Algorithm" (1986); beyond a number of
 * edits the alignment is truncated, so that the time is bounded.
 *
 * @module
 */

/** Elements of both lists that are the same: `length` of them, from `a` and from `b` on. */
export interface CommonRun {
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

/** Two lists, aligned. */
export interface Alignment {
  /** What both have, in order; no run is empty. */
  readonly runs: readonly CommonRun[];
  /** Whether nothing was looked for between the common beginning and the common end. */
  readonly truncated: boolean;
}

/** More edits than these are a different list. */
const MAX_EDITS = 1000;

/** Aligns two lists. Aligned the other way round, they have the same in common. */
export function align(
  a: readonly string[],
  b: readonly string[],
  maxEdits: number = MAX_EDITS,
): Alignment {
  const [first, second] = numbered(a, b);
  // Where several alignments are as good, which one is found must not depend on the order.
  if (precedes(b, a)) {
    const { runs, truncated } = aligned(second, first, maxEdits);
    return {
      runs: runs.map(({ a, b, length }) => ({ a: b, b: a, length })),
      truncated,
    };
  }
  return aligned(first, second, maxEdits);
}

/** The same lists with small numbers for elements, which compare fast however long they are. */
function numbered(
  a: readonly string[],
  b: readonly string[],
): readonly [Int32Array, Int32Array] {
  const numbers = new Map<string, number>();
  const numberOf = (text: string) => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, numbers.size);
    return numbers.size - 1;
  };
  return [Int32Array.from(a, numberOf), Int32Array.from(b, numberOf)];
}

function precedes(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return a.length < b.length;
  const at = a.findIndex((element, index) => element !== b[index]);
  return at !== -1 && (a[at] ?? "") < (b[at] ?? "");
}

function aligned(a: Int32Array, b: Int32Array, maxEdits: number): Alignment {
  const least = Math.min(a.length, b.length);
  let start = 0;
  while (start < least && a[start] === b[start]) start++;
  let end = 0;
  while (
    end < least - start && a[a.length - 1 - end] === b[b.length - 1 - end]
  ) end++;
  const between = middle(
    a.subarray(start, a.length - end),
    b.subarray(start, b.length - end),
    maxEdits,
  );
  const runs = [
    { a: 0, b: 0, length: start },
    ...(between ?? []).map((run) => ({
      a: run.a + start,
      b: run.b + start,
      length: run.length,
    })),
    { a: a.length - end, b: b.length - end, length: end },
  ];
  return {
    runs: runs.filter(({ length }) => length > 0),
    truncated: between === undefined,
  };
}

/** Aligns lists that share neither beginning nor end; `undefined` beyond `maxEdits`. */
function middle(
  a: Int32Array,
  b: Int32Array,
  maxEdits: number,
): CommonRun[] | undefined {
  if (a.length === 0 || b.length === 0) return [];
  const limit = Math.min(a.length + b.length, maxEdits);
  /** For each number of edits, how far each diagonal reached with one edit fewer. */
  const trace: Int32Array[] = [];
  const reached = new Int32Array(2 * limit + 3);
  const zero = limit + 1;
  for (let edits = 0; edits <= limit; edits++) {
    trace.push(reached.slice(zero - edits - 1, zero + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const left = reached[zero + diagonal - 1] ?? 0;
      const above = reached[zero + diagonal + 1] ?? 0;
      const isDown = diagonal === -edits ||
        diagonal !== edits && left < above;
      let x = isDown ? above : left + 1;
      while (
        x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]
      ) x++;
      reached[zero + diagonal] = x;
      if (x >= a.length && x - diagonal >= b.length) {
        return runsOf(trace, a.length, b.length);
      }
    }
  }
  return undefined;
}

/** Walks back over the edits, from the ends of both lists to their beginnings. */
function runsOf(
  trace: readonly Int32Array[],
  lengthA: number,
  lengthB: number,
): CommonRun[] {
  const runs: CommonRun[] = [];
  let x = lengthA;
  let y = lengthB;
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const before = trace[edits];
    const zero = edits + 1;
    const diagonal = x - y;
    const left = before?.[zero + diagonal - 1] ?? 0;
    const above = before?.[zero + diagonal + 1] ?? 0;
    const isDown = diagonal === -edits || diagonal !== edits && left < above;
    const fromX = edits === 0 ? 0 : isDown ? above : left;
    const fromY = edits === 0
      ? 0
      : isDown
      ? above - (diagonal + 1)
      : left - (diagonal - 1);
    // The edit itself is first, then the elements of both.
    const startX = edits === 0 ? 0 : isDown ? fromX : fromX + 1;
    if (x > startX) {
      runs.push({ a: startX, b: startX - diagonal, length: x - startX });
    }
    x = fromX;
    y = fromY;
  }
  return runs.reverse();
}
