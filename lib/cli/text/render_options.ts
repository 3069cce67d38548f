/**
 * How text is rendered: how wide it is, and whether it has colors.
 *
 * @module
 */

import { LOCAL_FLAG, MAX_WIDTH, MIN_WIDTH } from "../catalog/common_flags.ts";
import type { Terminal } from "../command.ts";
import type { ParsedFlags } from "../args/parse_args.ts";
import { type Style, styleFor } from "./style.ts";

/** How lines of text are rendered. */
export interface RenderOptions {
  /** Columns of a line. */
  readonly width: number;
  readonly style: Style;
  /** Whether times are those of the local time zone; else of UTC. */
  readonly isLocal?: boolean;
}

/** Columns where neither a flag nor a terminal determines them. */
const DEFAULT_WIDTH = 80;

/** How text is rendered, by `--width`, `--color` and the terminal. */
export function renderOptionsFor(
  flags: ParsedFlags,
  terminal: Terminal,
): RenderOptions {
  const width = flags.number("width") ?? widthOfTerminal(terminal);
  const style = styleFor(hasColor(flags, terminal));
  return { width, style, isLocal: isLocal(flags) };
}

/** Whether `--local` is present; commands that print no times do not have it. */
function isLocal(flags: ParsedFlags): boolean {
  const { name } = LOCAL_FLAG;
  return flags.has(name) && flags.on(name);
}

function widthOfTerminal({ columns }: Terminal): number {
  // Some terminals that do not know their width report 0 columns.
  const width = columns === undefined || columns === 0
    ? DEFAULT_WIDTH
    : columns;
  return Math.min(Math.max(width, MIN_WIDTH), MAX_WIDTH);
}

function hasColor(flags: ParsedFlags, { color }: Terminal): boolean {
  const when = flags.value("color");
  return when === "always" || (when !== "never" && color);
}
