/**
 * Bundles for other programs: a line each, its values with tabs between, or JSON.
 *
 * @module
 */

import { dateOf } from "../../../text/date.ts";
import type { ListedBundle } from "../../../query/list/list_answer.ts";
import { escapeControls } from "../../../text/escape.ts";
import { momentOf, UNKNOWN } from "../../../text/figures.ts";
import type { ListColumn } from "../../config/config.ts";

/** Columns where the user wants no others: the path last, where its spaces do no harm. */
const DEFAULT_COLUMNS: readonly ListColumn[] = [
  "started",
  "outcome",
  "duration",
  "model",
  "turns",
  "requests",
  "tools",
  "tokens",
  "cost",
  "errors",
  "threads",
  "cwd",
  "prompt",
  "bundle",
];

/**
 * A line for each bundle: unknown values are empty, times ISO 8601, in UTC unless `isLocal`,
 * durations milliseconds.
 */
export function* tabbedLines(
  bundles: readonly ListedBundle[],
  columns: readonly ListColumn[] | null,
  isLocal = false,
): Generator<string> {
  for (const bundle of bundles) {
    yield (columns ?? DEFAULT_COLUMNS)
      .map((name) =>
        name === "bundle"
          // Another space would name another bundle.
          ? escapeControls(bundle.bundle)
          : plain(VALUES[name](bundle, isLocal))
      ).join("\t");
  }
}

/** A value on one line without tabs. */
function plain(value: string | number | bigint | null): string {
  return value === null ? "" : escapeControls(onOneLine(String(value)));
}

/** Characters of a text that are read at once: the engine keeps every match until the last one. */
const PIECE = 64 * 1024;

/** A text without spaces at its ends, each other row of them as one space. */
function onOneLine(text: string): string {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += PIECE) {
    const piece = text.slice(at, at + PIECE).replace(/\s+/g, " ");
    const isInRow = piece.startsWith(" ") && pieces.at(-1)?.endsWith(" ");
    // A piece of spaces alone adds nothing to a row.
    if (!isInRow || piece !== " ") {
      pieces.push(isInRow ? piece.slice(1) : piece);
    }
  }
  return pieces.join("").trim();
}

const VALUES: Readonly<
  Record<
    ListColumn,
    (bundle: ListedBundle, isLocal: boolean) => string | number | bigint | null
  >
> = {
  bundle: ({ bundle }) => bundle,
  outcome: ({ outcome, error }) =>
    error === null ? outcome ?? UNKNOWN : "unreadable",
  status: ({ status }) => status,
  started: ({ started_at_unix_ms: start }, isLocal) => isoOf(start, isLocal),
  age: ({ started_at_unix_ms: start }, isLocal) => isoOf(start, isLocal),
  duration: ({ duration_ms }) => duration_ms,
  size: ({ size_bytes }) => size_bytes,
  events: ({ events }) => events,
  schema: ({ schema_version }) => schema_version,
  model: ({ models }) => models.join(","),
  turns: ({ counts }) => counts?.turns ?? null,
  requests: ({ counts }) => counts?.llm_requests ?? null,
  failed: ({ counts }) => counts?.failed_llm_requests ?? null,
  errors: ({ counts }) => counts?.errors ?? null,
  tools: ({ counts }) => counts?.tool_calls ?? null,
  threads: ({ counts }) => counts?.threads ?? null,
  tokens: ({ tokens }) =>
    tokens?.input_tokens == null || tokens.output_tokens === null
      ? null
      : BigInt(tokens.input_tokens) + BigInt(tokens.output_tokens),
  cost: ({ cost }) => cost?.amount ?? null,
  cwd: ({ cwd }) => cwd,
  session: ({ session_id }) => session_id,
  continues: ({ continues }) => continues,
  prompt: ({ prompt }) => prompt,
  result: ({ result, error }) => error ?? result?.text ?? null,
};

function isoOf(
  ms: ListedBundle["started_at_unix_ms"],
  isLocal: boolean,
): string | null {
  return ms === null || dateOf(ms) === null ? null : momentOf(ms, isLocal);
}
