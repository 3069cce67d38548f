/**
 * Follows hops from an object and tells them as steps: no object twice, no chain without end.
 *
 * @module
 */

import { compareValues } from "../../format/integers.ts";
import type { Evidence } from "../evidence/links/evidence.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type {
  ChainTruncation,
  Step,
  StepTruncation,
} from "./explain_answer.ts";
import { describe } from "./describe.ts";
import { beginOf, isBefore, later, type Link, type Moment } from "./link.ts";
import type { Relation } from "./relation.ts";
import type { ExplainContext } from "./explain_context.ts";

/** A direction in which hops lead. */
export interface Direction {
  /** Finds the hops that go on from an object. */
  readonly find: (scene: ExplainContext, from: ObjectRef) => readonly Link[];
  /** Whether what is told happened later, step by step. */
  readonly isAhead: boolean;
}

/** A chain, and what was left out of it. */
export interface Chain {
  readonly steps: readonly Step[];
  readonly cut: ChainTruncation | null;
}

/** Steps of one relation that are told one by one, at the object asked for and further on. */
const MOST_NEAR = 12;
const MOST_FAR = 2;
/** Steps of a whole chain. */
const MOST_STEPS = 400;
/** Events of one step. */
const MOST_EVENTS = 6;
/** How many times as deep a chain is looked into for what is left out. */
const LOOK_FURTHER = 2;
/** The deepest chain that can be asked for. */
export const MAX_DEPTH = 100;

/** A step that is still being told. */
interface Draft extends Step {
  truncated: StepTruncation | null;
  readonly steps: Draft[];
}

/** An object whose hops are still to be followed. */
interface Open {
  readonly from: ObjectRef;
  /** The objects on the way here, this one included. */
  readonly path: readonly string[];
  /** From where on something may follow from it. */
  readonly since: Moment | null;
  /** The step that led here; null for the object asked for. */
  readonly draft: Draft | null;
}

/**
 * The chain from an object, `depth` steps deep.
 *
 * What is near is told first: an object that is reached twice goes on where it is nearest.
 */
export function chainFrom(
  scene: ExplainContext,
  from: ObjectRef,
  direction: Direction,
  depth: number,
): Chain {
  const walk = new Walk(scene, direction, depth);
  const steps: Draft[] = [];
  const since = direction.isAhead ? beginOf(scene.trace, from) : null;
  walk.follow({ from, path: [keyOf(from)], since, draft: null }, steps);
  const { leftOut } = walk;
  return {
    steps,
    cut: leftOut === 0 ? null : { steps: leftOut, depth: furtherThan(depth) },
  };
}

function furtherThan(depth: number): number {
  return Math.min(MAX_DEPTH, LOOK_FURTHER * depth);
}

class Walk {
  readonly #scene: ExplainContext;
  readonly #direction: Direction;
  readonly #depth: number;
  readonly #seen: Set<string> = new Set();
  readonly #queue: Open[] = [];
  #told = 0;
  #leftOut = 0;

  constructor(scene: ExplainContext, direction: Direction, depth: number) {
    this.#scene = scene;
    this.#direction = direction;
    this.#depth = depth;
  }

  /** Steps that a chain of twice the depth would tell beside those that were told. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Tells the steps from an object into `root`, and all that follow from these. */
  follow(start: Open, root: Draft[]): void {
    this.#seen.add(keyOf(start.from));
    this.#queue.push(start);
    for (let at = 0; at < this.#queue.length; at++) {
      const open = this.#queue[at];
      if (open !== undefined) this.#tell(open, open.draft?.steps ?? root);
    }
  }

  #tell(open: Open, steps: Draft[]): void {
    const level = open.path.length - 1;
    const hops = this.#direction.find(this.#scene, open.from).filter((hop) =>
      this.#isNews(hop, open, level)
    );
    if (hops.length === 0) return;
    const isFull = this.#told + this.#leftOut >= MOST_STEPS;
    const isDeep = level >= this.#depth;
    if ((isFull || isDeep) && open.draft !== null) {
      // The last step that is told says that the chain goes on.
      if (open.draft.truncated === null) {
        open.draft.truncated = isDeep ? "depth" : "size";
      }
    }
    if (isFull || level >= furtherThan(this.#depth)) return;
    for (const { hop, more } of folded(hops, level)) {
      if (isDeep) this.#pass(hop, more, open);
      else this.#add(hop, more, open, steps);
    }
  }

  #isNews(hop: Link, { path, since }: Open, level: number): boolean {
    const key = keyOf(hop.to);
    // Where the chain came from is no news.
    if (path.includes(key)) return false;
    if (hop.nearOnly === true && level > 0) return false;
    if (hop.unlessSeen === true && this.#seen.has(key)) return false;
    // What was there before does not follow from it.
    const begin = since === null || hop.beganBefore === true
      ? null
      : beginOf(this.#scene.trace, hop.to);
    return since === null || begin === null || !isBefore(begin, since);
  }

  #add(hop: Link, more: number, open: Open, steps: Draft[]): void {
    const draft = more > 0 ? restOf(hop, more) : stepOf(this.#scene, hop);
    steps.push(draft);
    this.#told++;
    if (more > 0) return;
    if (hop.leaf === true) {
      // What was said of it here is not to be said again, otherwise, further on.
      if (hop.nearOnly === true) this.#seen.add(keyOf(hop.to));
    } else if (this.#seen.has(keyOf(hop.to))) draft.truncated = "seen";
    else this.#enqueue(hop, open, draft);
  }

  /** Counts a step that is too deep to be told. */
  #pass(hop: Link, more: number, open: Open): void {
    if (more === 0 && this.#seen.has(keyOf(hop.to))) return;
    this.#leftOut++;
    if (more === 0 && hop.leaf !== true) {
      this.#enqueue(hop, open, open.draft);
    }
  }

  #enqueue({ to, since }: Link, open: Open, draft: Draft | null): void {
    const key = keyOf(to);
    this.#seen.add(key);
    this.#queue.push({
      from: to,
      path: [...open.path, key],
      since: this.#direction.isAhead
        ? later(open.since, since ?? beginOf(this.#scene.trace, to))
        : null,
      draft,
    });
  }
}

/** The hops that are told one by one, and for the others of a relation how many they are. */
function folded(
  hops: readonly Link[],
  level: number,
): { hop: Link; more: number }[] {
  const most = level === 0 ? MOST_NEAR : MOST_FAR;
  const groups = new Map<Relation, Link[]>();
  for (const hop of hops) {
    const group = groups.get(hop.relation);
    if (group === undefined) groups.set(hop.relation, [hop]);
    else group.push(hop);
  }
  return [...groups.values()].flatMap((group) => {
    // One that is left over takes no more room than the line that says so.
    const shown = group.length <= most + 1 ? group : group.slice(0, most);
    const next = group[shown.length];
    return [
      ...shown.map((hop) => ({ hop, more: 0 })),
      ...next === undefined
        ? []
        : [{ hop: next, more: group.length - shown.length }],
    ];
  });
}

function stepOf(scene: ExplainContext, hop: Link): Draft {
  const text = describe(scene, hop.to);
  return {
    relation: hop.relation,
    object: hop.to,
    text: hop.note === undefined ? text : `${hop.note}: ${text}`,
    count: 1,
    evidence: inOrder(hop.evidence()).slice(0, MOST_EVENTS),
    truncated: null,
    steps: [],
  };
}

/** Each event once, in the order of the log. */
function inOrder(evidence: readonly Evidence[]): Evidence[] {
  const once = new Map(evidence.map((each) => [String(each.seq), each]));
  return [...once.values()].sort((a, b) => compareValues(a.seq, b.seq));
}

function restOf({ relation }: Link, count: number): Draft {
  return {
    relation,
    object: null,
    text: `and ${count} more`,
    count,
    evidence: [],
    truncated: null,
    steps: [],
  };
}

function keyOf({ kind, id }: ObjectRef): string {
  return `${kind} ${id}`;
}
