/**
 * Shapes as options of a command line: `--calls 400 --compact 50 --delta`.
 *
 * @module
 */

import { SCHEMAS } from "../../../../lib/schema/registry.ts";
import {
  type BenchShape,
  DEFAULT_SHAPE,
  isShapeName,
  NAMED_SHAPES,
} from "./shape.ts";

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
/** Options that stand alone. */
export const SWITCH_FLAGS: readonly string[] = knobsOfType("boolean").map(
  flagOf,
);

/** A whole number, not negative. */
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
