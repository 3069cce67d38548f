/**
 * The diagnostics of a session: all are counted, and as many are kept as its answers need.
 *
 * A few bytes make a faulty line, and millions of diagnostics would take gigabytes. No question
 * depends on how many faulty lines are between two events, so that one diagnostic of each kind
 * represents them, with their number.
 *
 * @module
 */

import type { Diagnostic } from "../../errors.ts";

/** A diagnostic of a session. */
export interface SessionDiagnostic extends Diagnostic {
  /**
   * How many more lines with the same fault precede the next event, where they are not listed; absent
   * where there are none.
   */
  more_lines?: number;
}

/** How many diagnostics of one code are listed without exception. */
const MAX_LISTED_PER_CODE = 1000;
/** Distinct types of events that are distinguished. */
const MAX_TYPES = 100;

/** Collects diagnostics in the order of the log. */
export class DiagnosticCollector {
  readonly kept: SessionDiagnostic[] = [];
  readonly #perCode: Map<string, number> = new Map();
  readonly #types: Set<string> = new Set();
  /** The last one of each kind since the last event, for further ones. */
  readonly #run: Map<string, SessionDiagnostic> = new Map();
  /** Those of the current line that were only counted. */
  #counted: { by: SessionDiagnostic; diagnostic: Diagnostic }[] = [];
  #eventLine = 0;

  /** Ends a run of faulty lines: an event follows, perhaps on the last of them. */
  endRun(line: number): void {
    this.#eventLine = line;
    for (const { by, diagnostic } of this.#counted) {
      // The line has an event, so that answers ask whether part of it was lost.
      if (diagnostic.line !== line) continue;
      const more = (by.more_lines ?? 0) - 1;
      if (more > 0) by.more_lines = more;
      else delete by.more_lines;
      this.kept.push(diagnostic);
    }
    this.#counted = [];
    if (this.#run.size > 0) this.#run.clear();
  }

  /** Adds a diagnostic. */
  add(diagnostic: SessionDiagnostic): void {
    const { code, line } = diagnostic;
    const count = this.#perCode.get(code) ?? 0;
    this.#perCode.set(code, count + 1);
    const isOfEvent = line === null || line === this.#eventLine;
    if (count < MAX_LISTED_PER_CODE || isOfEvent) {
      this.kept.push(diagnostic);
      return;
    }
    const event_type = this.#typeOf(diagnostic);
    const kind = `${code} ${event_type}`;
    const by = this.#run.get(kind);
    if (by === undefined) {
      const kept = { ...diagnostic, event_type };
      this.#run.set(kind, kept);
      this.kept.push(kept);
      return;
    }
    by.more_lines = (by.more_lines ?? 0) + 1 + (diagnostic.more_lines ?? 0);
    if (this.#counted[0]?.diagnostic.line !== line) this.#counted = [];
    this.#counted.push({ by, diagnostic });
  }

  #typeOf({ event_type: type }: Diagnostic): string | null {
    if (type === null || this.#types.has(type)) return type;
    if (this.#types.size >= MAX_TYPES) return null;
    this.#types.add(type);
    return type;
  }
}

/** Returns how many diagnostics there are, listed or not. */
export function countDiagnostics(
  diagnostics: readonly Pick<SessionDiagnostic, "more_lines">[],
): number {
  return diagnostics.reduce(
    (sum, { more_lines: more = 0 }) => sum + 1 + more,
    0,
  );
}
