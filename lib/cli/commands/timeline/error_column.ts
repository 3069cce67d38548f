/**
 * The errors of entries, as recorded, each printed once.
 *
 * @module
 */

import type { TimelineEntry } from "../../../query/timeline/timeline_answer.ts";
import { oneLine, widthOf, wrapped } from "../../text/fit.ts";
import type { Style } from "../../text/style.ts";

/** `explain` prints more of an error. */
const MAX_CHARACTERS = 1200;
const MAX_LINES = 4;
/** A shorter error is printed again: that two were "interrupted" does not make them one. */
const MIN_REFERRED_CHARACTERS = 24;

/** Prints the errors of entries; those of their causes are not repeated. */
export class Blame {
  readonly #errors: ReadonlyMap<string, string | null>;
  /** The name of the first entry with an error; unknown errors are never the same. */
  readonly #firsts: ReadonlyMap<string, string>;
  readonly #style: Style;

  /** Reads every entry that is printed. */
  constructor(entries: readonly TimelineEntry[], style: Style) {
    const errors = new Map<string, string | null>();
    const firsts = new Map<string, string>();
    for (const { object, error, missing_reason: missing } of entries) {
      if (object === null) continue;
      errors.set(object.handle, error);
      if (error !== null && !firsts.has(error) && missing === null) {
        firsts.set(error, object.handle);
      }
    }
    this.#errors = errors;
    this.#firsts = firsts;
    this.#style = style;
  }

  /** What went wrong, on one line of any width; empty when there is nothing to add. */
  line(entry: TimelineEntry): string {
    const text = this.#text(entry);
    const parts = text === null
      ? []
      : [this.#loud(entry, oneLine(text, MAX_CHARACTERS))];
    return [...parts, ...this.#links(entry)].join(" · ");
  }

  /** The same as lines of at most `width` columns. */
  lines(entry: TimelineEntry, width: number): string[] {
    const text = this.#text(entry);
    const all = text === null
      ? []
      : wrapped(oneLine(text, MAX_CHARACTERS), width).map((line) =>
        line.trim()
      );
    const shown = all.slice(0, MAX_LINES);
    const last = shown.pop() ?? "";
    const end = all.length > MAX_LINES ? `${last.slice(0, -1)}…` : last;
    const links = this.#links(entry).join(" · ");
    const both = [end, links].filter((part) => part !== "").join(" · ");
    const loud = (line: string) => this.#loud(entry, line);
    const ends = end !== "" && links !== "" && widthOf(both) <= width
      ? [`${loud(end)} · ${links}`]
      : [...end === "" ? [] : [loud(end)], ...links === "" ? [] : [links]];
    return [...shown.map(loud), ...ends];
  }

  #text(entry: TimelineEntry): string | null {
    const { error, kind, outcome, status, issue, caused_by: cause } = entry;
    if (error === null || error === `${kind} ${status}`) return null;
    if (error === `${kind} ${outcome}, recorded as ${status}`) return null;
    if (issue === "incomplete") return null;
    const reason = this.#errors.get(cause?.handle ?? "") ?? null;
    if (reason !== null && error.includes(reason)) return null;
    const state = [`${kind} ${status}: `, `${status}; `]
      .find((each) => error.startsWith(each)) ?? "";
    const text = error.slice(state.length);
    const first = this.#firsts.get(error);
    return first === undefined || first === entry.object?.handle ||
        text.length < MIN_REFERRED_CHARACTERS
      ? text
      : `the same as ${first}`;
  }

  #links({ caused_by: cause, retried_by: good }: TimelineEntry): string[] {
    const name = (handle: string) => this.#style.id(handle);
    return [
      ...cause === null ? [] : [`because of ${name(cause.handle)}`],
      ...good === null ? [] : [`recovered by ${name(good.handle)}`],
    ];
  }

  #loud({ issue }: TimelineEntry, text: string): string {
    return issue === "failed"
      ? this.#style.error(text)
      : this.#style.warning(text);
  }
}
