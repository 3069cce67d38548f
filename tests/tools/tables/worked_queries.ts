/**
 * Questions that people ask of many sessions, each with the statement that answers it. The
 * documentation shows them, and the tests run them.
 *
 * @module
 */

/** A question and its answer. */
export interface WorkedQuery {
  /** The question, as a user would ask it. */
  readonly question: string;
  /** The statement. */
  readonly sql: string;
}

/** Every worked query, in the order of the documentation. */
export const WORKED_QUERIES: readonly WorkedQuery[] = [
  {
    question: "Which sessions failed, the latest first?",
    sql: `SELECT started_at, path, first_error
FROM sessions
WHERE outcome = 'failed'
ORDER BY started_at DESC`,
  },
  {
    question: "Which tool fails most often, by project?",
    sql: `SELECT s.cwd AS project, c.tool,
  count(*) AS calls,
  sum(c.outcome = 'failed') AS failed
FROM tool_calls c JOIN sessions s USING (session_id)
GROUP BY project, c.tool
ORDER BY failed DESC, calls DESC`,
  },
  {
    question: "How many tokens a day, by model, and which share was cached?",
    sql: `SELECT date(started_at) AS day, model,
  sum(input_tokens) AS input,
  round(100.0 * sum(cached_input_tokens) / sum(input_tokens), 1) AS cached_percent,
  sum(output_tokens) AS output
FROM llm_requests
GROUP BY day, model
ORDER BY day, model`,
  },
  {
    question: "Which sessions had a prompt of more than 100,000 tokens?",
    sql: `SELECT s.path, max(r.input_tokens) AS largest_prompt
FROM llm_requests r JOIN sessions s USING (session_id)
GROUP BY s.session_id
HAVING largest_prompt > 100000
ORDER BY largest_prompt DESC`,
  },
  {
    question: "Which tool calls took longest?",
    sql: `SELECT handle, tool, command, duration_ms, outcome, session_path
FROM tool_call_details
WHERE duration_ms IS NOT NULL
ORDER BY duration_ms DESC
LIMIT 20`,
  },
  {
    question:
      "Which tool calls waited longest before they ran, as for an approval or a free slot?",
    sql: `SELECT s.path, c.handle, c.tool, c.duration_ms,
  CAST(round((julianday(min(e.at)) - julianday(c.started_at)) * 86400000) AS INTEGER)
    AS waited_ms
FROM tool_calls c
JOIN events e ON e.session_id = c.session_id AND e.subject_kind = 'tool_call'
  AND e.subject_id = c.tool_call_id AND e.type = 'tool_call_runtime_started'
JOIN sessions s ON s.session_id = c.session_id
WHERE c.duration_ms IS NOT NULL
GROUP BY c.session_id, c.tool_call_id
ORDER BY waited_ms DESC
LIMIT 20`,
  },
  {
    question: "Which requests took longest, and how large was their input?",
    sql:
      `SELECT handle, model, duration_ms, input_tokens, output_tokens, session_path
FROM llm_request_details
WHERE duration_ms IS NOT NULL
ORDER BY duration_ms DESC
LIMIT 20`,
  },
  {
    question: "Which sessions mention a file or a word?",
    sql: `SELECT DISTINCT s.path, t.object_kind, t.object_id
FROM texts t JOIN sessions s USING (session_id)
WHERE texts MATCH '"README.md"'`,
  },
  {
    question: "Which sessions touched a file with a patch, and how?",
    sql: `SELECT s.path, c.handle, f.path AS file, f.change, f.moved_to,
  f.added_lines, f.removed_lines, f.outcome
FROM file_changes f
JOIN tool_calls c USING (session_id, tool_call_id)
JOIN sessions s USING (session_id)
WHERE f.path LIKE '%README.md' OR f.moved_to LIKE '%README.md'
ORDER BY s.started_at, c.started_seq, f.position`,
  },
  {
    question: "Which sessions name a file in a command, a patch or code?",
    sql: `WITH actions AS (
  SELECT session_id, handle, command AS text FROM terminal_operations
  UNION ALL
  SELECT session_id, handle, source_js FROM code_cells
  UNION ALL
  SELECT session_id, handle, path FROM file_changes JOIN tool_calls USING (session_id, tool_call_id)
  UNION ALL -- of arguments in JSON, the tables have the first 240 bytes
  SELECT session_id, handle, text FROM items JOIN item_parts USING (session_id, item_id)
  WHERE kind IN ('function_call', 'custom_tool_call')
)
SELECT s.path, a.handle, a.text
FROM actions a JOIN sessions s USING (session_id)
WHERE a.text LIKE '%README.md%'
ORDER BY s.started_at, a.handle`,
  },
  {
    question: "Which files changed most often, and by how many lines?",
    sql: `SELECT s.cwd AS project, f.path, count(*) AS patches,
  sum(f.added_lines) AS added, sum(f.removed_lines) AS removed
FROM file_changes f JOIN sessions s USING (session_id)
WHERE f.outcome = 'applied'
GROUP BY project, f.path
ORDER BY patches DESC, f.path`,
  },
  {
    question:
      "What did each day cost, by model, and how many requests have no price?",
    sql:
      `SELECT date(started_at) AS day, model, sum(cost) AS cost, max(currency) AS currency,
  sum(cost IS NULL) AS unpriced
FROM llm_requests
GROUP BY day, model
ORDER BY day, model`,
  },
  {
    question:
      "Which commands ended with another exit code than 0, and how often?",
    sql: `SELECT command, exit_code, count(*) AS times
FROM terminal_operations
WHERE kind = 'exec_command' AND exit_code <> 0
GROUP BY command, exit_code
ORDER BY times DESC`,
  },
  {
    question: "Which agents never delivered a result?",
    sql: `SELECT s.path, t.agent_path, t.outcome, t.result
FROM threads t JOIN sessions s USING (session_id)
WHERE t.result IN ('undelivered', 'none')`,
  },
  {
    question: "How often did agents spawn, message and answer each other?",
    sql:
      `SELECT kind, count(*) AS edges, sum(target_kind = 'conversation_item') AS delivered
FROM edges
GROUP BY kind
ORDER BY edges DESC`,
  },
  {
    question: "Which turns made the most tool calls?",
    sql: `SELECT s.path, t.handle, t.outcome, count(*) AS tool_calls
FROM tool_calls c
JOIN turns t USING (session_id, turn_id)
JOIN sessions s USING (session_id)
GROUP BY t.session_id, t.turn_id
ORDER BY tool_calls DESC
LIMIT 20`,
  },
  {
    question:
      "What are the median and the 90th percentile of requests, by model?",
    sql: `WITH ranked AS (
  SELECT model, duration_ms,
    row_number() OVER (PARTITION BY model ORDER BY duration_ms) AS place,
    count(*) OVER (PARTITION BY model) AS total
  FROM llm_requests WHERE duration_ms IS NOT NULL
)
SELECT model, max(total) AS requests,
  min(CASE WHEN place >= 0.5 * total THEN duration_ms END) AS p50_ms,
  min(CASE WHEN place >= 0.9 * total THEN duration_ms END) AS p90_ms
FROM ranked
GROUP BY model`,
  },
  {
    question: "Which requests failed, and with which reason?",
    sql: `SELECT s.path, i.handle, i.subject AS model, i.text, i.retried_by
FROM issues i JOIN sessions s USING (session_id)
WHERE i.kind = 'inference' AND i.severity = 'error'
ORDER BY s.started_at, i.issue`,
  },
  {
    question: "Which errors are the most frequent?",
    sql:
      `SELECT kind, text, count(*) AS times, count(DISTINCT session_id) AS sessions
FROM issues
WHERE severity = 'error'
GROUP BY kind, text
ORDER BY times DESC
LIMIT 20`,
  },
  {
    question: "How did the input grow from request to request?",
    sql: `SELECT session_id, thread_id, handle, input_tokens,
  input_tokens - lag(input_tokens) OVER (
    PARTITION BY session_id, thread_id ORDER BY started_seq
  ) AS growth
FROM llm_requests
ORDER BY session_id, thread_id, started_seq`,
  },
  {
    question: "What did one request send that the one before did not?",
    sql: `SELECT i.handle, i.role, i.kind
FROM request_items r
JOIN items i USING (session_id, item_id)
WHERE r.direction = 'input' AND r.llm_request_id = (
    SELECT llm_request_id FROM llm_requests WHERE handle = 'call:2'
  ) AND r.item_id NOT IN (
    SELECT item_id FROM request_items
    WHERE direction = 'input' AND llm_request_id = (
      SELECT llm_request_id FROM llm_requests WHERE handle = 'call:1'
    )
  )
ORDER BY r.position`,
  },
  {
    question:
      "Which items are the longest, and in how many requests were they sent?",
    sql: `SELECT i.handle, i.role, i.kind, sum(p.characters) AS characters,
  (SELECT count(*) FROM request_items r
    WHERE r.session_id = i.session_id AND r.item_id = i.item_id
      AND r.direction = 'input') AS requests
FROM items i JOIN item_parts p USING (session_id, item_id)
GROUP BY i.session_id, i.item_id
ORDER BY characters DESC
LIMIT 20`,
  },
  {
    question: "How much did compactions shorten the history?",
    sql: `SELECT s.path, c.handle, c.items_before, c.items_after
FROM compactions c JOIN sessions s USING (session_id)
ORDER BY c.items_before - c.items_after DESC`,
  },
  {
    question: "Which calls did code cells make, and which failed?",
    sql: `SELECT cell.handle AS cell, c.handle, c.tool, c.outcome
FROM tool_calls c JOIN code_cells cell USING (session_id, code_cell_id)
ORDER BY cell.session_id, cell.started_seq, c.started_seq`,
  },
  {
    question: "How many sessions, and how long, by day and outcome?",
    sql:
      `SELECT date(started_at) AS day, coalesce(outcome, 'unknown') AS outcome,
  count(*) AS sessions, sum(duration_ms) AS duration_ms
FROM sessions
GROUP BY day, 2
ORDER BY day, 2`,
  },
  {
    question: "Which sessions are incomplete recordings?",
    sql:
      `SELECT path, status, recording_complete, has_lost_events, skipped_events
FROM sessions
WHERE recording_complete = 0 OR status = 'running'
  OR (has_lost_events AND source <> 'session_log')`,
  },
];
