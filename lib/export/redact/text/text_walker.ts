/**
 * Walks everything that a text is in another spelling: JSON inside a string, base64, URL encoding,
 * at any depth.
 *
 * @module
 */

import type { Detectors } from "../detect/detectors.ts";
import type { Finding } from "../finding.ts";
import { base64Runs, type OnBinary } from "../detect/base64_runs.ts";
import { JsonStrings, StringPlace } from "./json_strings.ts";
import { percentRuns } from "./percent_runs.ts";

/** What is done with a text in plain spelling: returns what replaces it. */
export type OnText = (text: string, findings: readonly Finding[]) => string;

/** Texts inside texts beyond this depth are not walked. */
export const MAX_NESTED = 8;

/** What a walker reports beside findings. */
export interface WalkNotes {
  /** Bytes in base64 that are no text. */
  onBinary: OnBinary;
  /** A text that is nested too deep to be walked. */
  onTooDeep(): void;
}

/** Walks texts. */
export class TextWalker {
  readonly #detectors: Detectors;
  readonly #onText: OnText;
  readonly #notes: WalkNotes;
  #found = 0;
  #isClean = false;

  /** How many values were found so far. */
  get found(): number {
    return this.#found;
  }

  /** Calls `onText` for every text in every spelling. */
  constructor(detectors: Detectors, onText: OnText, notes: WalkNotes) {
    this.#detectors = detectors;
    this.#onText = onText;
    this.#notes = notes;
  }

  /**
   * Returns a text with everything in it replaced.
   *
   * @param name What names the text: its key, for example.
   * @param isClean Whether nothing was found in it before, in any spelling.
   */
  walk(text: string, name?: string, isClean = false): string {
    this.#isClean = isClean;
    return this.#walk(text, name, 0);
  }

  #walk(text: string, name: string | undefined, depth: number): string {
    // What is found in the strings of a document leaves it a document.
    if (depth < MAX_NESTED && isJsonDocument(text)) {
      return this.#walkStrings(text, name, depth + 1, () => true);
    }
    const findings = this.#isClean ? [] : this.#detectors.scan(text, name);
    this.#found += findings.length;
    const plain = this.#onText(text, findings);
    const isEncoded = plain.includes("\\") || plain.includes("%") ||
      plain.length >= 16;
    if (!isEncoded) return plain;
    if (depth >= MAX_NESTED) {
      this.#notes.onTooDeep();
      return plain;
    }
    return this.#walkEncoded(plain, name, depth + 1);
  }

  #walkEncoded(text: string, name: string | undefined, depth: number): string {
    let out = text;
    if (out.includes("\\")) {
      out = this.#walkStrings(out, name, depth, (raw) => raw.includes("\\"));
      out = this.#walkEscapes(out, name, depth);
    }
    out = replaceRuns(out, base64Runs(out, this.#notes.onBinary), (run) => {
      const walked = this.#walk(run.decoded, name, depth);
      return walked === run.decoded ? undefined : run.encode(walked);
    });
    if (!out.includes("%")) return out;
    return replaceRuns(out, percentRuns(out), ({ decoded }) => {
      const walked = this.#walk(decoded, name, depth);
      return walked === decoded ? undefined : encodeURIComponent(walked);
    });
  }

  #walkStrings(
    text: string,
    outer: string | undefined,
    depth: number,
    isWalked: (raw: string) => boolean,
  ): string {
    return new JsonStrings(new StringPlace(""), ({ raw, name = outer }) => {
      if (!isWalked(raw)) return raw;
      const decoded = decodedString(raw);
      if (decoded === undefined) return raw;
      const walked = this.#walk(decoded, name, depth);
      return walked === decoded ? raw : encodedString(walked);
    }).feed(text);
  }

  /** Characters that are escaped as `\u0067` outside of a string that could be decoded. */
  #walkEscapes(
    text: string,
    name: string | undefined,
    depth: number,
  ): string {
    if (!text.includes("\\u00")) return text;
    const decoded = text.replace(
      /\\+u00(?!22|5[cC])([2-7][0-9a-fA-F])/g,
      (_, code) => String.fromCharCode(parseInt(code, 16)),
    );
    if (decoded === text) return text;
    const walked = this.#walk(decoded, name, depth);
    return walked === decoded ? text : walked;
  }
}

/** Whether a text is an object or an array of JSON. */
export function isJsonDocument(text: string): boolean {
  if (!/^\s*[{[]/.test(text) || !/[}\]]\s*$/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
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
