/**
 * Facts and their names, and how tools are called in them.
 *
 * @module
 */

import type { Raw, RawSession } from "./raw_session.ts";

/** A value of a fact; null is unknown. */
export type Value = string | number | boolean | null;

/** Facts by `kind id: what`. */
export type Facts = Map<string, Value>;

/** The name of a fact. */
export function factName(kind: string, id: string, what: string): string {
  return `${kind} ${id}: ${what}`;
}

/** The figures of a usage, as sums name them. */
export const USAGE_KEYS = [
  "input_tokens",
  "cached_input_tokens",
  "cache_write_input_tokens",
  "output_tokens",
  "reasoning_output_tokens",
] as const;

/** A tool as it is counted: its kind, `mcp server/tool`, or the name of another. */
export function toolLabel(raw: RawSession, id: string): string {
  const events = raw.about("tool_call_id", id);
  const [start] = events.filter(({ type }) => type === "tool_call_started");
  let { kind } = start;
  for (const { type, kind: replaced, runtime_payload: ref } of events) {
    if (type !== "tool_call_runtime_started") continue;
    kind = replaced ?? kind;
    const invocation = raw.payload(ref)?.invocation;
    if (invocation) kind = { type: "mcp", ...invocation };
  }
  if (kind.type === "mcp") return `mcp ${kind.server}/${kind.tool}`;
  if (kind.type === "other") return kind.name;
  const name = (start.summary.label ?? "").split(".").at(-1);
  return kind.type === "close_agent" && name === "interrupt_agent"
    ? name
    : kind.type;
}

/** The exit code that the runtime reported last; null without any. */
export function exitCode(raw: RawSession, tool: string): number | null {
  const events = raw.about("tool_call_id", tool);
  const ended = events.filter(({ type }) => type === "tool_call_runtime_ended")
    .map(({ runtime_payload: ref }) => raw.payload(ref)?.exit_code);
  const isWrite = toolLabel(raw, tool) === "write_stdin";
  // A write without events of a runtime has the code in what its cell received.
  const received = isWrite && ended.length === 0
    ? events.map(({ result_payload: ref }) =>
      raw.payload(ref)?.value?.exit_code
    )
    : [];
  return [...ended, ...received]
    .findLast((code) => typeof code === "number") ?? statedCode(raw, events);
}

/** The code in the result of a command, where limits left it out of the end of its runtime. */
function statedCode(raw: RawSession, events: readonly Raw[]): number | null {
  const end = events.findLast(({ type }) => type === "tool_call_runtime_ended");
  const isCommand = events.some(({ kind }) => kind?.type === "exec_command");
  if (!isCommand || end?.runtime_payload?.capture === undefined) return null;
  // Without the start of its runtime, no operation has the code.
  const isStarted = events.some(({ type, runtime_payload: ref }) =>
    type === "tool_call_runtime_started" && raw.payload(ref) !== null
  );
  if (!isStarted) return null;
  for (const { result_payload: ref } of events) {
    const result = raw.payload(ref);
    const [head] = String(result?.response_item?.output).split("Output:");
    const code = result?.value?.exit_code ??
      head?.match(/^Process exited with code (-?\d+)$/m)?.[1];
    if (code !== undefined) return Number(code);
  }
  return null;
}
