/**
 * What a generated session is like, also as options of a command line.
 *
 * @module
 */

import { SCHEMAS } from "../../../../lib/schema/registry.ts";

/** Every knob of the generator. "Every K" means never when K is 0. */
export interface BenchShape {
  /** Schema of the bundle. */
  readonly schema: number;
  /** The same seed and knobs give the same bytes. */
  readonly seed: number;
  /** Requests to the model, over all threads. */
  readonly calls: number;
  /** Tool calls in a response that does not end its turn. */
  readonly tools: number;
  /** Requests of a turn; the last one is answered by a message. */
  readonly turn: number;
  /** Threads; the first is the root. */
  readonly threads: number;
  /** Length of a tool's output. */
  readonly outBytes: number;
  /** Length of the instructions that every request begins with. */
  readonly promptBytes: number;
  /** Length of the tool descriptions that every request ends with. */
  readonly toolsBytes: number;
  /** Length of the encrypted part of a reasoning item. */
  readonly reasonBytes: number;
  /** Words in a thousand that are not ASCII. */
  readonly unicode: number;
  /** Every K requests of a thread its history is replaced by a summary. */
  readonly compact: number;
  /** Every K requests of a thread something in the middle of its history changes. */
  readonly mutate: number;
  /** Every K requests a user repeats an earlier message word for word. */
  readonly reuse: number;
  /** Every K tool calls one applies a patch. */
  readonly code: number;
  /** Every K tool calls one is a code cell that calls a tool itself. */
  readonly cells: number;
  /** Every K messages of a user one holds an image. */
  readonly images: number;
  /** Every K tool calls one answers with an image, which schema 1 cannot see twice. */
  readonly outputImages: number;
  /** Threads are spawned by tool calls and report back; every K requests the root writes to one. */
  readonly agents: number;
  /** Inside a turn requests send only what is new. */
  readonly delta: boolean;
  /** A child begins with the history of its parent. */
  readonly fork: boolean;
  /** Items of the history carry notes that replay has to take away. */
  readonly passthrough: boolean;
}

/** A coding session: one tool call a response, every request a full snapshot. */
export const DEFAULT_SHAPE: BenchShape = {
  schema: 1,
  seed: 1,
  calls: 100,
  tools: 1,
  turn: 20,
  threads: 1,
  outBytes: 1500,
  promptBytes: 17_000,
  toolsBytes: 17_000,
  reasonBytes: 600,
  unicode: 10,
  compact: 0,
  mutate: 0,
  reuse: 0,
  code: 0,
  cells: 0,
  images: 0,
  outputImages: 0,
  agents: 0,
  delta: false,
  fork: false,
  passthrough: false,
};

/** Shapes that have a name. */
export const NAMED_SHAPES = {
  default: {},
  delta: { delta: true },
  compact: { compact: 50 },
  mutate: { tools: 2, mutate: 7 },
  threads: { threads: 4, tools: 3, compact: 20, mutate: 9 },
  mixed: {
    threads: 3,
    tools: 2,
    turn: 6,
    compact: 23,
    mutate: 11,
    reuse: 9,
    code: 5,
    cells: 4,
    images: 2,
    agents: 5,
    fork: true,
    passthrough: true,
  },
} as const satisfies Record<string, Partial<BenchShape>>;

/** Name of a shape. */
export type ShapeName = keyof typeof NAMED_SHAPES;

/** True for the name of a shape. */
export function isShapeName(name: string): name is ShapeName {
  return Object.hasOwn(NAMED_SHAPES, name);
}

/** True at each K-th of something, counted from 1; never when `every` is 0. */
export function isEvery(every: number, count: number): boolean {
  return every > 0 && count > 0 && count % every === 0;
}

/** `outBytes` as it is spelled on a command line. */
function flagOf(knob: string): string {
  return knob.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function knobsOfType(type: "boolean" | "number"): string[] {
  return Object.entries(DEFAULT_SHAPE)
    .map(([knob, value]) => ({ knob, is: typeof value }))
    .filter(({ is }) => is === type)
    .map(({ knob }) => knob);
}

/** Options that take a value. */
export const VALUE_FLAGS: readonly string[] = [
  "shape",
  ...knobsOfType("number").map(flagOf),
];
/** Options without a value. */
export const SWITCH_FLAGS: readonly string[] = knobsOfType("boolean").map(
  flagOf,
);

/** An integer that is not negative. */
export function countOf(flag: string, text: unknown): number {
  if (typeof text !== "string" || !/^\d{1,9}$/.test(text)) {
    throw new TypeError(`Cannot take --${flag} ${text}: it is no count`);
  }
  return Number(text);
}

/** The shape that options ask for: a named one, changed by the others. */
export function shapeOf(
  flags: Readonly<Record<string, unknown>>,
): Partial<BenchShape> {
  const name = flags.shape ?? "default";
  if (typeof name !== "string" || !isShapeName(name)) {
    throw new TypeError(
      `Cannot take --shape ${name}: choose ${
        Object.keys(NAMED_SHAPES).join(", ")
      }`,
    );
  }
  const knobs: Record<string, unknown> = { ...NAMED_SHAPES[name] };
  for (const knob of knobsOfType("number")) {
    const given = flags[flagOf(knob)];
    if (given !== undefined) knobs[knob] = countOf(flagOf(knob), given);
  }
  for (const knob of knobsOfType("boolean")) {
    if (flags[flagOf(knob)] === true) knobs[knob] = true;
  }
  const versions = SCHEMAS.map(({ version }) => version);
  if (knobs.schema !== undefined && !versions.includes(Number(knobs.schema))) {
    throw new TypeError(
      `Cannot take --schema ${knobs.schema}: choose ${versions.join(" or ")}`,
    );
  }
  return knobs;
}
