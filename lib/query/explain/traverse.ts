/**
 * Follows links from an object and adds them as steps: no object twice, no infinite chain.
 *
 * @module
 */

import { compareValues } from "../../format/integers.ts";
import {
  evidenceFrom,
  type EvidenceSource,
  seqOf,
} from "../evidence/links/evidence.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type {
  ChainTruncation,
  Step,
  StepTruncation,
} from "./explain_answer.ts";
import { describe } from "./describe.ts";
import {
  beginOf,
  earlier,
  isBefore,
  lastCauseOf,
  later,
  type Link,
  type Moment,
} from "./link.ts";
import type { Relation } from "./relation.ts";
import type { ExplainContext } from "./explain_context.ts";

/** A direction in which links lead. */
export interface Direction {
  /** Finds the links from an object. */
  readonly find: (context: ExplainContext, from: ObjectRef) => readonly Link[];
  /** Whether steps are later, one by one. */
  readonly isAhead: boolean;
}

/** A chain, and what was left out of it. */
export interface Chain {
  readonly steps: readonly Step[];
  readonly cut: ChainTruncation | null;
}

/** Steps of one relation that are listed one by one, at the explained object and further on. */
const MAX_NEAR = 12;
const MAX_FAR = 2;
/** Steps of a chain. */
const MAX_STEPS = 400;
/** Events of one step. */
const MAX_EVENTS = 6;
/** How many times as deep a chain is looked into for what is left out. */
const LOOK_FURTHER = 2;
/** The deepest chain that can be asked for. */
const MAX_DEPTH = 100;

/** A step that is still being built. */
interface OpenStep extends Step {
  truncated: StepTruncation | null;
  readonly steps: OpenStep[];
}

/** An object whose links are still to be followed. */
interface Open {
  readonly from: ObjectRef;
  /** The objects on the way here, this one included. */
  readonly path: readonly string[];
  /** From where on something may follow from it. */
  readonly since: Moment | null;
  /** Up to where on something may be a cause of it; null ahead. */
  readonly until: Moment | null;
  /** The step that led here; null for the object asked for. */
  readonly draft: OpenStep | null;
}

/**
 * The chain from an object, `depth` steps deep.
 *
 * Near steps are added first: an object that is reached twice continues where it is nearest.
 */
export function chainFrom(
  context: ExplainContext,
  from: ObjectRef,
  direction: Direction,
  depth: number,
): Chain {
  const walk = new Walk(context, direction, depth);
  const steps: OpenStep[] = [];
  const since = direction.isAhead ? beginOf(context.trace, from) : null;
  const until = direction.isAhead ? null : lastCauseOf(context.trace, from);
  walk.follow({ from, path: [keyOf(from)], since, until, draft: null }, steps);
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
  readonly #context: ExplainContext;
  readonly #direction: Direction;
  readonly #depth: number;
  readonly #seen: Set<string> = new Set();
  readonly #queue: Open[] = [];
  #count = 0;
  #leftOut = 0;

  constructor(context: ExplainContext, direction: Direction, depth: number) {
    this.#context = context;
    this.#direction = direction;
    this.#depth = depth;
  }

  /** Steps that a chain of twice the depth would have beside these. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Adds the steps from an object to `root`, and all that follow from these. */
  follow(start: Open, root: OpenStep[]): void {
    this.#seen.add(keyOf(start.from));
    this.#queue.push(start);
    for (let at = 0; at < this.#queue.length; at++) {
      const open = this.#queue[at];
      if (open !== undefined) this.#expand(open, open.draft?.steps ?? root);
    }
  }

  #expand(open: Open, steps: OpenStep[]): void {
    const level = open.path.length - 1;
    const links = this.#direction.find(this.#context, open.from).filter((
      link,
    ) => this.#isNews(link, open, level));
    if (links.length === 0) return;
    const isFull = this.#count + this.#leftOut >= MAX_STEPS;
    const isDeep = level >= this.#depth;
    if ((isFull || isDeep) && open.draft !== null) {
      // The last step marks that the chain continues.
      if (open.draft.truncated === null) {
        open.draft.truncated = isDeep ? "depth" : "size";
      }
    }
    if (isFull || level >= furtherThan(this.#depth)) return;
    for (const { link, more } of folded(links, level)) {
      if (isDeep) this.#pass(link, more, open);
      else this.#add(link, more, open, steps);
    }
  }

  #isNews(link: Link, { path, since, until }: Open, level: number): boolean {
    const key = keyOf(link.to);
    // The step before is not repeated.
    if (path.includes(key)) return false;
    if (link.nearOnly === true && level > 0) return false;
    if (link.unlessSeen === true && this.#seen.has(key)) return false;
    if (until !== null && this.#isLater(link, until)) return false;
    // What was there before does not follow from it.
    const begin = since === null || link.beganBefore === true
      ? null
      : beginOf(this.#context.trace, link.to);
    return since === null || begin === null || !isBefore(begin, since);
  }

  /** Whether a link leads to what began after a moment, by the order of the log: clocks jump. */
  #isLater({ to }: Link, { seq }: Moment): boolean {
    const begin = beginOf(this.#context.trace, to)?.seq ?? null;
    return seq !== null && begin !== null && begin > seq;
  }

  #add(link: Link, more: number, open: Open, steps: OpenStep[]): void {
    const draft = more > 0 ? restOf(link, more) : stepOf(this.#context, link);
    steps.push(draft);
    this.#count++;
    if (more > 0) return;
    if (link.leaf === true) {
      // A step of it further on would only repeat this one.
      if (link.nearOnly === true) this.#seen.add(keyOf(link.to));
    } else if (this.#seen.has(keyOf(link.to))) draft.truncated = "seen";
    else this.#enqueue(link, open, draft);
  }

  /** Counts a step beyond the depth. */
  #pass(link: Link, more: number, open: Open): void {
    if (more === 0 && this.#seen.has(keyOf(link.to))) return;
    this.#leftOut++;
    if (more === 0 && link.leaf !== true) {
      this.#enqueue(link, open, open.draft);
    }
  }

  #enqueue({ to, since }: Link, open: Open, draft: OpenStep | null): void {
    const key = keyOf(to);
    this.#seen.add(key);
    this.#queue.push({
      from: to,
      path: [...open.path, key],
      since: this.#direction.isAhead
        ? later(open.since, since ?? beginOf(this.#context.trace, to))
        : null,
      until: this.#direction.isAhead
        ? null
        : earlier(open.until, lastCauseOf(this.#context.trace, to)),
      draft,
    });
  }
}

/** The links that are listed one by one, and the number of the others of each relation. */
function folded(
  links: readonly Link[],
  level: number,
): { link: Link; more: number }[] {
  const limit = level === 0 ? MAX_NEAR : MAX_FAR;
  const groups = new Map<Relation, Link[]>();
  for (const link of links) {
    const group = groups.get(link.relation);
    if (group === undefined) groups.set(link.relation, [link]);
    else group.push(link);
  }
  return [...groups.values()].flatMap((group) => {
    // A single rest takes no more room than its count.
    const shown = group.length <= limit + 1 ? group : group.slice(0, limit);
    const next = group[shown.length];
    return [
      ...shown.map((link) => ({ link, more: 0 })),
      ...next === undefined
        ? []
        : [{ link: next, more: group.length - shown.length }],
    ];
  });
}

function stepOf(context: ExplainContext, link: Link): OpenStep {
  const text = describe(context, link.to);
  return {
    relation: link.relation,
    object: link.to,
    text: link.note === undefined ? text : `${link.note}: ${text}`,
    count: 1,
    evidence: inOrder(link.evidence()).slice(0, MAX_EVENTS)
      .map((each) => evidenceFrom(context.session, each)),
    truncated: null,
    steps: [],
  };
}

/** Each event once, in the order of the log. */
function inOrder(evidence: readonly EvidenceSource[]): EvidenceSource[] {
  const once = new Map(evidence.map((each) => [String(seqOf(each)), each]));
  return [...once.values()]
    .sort((a, b) => compareValues(seqOf(a), seqOf(b)));
}

function restOf({ relation }: Link, count: number): OpenStep {
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
