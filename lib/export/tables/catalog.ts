/**
 * The catalogue of tables and views, and which of them a statement needs.
 *
 * @module
 */

import { EVENT_TABLES } from "./event_tables.ts";
import { ITEM_TABLES } from "./item_tables.ts";
import { LINK_TABLES } from "./link_tables.ts";
import { REQUEST_TABLES } from "./request_tables.ts";
import { RUNTIME_TABLES } from "./runtime_tables.ts";
import { SESSION_TABLES } from "./session_tables.ts";
import type { Table } from "./table.ts";

/** Every table, in the order of the documentation. */
export const TABLES: readonly Table[] = [
  ...SESSION_TABLES,
  ...EVENT_TABLES,
  ...REQUEST_TABLES,
  ...ITEM_TABLES,
  ...RUNTIME_TABLES,
  ...LINK_TABLES,
];

/** Name of the full-text index. */
export const TEXTS = "texts";

/** What one row of the full-text index is. */
export const TEXTS_MEANING =
  "One text of an item, a code cell or a terminal operation, for MATCH";

/** A common join, as a view. */
export interface View {
  readonly name: string;
  /** What one row is. */
  readonly meaning: string;
  /** The tables that it reads. */
  readonly tables: readonly string[];
  /** That of which it has every column; null where it names its columns. */
  readonly extended: string | null;
  /** Its definition. */
  readonly select: string;
}

export const VIEWS: readonly View[] = [
  {
    name: "session_totals",
    meaning:
      "A session with its counts, tokens and cost; a count of 0 is null where events were lost (has_lost_events), as of a session log; tokens are null when neither a request nor a session log reported any, and minimums where there are unreported_requests, as every compaction request is one",
    tables: [
      "sessions",
      "turns",
      "llm_requests",
      "compaction_requests",
      "tool_calls",
      "issues",
    ],
    extended: "sessions",
    select: `
SELECT s.*,
  nullif((SELECT count(*) FROM turns t WHERE t.session_id = s.session_id),
    iif(s.has_lost_events, 0, NULL)) AS turns,
  nullif(coalesce(r.llm_requests, 0), iif(s.has_lost_events, 0, NULL)) AS llm_requests,
  coalesce(r.input_tokens, s.logged_input_tokens) AS input_tokens,
  coalesce(r.cached_input_tokens, s.logged_cached_input_tokens) AS cached_input_tokens,
  coalesce(r.output_tokens, s.logged_output_tokens) AS output_tokens,
  nullif(coalesce(r.unreported_requests, 0) + coalesce(m.requests, 0),
    iif(s.has_lost_events, 0, NULL)) AS unreported_requests,
  nullif(coalesce(m.requests, 0), iif(s.has_lost_events, 0, NULL)) AS compaction_requests,
  r.cost, r.currency,
  nullif(coalesce(r.unpriced_requests, 0) + coalesce(m.requests, 0),
    iif(s.has_lost_events, 0, NULL)) AS unpriced_requests,
  nullif((SELECT count(*) FROM tool_calls c WHERE c.session_id = s.session_id),
    iif(s.has_lost_events, 0, NULL)) AS tool_calls,
  nullif((SELECT count(*) FROM issues i
    WHERE i.session_id = s.session_id AND i.severity = 'error'),
    iif(s.has_lost_events, 0, NULL)) AS errors
FROM sessions s LEFT JOIN (
  SELECT session_id, count(*) AS llm_requests,
    sum(input_tokens) AS input_tokens,
    sum(cached_input_tokens) AS cached_input_tokens,
    sum(output_tokens) AS output_tokens,
    sum(cost) AS cost, max(currency) AS currency,
    sum(cost IS NULL) AS unpriced_requests,
    sum(input_tokens IS NULL) AS unreported_requests
  FROM llm_requests GROUP BY session_id
) r USING (session_id) LEFT JOIN (
  SELECT session_id, count(*) AS requests
  FROM compaction_requests GROUP BY session_id
) m USING (session_id)`,
  },
  {
    name: "tool_call_details",
    meaning: "A tool call with its agent, its command and its session",
    tables: ["sessions", "threads", "tool_calls", "terminal_operations"],
    extended: null,
    select: `
SELECT c.session_id, c.tool_call_id, c.handle, c.tool, c.outcome, c.exit_code,
  c.started_at, c.duration_ms, t.agent_path, o.command, o.cwd AS command_cwd,
  c.input, c.llm_request_id, c.turn_id, c.thread_id,
  s.started_at AS session_started_at, s.cwd AS session_cwd, s.path AS session_path
FROM tool_calls c
JOIN sessions s USING (session_id)
LEFT JOIN threads t USING (session_id, thread_id)
LEFT JOIN terminal_operations o USING (session_id, terminal_operation_id)`,
  },
  {
    name: "llm_request_details",
    meaning: "A request with its agent and its session",
    tables: ["sessions", "threads", "llm_requests"],
    extended: "llm_requests",
    select: `
SELECT r.*, t.agent_path,
  date(r.started_at) AS day,
  s.started_at AS session_started_at, s.cwd AS session_cwd, s.path AS session_path
FROM llm_requests r
JOIN sessions s USING (session_id)
LEFT JOIN threads t USING (session_id, thread_id)`,
  },
  {
    name: "item_texts",
    meaning: "An item with all its texts as one; null when none was recorded",
    tables: ["items", "item_parts"],
    extended: "items",
    select: `
SELECT i.*, (
  SELECT group_concat(p.text, char(10)) FROM (
    SELECT text FROM item_parts
    WHERE session_id = i.session_id AND item_id = i.item_id
    ORDER BY position
  ) p
) AS text
FROM items i`,
  },
];

/** A table that a statement reads. */
export interface NeededTable {
  readonly table: Table;
  /** Names of the columns that it may read, with those of the key. */
  readonly columns: ReadonlySet<string>;
}

/** What a statement reads, directly or through views. */
export interface Needs {
  /** The tables, in the order of the catalogue. */
  readonly tables: readonly NeededTable[];
  /** Whether it reads the full-text index. */
  readonly texts: boolean;
}

/** Every table with all columns, and the index. */
export const EVERYTHING: Needs = {
  tables: TABLES.map((table) => ({ table, columns: allColumns(table) })),
  texts: true,
};

/**
 * What a statement may read: every table, view and column whose name occurs in it as a word. Names
 * cannot be written in any other way in SQL, so that nothing is missed; but a star, a natural join, or
 * a table as the list of IN is every column.
 */
export function neededBy(sql: string): Needs {
  const words = wordsIn(sql);
  const namesAll = STAR.test(sql.replace(/\(\s*\*\s*\)/g, "")) ||
    IN_TABLE.test(sql);
  const views = VIEWS.filter(({ name }) => words.has(name));
  const tables = TABLES.flatMap((table): NeededTable[] => {
    const through = views.filter((each) => each.tables.includes(table.name));
    const isNamed = words.has(table.name);
    if (!isNamed && through.length === 0) return [];
    const isExtended = isNamed ||
      through.some(({ extended }) => extended === table.name);
    if (namesAll && isExtended || words.has("natural")) {
      return [{ table, columns: allColumns(table) }];
    }
    const named = [words, ...through.map(({ select }) => wordsIn(select))];
    const columns = table.columns.map(({ name }) => name).filter((name) =>
      table.key.includes(name) || named.some((each) => each.has(name))
    );
    return [{ table, columns: new Set(columns) }];
  });
  return { tables, texts: words.has(TEXTS) };
}

/** A star that is no multiplication, or may be none: a comment may be before it. */
const STAR = /--|(?:^|[^\w\s)\]"'`]|\b(?:select|distinct|all))\s*\*/i;

/** A table as a list of rows, `(…) IN turns`: its columns have no names there. */
const IN_TABLE = /\bin(?:\s+[a-z_]|\s*["'`[])/i;

function wordsIn(sql: string): ReadonlySet<string> {
  return new Set(sql.toLowerCase().match(/[a-z_][a-z0-9_]*/g));
}

function allColumns({ columns }: Table): ReadonlySet<string> {
  return new Set(columns.map(({ name }) => name));
}
