/**
 * Sessions whose groups are known, and a reader of the CSV that is printed about them.
 *
 * @module
 */

import { join } from "@std/path";

/** Reads CSV as RFC 4180 has it. */
export function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy;
  let row: string[] = [];
  for (const [, written = "", end] of text.matchAll(cell)) {
    row.push(
      written.startsWith('"')
        ? written.slice(1, -1).replaceAll('""', '"')
        : written,
    );
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** Two recordings of one session on two days, and another session in another directory. */
export function putSessions(folder: string): void {
  const sessions = [
    { id: "thread-0", day: 15, cwd: "/w/app", effort: "low", tokens: 100 },
    { id: "thread-0", day: 16, cwd: "/w/app", effort: "high", tokens: 200 },
    { id: "thread-2", day: 16, cwd: "/w/lib", effort: "high", tokens: 300 },
  ];
  for (const [at, { id, day, cwd, effort, tokens }] of sessions.entries()) {
    const start = Date.UTC(2027, 0, day, 8);
    const bundle = join(folder, `b${at}`);
    Deno.mkdirSync(join(bundle, "payloads"), { recursive: true });
    const payload = (number: number, type: string, value: object) => {
      const path = `payloads/${number}.json`;
      Deno.writeTextFileSync(join(bundle, path), JSON.stringify(value));
      return { raw_payload_id: `raw_payload:${number}`, kind: { type }, path };
    };
    const user = {
      type: "message",
      role: "user",
      content: [{ type: "input_text", text: `prompt ${at}` }],
    };
    const usage = { input_tokens: tokens, cached_input_tokens: 0 };
    const events = [
      { type: "rollout_started", trace_id: `t${at}`, root_thread_id: id },
      {
        type: "thread_started",
        thread_id: id,
        agent_path: "/root",
        metadata_payload: payload(1, "session_metadata", { cwd }),
      },
      { type: "codex_turn_started", thread_id: id, codex_turn_id: "turn" },
      {
        type: "inference_started",
        inference_call_id: "call",
        thread_id: id,
        codex_turn_id: "turn",
        model: "m",
        provider_name: "p",
        request_payload: payload(2, "inference_request", {
          input: [user],
          reasoning: { effort },
        }),
      },
      {
        type: "inference_completed",
        inference_call_id: "call",
        response_id: null,
        response_payload: payload(3, "inference_response", {
          output_items: [],
          token_usage: {
            ...usage,
            output_tokens: 1,
            reasoning_output_tokens: 0,
          },
        }),
      },
      { type: "codex_turn_ended", codex_turn_id: "turn", status: "completed" },
      { type: "rollout_ended", status: "completed" },
    ];
    const lines = events.map((event, seq) =>
      JSON.stringify({
        schema_version: 2,
        seq: seq + 1,
        wall_time_unix_ms: start + seq * 10,
        rollout_id: id,
        thread_id: seq < 2 ? null : id,
        codex_turn_id: null,
        payload: event,
      })
    );
    Deno.writeTextFileSync(
      join(bundle, "trace.jsonl"),
      lines.join("\n") + "\n",
    );
    const manifest = {
      schema_version: 2,
      trace_id: `t${at}`,
      rollout_id: id,
      root_thread_id: id,
      started_at_unix_ms: start,
      raw_event_log: "trace.jsonl",
      payloads_dir: "payloads",
    };
    Deno.writeTextFileSync(
      join(bundle, "manifest.json"),
      JSON.stringify(manifest),
    );
  }
}
