/**
 * The critical path of a turn: what had to end before the turn could, from its end backwards.
 *
 * Of everything that ran in a span, the part that ended last is on the path, then what ended last
 * before that part started, and so on; where nothing ran, the span itself is. A tool call that waits
 * for another agent continues with what that agent did meanwhile.
 *
 * @module
 */

import type { Packed } from "./pack.ts";

export interface PathPart {
  /** Position of the span that ran. */
  readonly span: number;
  readonly from: number;
  readonly to: number;
}

/** Maximum number of parts: a path through more is not read by anyone. */
const MAX_PARTS = 20_000;

/** The parts of the path of a turn, in order of time; together they last as long as the turn. */
export function criticalPath(packed: Packed, turn: number): PathPart[] {
  const walker = new Walker(packed);
  const { scene, until } = packed;
  const span = scene.spans[turn];
  if (span === undefined) return [];
  walker.walk(turn, span.start, until[turn] ?? span.start);
  return walker.parts.toReversed();
}

/** A part whose children are still to be walked. */
interface Visit {
  readonly span: number;
  readonly from: number;
  readonly to: number;
}

class Walker {
  readonly parts: PathPart[] = [];
  readonly #packed: Packed;
  readonly #partners: ReadonlyMap<number, readonly Partner[]>;
  readonly #seen = new Set<number>();

  constructor(packed: Packed) {
    this.#packed = packed;
    this.#partners = partnersOf(packed);
  }

  /** Walks from the end of a span to its start, into what ran in it. */
  walk(span: number, from: number, to: number): void {
    const stack: Visit[] = [{ span, from, to }];
    for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
      if (this.parts.length >= MAX_PARTS) return;
      const inner = this.#last(visit);
      if (inner === null) {
        this.#add(visit.span, visit.from, visit.to);
        continue;
      }
      this.#seen.add(inner.span);
      this.#add(visit.span, inner.to, visit.to);
      // The rest of this span follows what is inside: the walk goes backwards in time.
      if (inner.from > visit.from) {
        stack.push({ span: visit.span, from: visit.from, to: inner.from });
      }
      stack.push(inner);
    }
  }

  #add(span: number, from: number, to: number): void {
    if (to > from) this.parts.push({ span, from, to });
  }

  /** What ended last in a span before a time; null where nothing ran. */
  #last({ span, from, to }: Visit): Visit | null {
    const { scene, until, children } = this.#packed;
    let best: Visit | null = null;
    const consider = (each: number, bound = Infinity) => {
      const start = Math.max(scene.spans[each]?.start ?? Infinity, from);
      const end = Math.min(until[each] ?? -Infinity, bound, to);
      if (end <= start || start >= to || this.#seen.has(each)) return;
      const isLater = best === null || end > best.to ||
        (end === best.to && start < best.from);
      if (isLater) best = { span: each, from: start, to: end };
    };
    for (const child of children[span] ?? []) consider(child);
    for (const [turn, bound] of this.#partners.get(span) ?? []) {
      consider(turn, bound);
    }
    return best;
  }
}

/** A turn of another agent, and when it did what a tool call waited for. */
type Partner = readonly [turn: number, until: number];

/**
 * What tool calls that wait for agents waited for: turns that sent something while the call ran,
 * until they sent it, and turns of agents that the call itself concerns, until they ended.
 */
function partnersOf({ scene, until }: Packed): Map<number, Partner[]> {
  const turns: number[][] = scene.lanes.map(() => []);
  const waits: number[][] = scene.lanes.map(() => []);
  scene.spans.forEach(({ kind, lane, isWaiting }, index) => {
    if (kind === "turn") turns[lane]?.push(index);
    if (isWaiting) waits[lane]?.push(index);
  });
  const found = new Map<number, Partner[]>();
  const add = (wait: number, lane: number, end: number) => {
    const known = found.get(wait) ?? [];
    for (const turn of turns[lane] ?? []) known.push([turn, end]);
    found.set(wait, known);
  };
  for (const { from, to } of scene.edges) {
    if (from.lane === to.lane) continue;
    for (const wait of waits[to.lane] ?? []) {
      const [start, end] = [scene.spans[wait]?.start ?? 0, until[wait] ?? 0];
      if (to.time >= start && to.time <= end) add(wait, from.lane, from.time);
    }
    if (scene.spans[from.span]?.isWaiting) add(from.span, to.lane, Infinity);
  }
  return found;
}
