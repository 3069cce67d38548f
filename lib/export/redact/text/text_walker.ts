/**
 * Walks everything that a text is in another spelling: JSON inside a string, base64, URL encoding,
 * at any depth.
 *
 * @module
 */

import { codeAt, ownText } from "../detect/code_at.ts";
import type { Detectors } from "../detect/detectors.ts";
import type { Finding } from "../finding.ts";
import {
  base64Runs,
  type OnBinary,
  type RunOffsets,
} from "../detect/digits/base64_runs.ts";
import { LiteralSet, type Offsets } from "../detect/literal_set.ts";
import { type IsTaken, JsonStrings, StringPlace } from "./json_strings.ts";
import {
  markerLiterals,
  MARKERS,
  mayHaveEscapes,
} from "./spellings/escapes.ts";
import { walkReadings } from "./spellings/escaped_text.ts";
import { WalkBudget } from "./walk_budget.ts";
import { backslashLines } from "./spellings/backslash_lines.ts";
import { percentRuns } from "./spellings/percent_runs.ts";
import { TextIndex } from "./text_index.ts";
import type { ValueTable } from "./value_table.ts";

/**
 * What is done with a text in plain spelling: returns what replaces it; `undefined` where there is
 * nothing in it, so that the same text has to be walked no more.
 */
export type OnText = (
  text: string,
  findings: readonly Finding[],
  /** Where literals of the values that the walker has are, if that is known. */
  offsets?: Offsets,
) => string | undefined;

/** What a walk before found in a text. */
export interface TextState {
  /** Whether nothing was found, in any spelling. */
  readonly isClean: boolean;
  /** Whether there is no other text inside it. */
  readonly isPlain: boolean;
}

/** Texts inside texts beyond this depth are not walked. */
const MAX_NESTED = 8;

/** What a walker reports beside findings. */
export interface WalkNotes {
  /** Bytes in base64 that are no text. */
  onBinary: OnBinary;
  /** A text that is nested too deep to be walked. */
  onTooDeep(): void;
}

/** Longer texts are not remembered. */
const MAX_KNOWN = 24;
/** Texts that are remembered. */
const MAX_KNOWN_TEXTS = 10_000;

/** Walks texts. */
export class TextWalker {
  readonly #detectors: Detectors;
  readonly #onText: OnText;
  readonly #notes: WalkNotes;
  /** Short texts with nothing in them, and whether others are inside: most names are repeated. */
  readonly #known = new Map<string, boolean>();
  /** What a text has in which something is found; of one that is clean, in which a value is. */
  readonly #literals: LiteralSet<unknown>;
  readonly #valueLiterals: LiteralSet<unknown>;
  /** One for each depth. */
  readonly #indexes: TextIndex[] = [];
  readonly #budget = new WalkBudget();
  #found = 0;
  #effects = 0;
  #inner = 0;
  #isClean = false;

  /**
   * Calls `onText` for every text in every spelling, but for parts of documents in which there is
   * nothing.
   *
   * @param values What `onText` searches for, beside what is found.
   */
  constructor(
    detectors: Detectors,
    onText: OnText,
    notes: WalkNotes,
    values?: ValueTable,
  ) {
    this.#detectors = detectors;
    this.#onText = onText;
    this.#notes = notes;
    const literals = [...values?.literals() ?? [], ...markerLiterals()];
    this.#valueLiterals = new LiteralSet(literals, MARKERS);
    this.#literals = new LiteralSet(
      [...detectors.literals(), ...literals],
      MARKERS,
    );
  }

  /**
   * Returns a text with everything in it replaced.
   *
   * @param name What names the text: its key, for example.
   */
  walk(text: string, name?: string): string {
    this.#isClean = false;
    this.#budget.begin(text);
    return this.#walk(text, name, 0);
  }

  /** The same, and what it is for another walk; `state` is that of a walk before. */
  walkKnown(
    text: string,
    name: string | undefined,
    state: TextState | undefined,
  ): TextState & { readonly text: string } {
    const [found, inner] = [this.#found, this.#inner];
    this.#isClean = state?.isClean === true;
    this.#budget.begin(text);
    const walked = this.#isClean && state?.isPlain === true
      ? this.#onText(text, []) ?? text
      : this.#walk(text, name, 0);
    const isPlain = this.#inner === inner;
    return { text: walked, isClean: this.#found === found, isPlain };
  }

  /** `isRead`: it is one of the readings of another text, which are all walked. */
  #walk(
    text: string,
    name: string | undefined,
    depth: number,
    isRead = false,
  ): string {
    const context = name !== undefined && this.#detectors.dependsOn(name)
      ? name
      : undefined;
    if (
      context !== undefined || isRead || depth >= MAX_NESTED || !isWord(text)
    ) {
      return this.#walkNew(text, context, depth, isRead);
    }
    const hasInner = this.#known.get(text);
    if (hasInner !== undefined) {
      if (hasInner) this.#inner++;
      return text;
    }
    const [effects, inner] = [this.#effects, this.#inner];
    const walked = this.#walkNew(text, context, depth, false);
    if (this.#effects === effects) {
      if (this.#known.size >= MAX_KNOWN_TEXTS) this.#known.clear();
      this.#known.set(ownText(text), this.#inner > inner);
    }
    return walked;
  }

  #walkNew(
    given: string,
    name: string | undefined,
    depth: number,
    isRead: boolean,
  ): string {
    const index = this.#indexOf(depth);
    if (this.#isClean) {
      // Nothing was found in it: only a value of another text can be in it.
      index.read(given, this.#valueLiterals);
      if (index.isEmpty) return given;
    }
    // What is found in the strings of a document leaves it a document.
    if (depth < MAX_NESTED && isJsonDocument(given)) {
      this.#inner++;
      return this.#walkDocument(given, name, depth + 1);
    }
    // First: what is found of a value with escapes inside would leave the rest of it.
    const text = depth < MAX_NESTED
      ? this.#walkSpellings(given, name, depth + 1, isRead)
      : given;
    if (!this.#isClean) index.read(text, this.#literals);
    else if (text !== given) index.read(text, this.#valueLiterals);
    const findings = this.#isClean
      ? []
      : this.#detectors.scan(text, name, index.literals);
    this.#found += findings.length;
    const replaced = this.#onText(text, findings, index.literals);
    if (replaced !== undefined) this.#effects++;
    const plain = replaced ?? text;
    const isEncoded = plain.length >= 16 || plain.includes("\\") ||
      plain.includes("%");
    if (!isEncoded) return plain;
    if (depth >= MAX_NESTED) {
      this.#noteTooDeep();
      return plain;
    }
    const runs = plain === text ? index.runs : undefined;
    const walked = this.#walkEncoded(plain, name, depth + 1, runs);
    // Digits that were encoded again may have a value that they did not have.
    return walked === plain ? walked : this.#onText(walked, []) ?? walked;
  }

  #walkInner(
    text: string,
    name: string | undefined,
    depth: number,
    isRead = false,
  ): string {
    this.#inner++;
    if (this.#budget.spend(text, depth)) {
      return this.#walk(text, name, depth, isRead);
    }
    this.#noteTooDeep();
    return text;
  }

  #noteTooDeep(): void {
    this.#effects++;
    this.#notes.onTooDeep();
  }

  /** `runs` are those of the text, if they are known. */
  #walkEncoded(
    text: string,
    name: string | undefined,
    depth: number,
    runs: RunOffsets | undefined,
  ): string {
    let out = this.#walkEscaped(text, name, depth);
    const known = out === text ? runs : undefined;
    if (known?.length !== 0) {
      const found = base64Runs(out, this.#notes.onBinary, known);
      out = replaceRuns(out, found, (run) => {
        const walked = this.#walkInner(run.decoded, name, depth);
        return walked === run.decoded ? undefined : run.encode(walked);
      });
    }
    if (!out.includes("%")) return out;
    return replaceRuns(out, percentRuns(out), ({ decoded, form }) => {
      const walked = this.#walkInner(decoded, name, depth);
      if (walked !== decoded) return encodeURIComponent(walked);
      const other = form === decoded
        ? form
        : this.#walkInner(form, name, depth);
      return other === form ? undefined : encodeURIComponent(other);
    });
  }

  /** Walks the strings of a document in which there may be something. */
  #walkDocument(
    text: string,
    outer: string | undefined,
    depth: number,
  ): string {
    // What is too deep is counted, and a pattern of the user may match anything.
    const isAnyTaken = depth >= MAX_NESTED ||
      this.#detectors.hasPatterns && !this.#isClean;
    if (isAnyTaken) return this.#strings(outer, depth).feed(text);
    const index = this.#indexOf(depth - 1);
    if (!this.#isClean) index.read(text, this.#literals);
    return this.#strings(
      outer,
      depth,
      (start, end, name = outer) =>
        index.hasAny(start, end) ||
        name !== undefined && this.#detectors.dependsOn(name),
    ).feed(text);
  }

  /** Walks the strings with escapes of what is no document. */
  #walkEscaped(
    text: string,
    outer: string | undefined,
    depth: number,
  ): string {
    const last = text.lastIndexOf("\\");
    if (last < 0) return text;
    let next = -1;
    return this.#strings(outer, depth, (start, end) => {
      if (next < start) next = text.indexOf("\\", start);
      return next >= 0 && next < end;
    }).feed(text, last);
  }

  #strings(
    outer: string | undefined,
    depth: number,
    isTaken?: IsTaken,
  ): JsonStrings {
    return new JsonStrings(StringPlace.untracked(), ({ raw, name = outer }) => {
      const decoded = decodedString(raw);
      if (decoded === undefined) return raw;
      const walked = this.#walkInner(decoded, name, depth);
      return walked === decoded ? raw : encodedString(walked);
    }, isTaken);
  }

  #indexOf(depth: number): TextIndex {
    return this.#indexes[depth] ??= new TextIndex();
  }

  /** A text without escapes that are outside of strings of JSON, and codes of a terminal. */
  #walkSpellings(
    given: string,
    name: string | undefined,
    depth: number,
    isRead: boolean,
  ): string {
    const text = isRead || !mayHaveEscapes(given) ? given : walkReadings(
      given,
      (plain) => this.#walkInner(plain, name, depth, true),
      () => this.#noteTooDeep(),
    );
    return replaceRuns(text, backslashLines(text), ({ decoded, encode }) => {
      const walked = this.#walkInner(decoded, name, depth, isRead);
      return walked === decoded ? undefined : encode(walked);
    });
  }
}

/** Whether a text is short and without digits: as names are, which are repeated, unlike ids. */
function isWord(text: string): boolean {
  if (text.length > MAX_KNOWN) return false;
  for (let at = 0; at < text.length; at++) {
    const code = codeAt(text, at);
    if (code >= 0x30 && code <= 0x39) return false;
  }
  return true;
}

/** Whether a text is an object or an array of JSON. */
export function isJsonDocument(text: string): boolean {
  let start = 0;
  while (isSpace(codeAt(text, start))) start++;
  if (!OPENING.includes(codeAt(text, start))) return false;
  let end = text.length - 1;
  while (isSpace(codeAt(text, end))) end--;
  if (!CLOSING.includes(codeAt(text, end))) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const OPENING: readonly number[] = [0x7b, 0x5b];
const CLOSING: readonly number[] = [0x7d, 0x5d];

/** Whether a character is white space of JSON. */
function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** What a string of JSON is, of its characters between the quotes. */
export function decodedString(raw: string): string | undefined {
  if (!raw.includes("\\")) return raw;
  try {
    const value: unknown = JSON.parse(`"${raw}"`);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The characters between the quotes of a string of JSON. */
export function encodedString(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function replaceRuns<T extends { start: number; end: number }>(
  text: string,
  runs: Iterable<T>,
  replace: (run: T) => string | undefined,
): string {
  let out = "";
  let copied = 0;
  for (const run of runs) {
    const replaced = replace(run);
    if (replaced === undefined) continue;
    out += text.slice(copied, run.start) + replaced;
    copied = run.end;
  }
  return copied === 0 ? text : out + text.slice(copied);
}
