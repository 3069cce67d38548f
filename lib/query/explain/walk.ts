/**
 * Follows hops from an object and tells them as steps: no object twice, no chain without end.
 *
 * @module
 */

import { compared } from "../../format/integers.ts";
import type { Evidence } from "../links/evidence.ts";
import type { ObjectRef } from "../names/object_kind.ts";
import type { Step, StepCut } from "./answer.ts";
import { describe } from "./describe.ts";
import type { Hop } from "./hop.ts";
import type { Relation } from "./relation.ts";
import type { Scene } from "./scene.ts";

/** Finds the hops that go on from an object. */
export type HopFinder = (scene: Scene, from: ObjectRef) => readonly Hop[];

/** Steps of one relation that are told one by one, at the object asked for and further on. */
const MOST_NEAR = 12;
const MOST_FAR = 3;
/** Steps of a whole chain. */
const MOST_STEPS = 400;
/** Events of one step. */
const MOST_EVENTS = 6;

/** A step that is still being told. */
interface Draft extends Step {
  cut: StepCut | null;
  readonly steps: Draft[];
}

/** An object whose hops are still to be followed. */
interface Open {
  readonly from: ObjectRef;
  /** The objects on the way here, this one included. */
  readonly path: readonly string[];
  /** The step that led here; null for the object asked for. */
  readonly draft: Draft | null;
}

/**
 * The chain from an object, `depth` steps deep.
 *
 * What is near is told first: an object that is reached twice goes on where it is nearest.
 */
export function chainFrom(
  scene: Scene,
  from: ObjectRef,
  find: HopFinder,
  depth: number,
): Step[] {
  const walk = new Walk(scene, find, depth);
  const root: Draft[] = [];
  walk.follow({ from, path: [keyOf(from)], draft: null }, root);
  return root;
}

class Walk {
  readonly #scene: Scene;
  readonly #find: HopFinder;
  readonly #depth: number;
  readonly #seen: Set<string> = new Set();
  readonly #queue: Open[] = [];
  #told = 0;

  constructor(scene: Scene, find: HopFinder, depth: number) {
    this.#scene = scene;
    this.#find = find;
    this.#depth = depth;
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
    const hops = this.#find(this.#scene, open.from).filter((hop) =>
      // Where the chain came from is no news.
      !open.path.includes(keyOf(hop.to)) &&
      (hop.nearOnly !== true || level === 0) &&
      (hop.unlessSeen !== true || !this.#seen.has(keyOf(hop.to)))
    );
    if (hops.length === 0) return;
    if (level >= this.#depth || this.#told >= MOST_STEPS) {
      const cut = level >= this.#depth ? "depth" : "size";
      if (open.draft !== null) open.draft.cut = cut;
      return;
    }
    for (const { hop, more } of folded(hops, level)) {
      const draft = more > 0 ? restOf(hop, more) : stepOf(this.#scene, hop);
      steps.push(draft);
      this.#told++;
      if (more === 0 && hop.leaf !== true) this.#enqueue(hop.to, open, draft);
    }
  }

  #enqueue(to: ObjectRef, { path }: Open, draft: Draft): void {
    const key = keyOf(to);
    if (this.#seen.has(key)) {
      draft.cut = "seen";
      return;
    }
    this.#seen.add(key);
    this.#queue.push({ from: to, path: [...path, key], draft });
  }
}

/** The hops that are told one by one, and for the others of a relation how many they are. */
function folded(
  hops: readonly Hop[],
  level: number,
): { hop: Hop; more: number }[] {
  const most = level === 0 ? MOST_NEAR : MOST_FAR;
  const groups = new Map<Relation, Hop[]>();
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

function stepOf(scene: Scene, hop: Hop): Draft {
  const text = describe(scene, hop.to);
  return {
    relation: hop.relation,
    object: hop.to,
    text: hop.note === undefined ? text : `${hop.note}: ${text}`,
    count: 1,
    evidence: inOrder(hop.evidence()).slice(0, MOST_EVENTS),
    cut: null,
    steps: [],
  };
}

/** Each event once, in the order of the log. */
function inOrder(evidence: readonly Evidence[]): Evidence[] {
  const once = new Map(evidence.map((each) => [String(each.seq), each]));
  return [...once.values()].sort((a, b) => compared(a.seq, b.seq));
}

function restOf({ relation }: Hop, count: number): Draft {
  return {
    relation,
    object: null,
    text: `and ${count} more`,
    count,
    evidence: [],
    cut: null,
    steps: [],
  };
}

function keyOf({ kind, id }: ObjectRef): string {
  return `${kind} ${id}`;
}
