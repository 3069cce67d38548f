/**
 * Payloads of terminal operations, and what the walk knows of processes.
 *
 * @module
 */

import { type Json, type JsonLike, Obj, obj, Raw } from "../items/json_text.ts";
import type { OperationModel, Session, ToolModel } from "../session.ts";
import { outputContent } from "../items/content.ts";
import { anyJson, anyObject, text } from "../items/values.ts";

const PROCESSES: readonly string[] = ["1", "2", "77", "p-x"];

/** Invocation of `write_stdin`; it makes an operation where it is well formed. */
export function stdinInvocation(s: Session, tool: ToolModel): Json {
  const p = s.prng;
  const process = p.pick(PROCESSES);
  const numeric = /^\d+$/.test(process);
  const args = obj({
    session_id: p.chance(0.9)
      ? numeric && p.chance(0.6) ? new Raw(process) : process
      : new Raw(p.pick(["1e3", "-0", "2.50", "7"])),
    chars: p.pick([undefined, "", "ls\n", text(p)]),
    yield_time_ms: p.pick<JsonLike | undefined>([undefined, null, 250]),
    max_output_tokens: p.pick<JsonLike | undefined>([
      undefined,
      null,
      new Raw("18446744073709551615"),
    ]),
    extra: p.chance(0.1) ? 1 : undefined,
  });
  const given = args.get("session_id");
  const known = typeof given === "string"
    ? given
    : given instanceof Raw && given.text === process
    ? process
    : undefined;
  tool.operation = { kind: "write_stdin", process: known, session: true };
  const faulty = s.schema === 1 ? s.unusual() : p.chance(0.15);
  const text_ = faulty ? faultyArguments(s) : renderArguments(args);
  const namespaced = p.chance(0.08);
  if (faulty || namespaced) tool.operation = null;
  return obj({
    tool_name: s.unusual() ? "other_tool" : "write_stdin",
    tool_namespace: namespaced ? p.pick(["mcp__lab", ""]) : p.pick([
      null,
      undefined,
    ]),
    payload: s.unusual()
      ? { type: "custom", input: "x" }
      : { type: "function", arguments: text_ },
  });
}

function renderArguments(args: Obj): string {
  const member = ([key, value]: [string, Json]) =>
    `${JSON.stringify(key)}: ${
      value instanceof Raw ? value.text : JSON.stringify(value)
    }`;
  return `{${args.entries.map(member).join(", ")}}`;
}

function faultyArguments(s: Session): string {
  return s.prng.pick([
    "",
    "{}",
    "[]",
    '{"session_id":""}',
    '{"session_id":null,"chars":"x"}',
    '{"session_id":1,"chars":null}',
    '{"session_id":1,"chars":5}',
    '{"session_id":1,"yield_time_ms":250.0}',
    '{"session_id":1,"yield_time_ms":-1}',
    '{"session_id":1,"session_id":2}',
    '{"session_id":true}',
    "{session_id:1}",
    '["1","x"]',
  ]);
}

/** Payload of an exec begin. */
export function operationBegin(s: Session, tool: ToolModel): Obj {
  const p = s.prng;
  const process = p.chance(0.7) ? p.pick(PROCESSES) : s.none();
  const body = obj({
    call_id: tool.callId ?? "c",
    process_id: process,
    turn_id: "t",
    started_at_ms: 5,
    command: p.pick<JsonLike>([["ls"], ["bash", "-lc", text(p)], []]),
    cwd: p.pick(["/workspace", ""]),
    parsed_cmd: [],
    source: "agent",
    interaction_input: p.pick([undefined, null, "", text(p)]),
  });
  if (!s.unusual()) return body;
  return p.pick([
    body.without("command"),
    body.without("cwd"),
    body.with("command", "ls"),
    body.with("process_id", 5),
    body.with("interaction_input", 5),
  ]);
}

/** Notes the operation that a runtime begin started. */
export function beginOperation(tool: ToolModel, body: Json): void {
  const process = body instanceof Obj ? body.get("process_id") : null;
  const known = typeof process === "string" ? process : null;
  tool.operation = {
    kind: tool.kind === "write_stdin" ? "write_stdin" : "exec_command",
    process: known,
    session: known !== null,
  };
}

function endProcess(
  s: Session,
  operation: OperationModel,
): JsonLike | undefined {
  const p = s.prng;
  if (s.unusual()) return p.pick(PROCESSES);
  if (operation.process === undefined || p.chance(0.3)) return s.none();
  if (operation.process === null) {
    if (p.chance(0.4)) return s.none();
    operation.process = p.pick(PROCESSES);
    operation.session = true;
  }
  return operation.process;
}

/** Payload of an exec end, fit for the operation of the tool. */
export function operationEnd(s: Session, tool: ToolModel): Obj | null {
  const p = s.prng;
  const operation = tool.operation;
  if (operation === null) return null;
  if (operation.kind === "write_stdin" && p.chance(0.3)) {
    return dispatchResult(s, tool);
  }
  const body = obj({
    process_id: endProcess(s, operation),
    completed_at_ms: 6,
    stdout: p.chance(0.3) ? "ignored" : undefined,
    stderr: p.chance(0.3) ? p.pick<JsonLike>(["ignored", 4]) : undefined,
    formatted_output: p.chance(0.2) ? null : undefined,
    aggregated_output: p.pick([undefined, "", "out\n", text(p)]),
    exit_code: p.pick<JsonLike>([0, 1, -1, new Raw("-2147483648")]),
    duration: { secs: 1, nanos: 5 },
    status: "completed",
  });
  if (!s.unusual()) return body;
  return p.pick([
    body.without("exit_code"),
    body.with("exit_code", new Raw(p.pick(["1.0", "2147483648", "null"]))),
    body.with("aggregated_output", null),
    body.with("process_id", 4),
  ]);
}

/** A dispatch result of any shape; for a terminal operation, one that can be projected. */
export function dispatchResult(s: Session, tool: ToolModel): Obj {
  const p = s.prng;
  if (tool.operation !== null && p.chance(0.15) && !s.unusual()) {
    const process = endProcess(s, tool.operation);
    return obj({ exit_code: 3, process_id: process, aggregated_output: "agg" });
  }
  if (s.unusual()) {
    return p.pick([
      obj({ type: "unknown" }),
      obj({ type: "error" }),
      obj({ type: "direct_response" }),
      obj({}),
    ]);
  }
  return p.pick([directResponse, codeModeResponse, errorResponse])(s, tool);
}

function directResponse(s: Session, tool: ToolModel): Obj {
  const p = s.prng;
  const item = p.weighted<() => Json>([
    [8, () =>
      obj({
        type: "function_call_output",
        call_id: tool.callId,
        output: outputContent(s).json,
      })],
    [2, () =>
      obj({
        output: p.pick<JsonLike>([
          ["text", 4],
          [{ text: "one" }, { text: 5 }, { x: 1 }, { text: "two" }],
          [{ text: "" }],
          [],
          new Raw("1E3"),
          false,
        ]),
      })],
    [1, () => p.pick<Json>([null, "bare", [1]])],
  ])();
  return obj({ type: "direct_response", response_item: item });
}

function codeModeResponse(s: Session): Obj {
  const p = s.prng;
  const value = p.weighted<() => JsonLike>([
    [5, () => ({
      output: text(p),
      exit_code: p.pick<JsonLike | undefined>([undefined, null, 0, -3, "x"]),
      original_token_count: p.pick<JsonLike | undefined>([
        undefined,
        null,
        12,
        -1,
        new Raw("1.0"),
      ]),
      chunk_id: p.pick<JsonLike | undefined>([undefined, null, "c1", 4]),
    })],
    [1, () => p.pick<JsonLike>([null, "text", 5, [], ["a"]])],
    [1, () => [{ text: "one" }, { text: "two" }]],
    [1, () => anyObject(p, 2, 3)],
    [1, () => anyJson(p, 1)],
  ])();
  return obj({ type: "code_mode_response", value });
}

function errorResponse(s: Session): Obj {
  return obj({ type: "error", error: text(s.prng) });
}
