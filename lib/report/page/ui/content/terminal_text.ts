/**
 * The output of a terminal as a terminal shows it: colours, and lines that were written over.
 *
 * The text stays complete where a terminal would clear its screen: only what a line writes over
 * itself is replaced. Sequences that neither move nor colour are dropped.
 *
 * @module
 */

import Anser from "anser";
import ansiRegex from "ansi-regex";
import type { Rgb } from "./readable_color.ts";

/** How a part of an output looks. */
export interface TerminalStyle {
  /** Null for the colour of plain text. */
  readonly foreground: Rgb | null;
  readonly background: Rgb | null;
  readonly decorations: readonly string[];
}

/** A part of an output with one style; it may contain line ends. */
export interface TerminalRun {
  readonly text: string;
  readonly style: TerminalStyle;
}

const PLAIN: TerminalStyle = {
  foreground: null,
  background: null,
  decorations: [],
};

/** What a terminal interprets: without any of it, a text is shown as it is. */
// deno-lint-ignore no-control-regex
const CONTROLS = /[\u0007\u0008\u001b\u009b]|\r(?!\n)/;
// deno-lint-ignore no-control-regex
const ESCAPES = /[\u001b\u009b]/g;
const SEQUENCE = new RegExp(ansiRegex().source, "y");
/** What ends a command to the operating system, such as a link. */
const TERMINATORS = ["\u0007", "\u001b\\", "\u009c"];

/** Styles beyond this number are dropped: a hostile output has one for each character. */
const MAX_RUNS = 5000;
/** Cells that moves of the cursor may fill with spaces, in one output. */
const MAX_PADDING = 20_000;

/** Whether a terminal would show a text in another way than it is written. */
export function hasControls(text: string): boolean {
  return CONTROLS.test(text);
}

/** Returns the text as a terminal shows it, in parts of one style each. */
export function terminalRuns(text: string): TerminalRun[] {
  if (!hasControls(text)) return [{ text, style: PLAIN }];
  const screen = new Screen();
  for (const piece of piecesOf(text)) {
    if (piece.type === "text") screen.write(piece.text);
    else screen.apply(piece.text);
  }
  return screen.runs();
}

interface Piece {
  readonly type: "text" | "sequence";
  readonly text: string;
}

/** Splits a text at its escape sequences. An incomplete one is text. */
function* piecesOf(text: string): Generator<Piece> {
  const lastEnd = Math.max(
    ...TERMINATORS.map((each) => text.lastIndexOf(each)),
  );
  let start = 0;
  for (const { index } of text.matchAll(ESCAPES)) {
    if (index < start) continue;
    // Looking for an end that is not there would read the rest of the text for every start.
    if (text[index + 1] === "]" && lastEnd < index) continue;
    SEQUENCE.lastIndex = index;
    const sequence = SEQUENCE.exec(text)?.[0];
    if (sequence === undefined) continue;
    if (index > start) yield { type: "text", text: text.slice(start, index) };
    yield { type: "sequence", text: sequence };
    start = index + sequence.length;
  }
  if (start < text.length) yield { type: "text", text: text.slice(start) };
}

interface Line {
  readonly characters: string[];
  readonly styles: TerminalStyle[];
}

/** Lines that a cursor writes to. */
class Screen {
  readonly #lines: Line[] = [{ characters: [], styles: [] }];
  readonly #colours = new Anser();
  #row = 0;
  #column = 0;
  #padding = 0;
  #style = PLAIN;

  write(text: string): void {
    for (const character of text) {
      switch (character) {
        case "\n":
          this.#moveTo(this.#row + 1, 0);
          break;
        case "\r":
          this.#column = 0;
          break;
        case "\b":
          this.#column = Math.max(0, this.#column - 1);
          break;
        case "\u0007":
          break;
        default:
          this.#put(character);
      }
    }
  }

  /** Applies a sequence that colours, moves the cursor in its lines, or erases in its line. */
  apply(sequence: string): void {
    // deno-lint-ignore no-control-regex
    const parts = /^(?:\u001b\[|\u009b)([\d;:]*)([A-Za-z])$/.exec(sequence);
    const [, parameters = "", command] = parts ?? [];
    if (command === "m") return this.#colour(parameters);
    const count = Math.max(1, Number.parseInt(parameters) || 0);
    switch (command) {
      case "A":
        return this.#moveTo(Math.max(0, this.#row - count), this.#column);
      case "B":
        return this.#moveTo(
          Math.min(this.#lines.length - 1, this.#row + count),
          this.#column,
        );
      case "C":
        return this.#moveTo(this.#row, this.#column + count);
      case "D":
        return this.#moveTo(this.#row, Math.max(0, this.#column - count));
      case "G":
        return this.#moveTo(this.#row, count - 1);
      case "K":
        return this.#eraseInLine(Number.parseInt(parameters) || 0);
    }
  }

  runs(): TerminalRun[] {
    const runs: { text: string; style: TerminalStyle }[] = [];
    const add = (text: string, style: TerminalStyle) => {
      const last = runs.at(-1);
      if (last !== undefined && (last.style === style || text === "\n")) {
        last.text += text;
      } else if (last !== undefined && runs.length >= MAX_RUNS) {
        if (last.style === PLAIN) last.text += text;
        else runs.push({ text, style: PLAIN });
      } else runs.push({ text, style });
    };
    this.#lines.forEach(({ characters, styles }, row) => {
      if (row > 0) add("\n", PLAIN);
      characters.forEach((character, i) => add(character, styles[i] ?? PLAIN));
    });
    return runs;
  }

  #line(): Line {
    const line = this.#lines[this.#row] ?? { characters: [], styles: [] };
    this.#lines[this.#row] = line;
    return line;
  }

  #put(character: string): void {
    const { characters, styles } = this.#line();
    while (characters.length < this.#column) {
      if (this.#padding++ >= MAX_PADDING) {
        this.#column = characters.length;
        break;
      }
      characters.push(" ");
      styles.push(PLAIN);
    }
    characters[this.#column] = character;
    styles[this.#column] = this.#style;
    this.#column++;
  }

  #moveTo(row: number, column: number): void {
    this.#row = row;
    this.#column = Math.min(column, MAX_PADDING);
    this.#line();
  }

  #eraseInLine(part: number): void {
    const { characters, styles } = this.#line();
    const at = Math.min(this.#column, characters.length);
    if (part === 0) {
      characters.length = at;
      styles.length = at;
      return;
    }
    const end = part === 1
      ? Math.min(at + 1, characters.length)
      : characters.length;
    characters.fill(" ", 0, end);
    styles.fill(PLAIN, 0, end);
  }

  #colour(parameters: string): void {
    const sequence = `\u001b[${separated(parameters)}mx`;
    const style = this.#colours.ansiToJson(sequence, { json: true }).at(-1);
    if (style === undefined) return;
    const { fg, bg, decorations } = style;
    this.#style = fg === null && bg === null && decorations.length === 0
      ? PLAIN
      : {
        foreground: rgbIn(fg),
        background: rgbIn(bg),
        decorations: [...new Set(decorations)],
      };
  }
}

/** Parameters with colons, which belong to one another, as older terminals write them. */
function separated(parameters: string): string {
  return parameters.split(";").map((word) =>
    /^[34]8:/.test(word)
      ? word.replace(/:+/g, ";")
      : word.startsWith("4:0")
      ? "24"
      : word.replace(/:.*/, "")
  ).join(";");
}

/** The colour `187, 0, 0`; null for none. */
function rgbIn(text: string | null): Rgb | null {
  const [red, green, blue] = text?.split(",").map(Number) ?? [];
  return red === undefined || green === undefined || blue === undefined
    ? null
    : [red, green, blue];
}
