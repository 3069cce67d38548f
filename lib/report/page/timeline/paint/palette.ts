/**
 * Colours and fonts of a drawing, read from the style of the page, so that a canvas follows the
 * theme like everything else.
 *
 * @module
 */

import type { SpanKind } from "../layout/scene.ts";

/** A strong colour for edges and slivers, a soft one to write on. */
export interface Tone {
  readonly strong: string;
  readonly soft: string;
}

/** Everything a drawing takes from the style sheet. */
export interface Palette {
  readonly surface: string;
  readonly sunken: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly text: string;
  readonly muted: string;
  readonly accent: string;
  readonly focus: string;
  readonly edge: string;
  readonly bad: Tone;
  readonly off: Tone;
  readonly kinds: Readonly<Record<SpanKind, Tone>>;
  /** Font of labels, and of small print. */
  readonly font: string;
  readonly small: string;
}

/** Reads the palette as it holds for an element. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  const tone = (name: string): Tone => ({
    strong: read(name),
    soft: read(`${name}-soft`),
  });
  const sans = read("--sans") || "sans-serif";
  return {
    surface: read("--surface"),
    sunken: read("--sunken"),
    line: read("--line"),
    lineStrong: read("--line-strong"),
    text: read("--text"),
    muted: read("--muted"),
    accent: read("--accent"),
    focus: read("--focus"),
    edge: read("--kind-edge"),
    bad: tone("--bad"),
    off: tone("--off"),
    kinds: {
      turn: tone("--kind-turn"),
      call: tone("--kind-call"),
      tool: tone("--kind-tool"),
      cell: tone("--kind-cell"),
      operation: tone("--kind-terminal"),
      compaction: tone("--kind-compaction"),
      summary: tone("--kind-compaction"),
    },
    font: `11px ${sans}`,
    small: `10px ${sans}`,
  };
}
