/**
 * The document that `--json` prints around an answer: of what it is an answer, and what is
 * missing from it.
 *
 * @module
 */

import type { SessionDiagnostic } from "./session_diagnostics.ts";
import type { UnknownEventType } from "./newer_parts.ts";
import type { SessionSource } from "./session.ts";

/** What a question prints as JSON. */
export interface AnswerDocument {
  /** `rollout-trace.<question>.<version>`: the version changes when a key changes its meaning or goes. */
  format: string;
  /** The bundle's folder or the `state.json`, as the caller named it. */
  bundle: string;
  /** What the answer was made of. */
  source: SessionSource;
  /** What could not be reduced and is in no answer; null when nothing is missing. */
  partial: PartialSession | null;
  /**
   * Of `show`, `explain` and `timeline`: the page that `report` wrote into the bundle's folder, with
   * the address of what the answer is about; null without such a page.
   */
  page?: string | null;
  /** The answer; null when there is nothing of what was asked for. */
  answer: unknown;
}

/** How much of a bundle could not be reduced. */
export interface PartialSession {
  /** Events of the log; null without one. */
  events: number | null;
  /** Events that are in no answer; null without a log. */
  skipped_events: number | null;
  /** Types of events that were skipped because the schema does not have them. */
  unknown_event_types: readonly UnknownEventType[];
  /**
   * Every loss, in the order of the log. After the first 1,000 of a code, faulty lines without an
   * event between them are one, with `more_lines`.
   */
  diagnostics: readonly SessionDiagnostic[];
}

/** A folder, or a name in one, that could not be searched. */
export interface UnreadFolder {
  /** Its path; U+FFFD is in the place of bytes that are no UTF-8. */
  readonly path: string;
  /** Why not. */
  readonly reason: string;
}
