/**
 * The words that flags accept, where there are only so many.
 *
 * @module
 */

import type { ExportFormatName } from "../../export/export_formats.ts";
import type {
  ContentLevel,
  TableFormat,
} from "../../export/tables/table_files.ts";
import type { ContentLevel as RedactContent } from "../../export/redact/redaction.ts";
import type { ListOrder } from "../../query/list/list_filter.ts";
import type { SearchScope } from "../../query/search/search_answer.ts";
import type { StatsBy } from "../../query/stats/stats_answer.ts";
import type { TimelineKind } from "../../query/timeline/timeline_answer.ts";
import type { PayloadChoice } from "../../report/build/payload_plan.ts";

/** The deepest chain of `explain`. */
export const MAX_DEPTH = 100;

/** Shells for which there are completions. */
export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

/** What the rows of `stats` count. */
export const STATS_GROUPS: readonly StatsBy[] = [
  "model",
  "effort",
  "turn",
  "tool",
  "thread",
  "agent",
  "bundle",
  "session",
  "project",
  "day",
  "week",
  "month",
];

/** Where `search` finds texts: as `SEARCH_SCOPES` of the query, which a start does not load. */
export const SEARCH_SCOPES: readonly SearchScope[] = [
  "items",
  "arguments",
  "outputs",
  "sources",
  "errors",
  "events",
  "payloads",
];

/** Formats of `tables`: as `TABLE_FORMATS`, which a start does not load. */
export const TABLE_FORMATS: readonly TableFormat[] = [
  "parquet",
  "ndjson",
  "csv",
  "sqlite",
];

/** How much free text `tables` writes: as `CONTENT_LEVELS`. */
export const CONTENT_LEVELS: readonly ContentLevel[] = ["none", "short", "all"];

/** Which texts the copy of `redact` has. */
export const REDACT_CONTENT: readonly RedactContent[] = ["all", "none"];

/** What `list` sorts by. */
export const LIST_ORDERS: readonly ListOrder[] = [
  "started",
  "duration",
  "size",
  "requests",
  "tools",
  "errors",
  "tokens",
  "cost",
];

/** Formats of `export`: those of `export_formats.ts`, which a start does not load. */
export const EXPORT_FORMATS: readonly ExportFormatName[] = [
  "otlp",
  "chrome",
  "atif",
  "markdown",
  "messages",
];

/** Which payloads a report embeds. */
export const PAYLOAD_CHOICES: readonly PayloadChoice[] = [
  "all",
  "used",
  "none",
];

/** The word of each kind of timeline entries: that of its handle, where it has one. */
const KIND_WORDS: Readonly<Record<TimelineKind, string>> = {
  thread: "thread",
  thread_resumed: "resumed",
  turn: "turn",
  message: "message",
  item: "item",
  inference_call: "call",
  tool_call: "tool",
  code_cell: "cell",
  terminal_operation: "operation",
  compaction_request: "compaction_request",
  compaction: "compaction",
  edge: "edge",
  undelivered: "undelivered",
  dropped_items: "dropped",
  inherited_history: "inherited",
  protocol_event: "protocol",
  loss: "loss",
};

/** Kinds of timeline entries, with the word for each. */
export const TIMELINE_KINDS: readonly {
  readonly kind: TimelineKind;
  readonly word: string;
}[] = Object.keys(KIND_WORDS).filter(isKind)
  .map((kind) => ({ kind, word: KIND_WORDS[kind] }));

/** The kinds that words of `--kind` name; unknown words name none. */
export function kindsOf(words: readonly string[]): TimelineKind[] {
  return words.flatMap((word) =>
    TIMELINE_KINDS.find((each) => each.word === word || each.kind === word)
      ?.kind ?? []
  );
}

function isKind(word: string): word is TimelineKind {
  return Object.hasOwn(KIND_WORDS, word);
}
