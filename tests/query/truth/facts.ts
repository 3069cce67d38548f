/**
 * What the files of a bundle record about its session: facts, by the object and what of it.
 *
 * @module
 */

import {
  exitCode,
  factName,
  type Facts,
  toolLabel,
  USAGE_KEYS,
  type Value,
} from "./fact.ts";
import type { Raw, RawSession, Run } from "./raw_session.ts";
import { rawTurnOutcomes } from "../../support/turn_outcome_oracle.ts";
import { addEdgeFacts } from "./edge_facts.ts";
import { addTextFacts } from "./text_facts.ts";
import { addSums } from "./sum_facts.ts";

const OF_STATUS: Readonly<Record<string, string>> = {
  completed: "ok",
  failed: "failed",
  cancelled: "interrupted",
  aborted: "interrupted",
  terminated: "interrupted",
};
const DENIED = /rejected by user|user (?:rejected|cancelled) MCP tool call/i;

/** All facts of a session. */
export function factsOf(raw: RawSession): Facts {
  const facts: Facts = new Map();
  const outcomes = outcomesOf(raw);
  addSession(facts, raw, outcomes);
  for (const run of raw.runs.values()) {
    if (run.kind === "cell" && !hasSource(raw, run)) continue;
    const add = (what: string, value: Value) =>
      void facts.set(factName(run.kind, run.id, what), value);
    addRun(add, raw, run, outcomes);
    if (run.kind === "thread") addThread(add, raw, run);
    if (run.kind === "call") addCall(add, raw, run);
    if (run.kind === "tool") addTool(add, raw, run);
  }
  addCompactions(facts, raw);
  addTextFacts(facts, raw);
  addEdgeFacts(facts, raw);
  addSums(facts, raw, outcomes);
  return facts;
}

/** Whether a list has the item that a cell is of: as in Codex, there is no cell without it. */
function hasSource(raw: RawSession, { id, thread }: Run): boolean {
  return raw.events.some(({ thread_id, payload }) => {
    if (thread_id !== thread) return false;
    const sent = raw.payload(payload.warmup_context_payload) ??
      raw.payload(payload.request_payload);
    const received = raw.payload(
      payload.response_payload ?? payload.partial_response_payload,
    );
    return [...sent?.input ?? [], ...received?.output_items ?? []]
      .some(({ type, call_id }: Raw) =>
        type === "custom_tool_call" && `code_cell:${call_id}` === id
      );
  });
}

/** Outcomes by kind and id, and of the session by `session`; one that is unknown is missing. */
function outcomesOf(raw: RawSession): Map<string, string> {
  const found = new Map<string, string>();
  const turns = rawTurnOutcomes(raw.events);
  for (const [key, run] of raw.runs) {
    const outcome = run.kind === "turn"
      ? turns.get(run.id) ?? "incomplete"
      : run.kind === "tool"
      ? toolOutcome(raw, run)
      : run.kind === "cell" && run.end === undefined
      ? unendedOutcome(raw, run)
      : OF_STATUS[run.status] ?? "incomplete";
    if (outcome !== null) found.set(key, outcome);
  }
  for (const run of raw.all("thread")) {
    found.set(
      `thread ${run.id}`,
      threadOutcome(raw, run.id, run.status, found),
    );
  }
  const status = raw.end?.payload.status ?? "running";
  found.set("session", threadOutcome(raw, raw.root, status, found));
  return found;
}

function threadOutcome(
  raw: RawSession,
  id: string,
  status: string,
  outcomes: ReadonlyMap<string, string>,
): string {
  const own = OF_STATUS[status] ?? "incomplete";
  const last = raw.all("turn").findLast(({ thread }) => thread === id);
  if (own === "failed" || own === "interrupted" || last === undefined) {
    return own;
  }
  const ofLast = outcomes.get(`turn ${last.id}`) ?? "incomplete";
  return own === "incomplete" && id === raw.root && ofLast === "ok"
    ? own
    : ofLast;
}

/** What is running when its turn is interrupted was interrupted with it. */
function unendedOutcome(raw: RawSession, { turn }: Run): string {
  const status = raw.runs.get(`turn ${turn}`)?.status ?? "running";
  return OF_STATUS[status] === "interrupted" ? "interrupted" : "incomplete";
}

function toolOutcome(raw: RawSession, run: Run): string | null {
  if (run.end === undefined) return unendedOutcome(raw, run);
  const own = OF_STATUS[run.status] ?? "incomplete";
  if (own === "failed" && isDenied(raw, run)) return "interrupted";
  const exit = exitCode(raw, run.id);
  if (own === "ok" && exit === null && isCodeCut(raw, run)) return null;
  const isFailed = exit === null ? hasFailedRuntime(raw, run) : exit !== 0;
  return own === "ok" && isFailed ? "failed" : own;
}

/** Whether the runtime of a command failed: where its payload was truncated, the log has that. */
function hasFailedRuntime(raw: RawSession, { id }: Run): boolean {
  const events = raw.about("tool_call_id", id);
  const isCommand = events.some(({ type, kind }) =>
    type === "tool_call_started" && kind.type === "exec_command"
  );
  const ends = events.filter(({ type }) => type === "tool_call_runtime_ended");
  return isCommand && ends.at(-1)?.status === "failed";
}

/** Whether limits left out what may have the exit code of a command, of which no runtime ended. */
function isCodeCut(raw: RawSession, { id }: Run): boolean {
  const events = raw.about("tool_call_id", id);
  return events.some(({ type, kind }) =>
    type === "tool_call_started" &&
    ["exec_command", "write_stdin"].includes(kind.type)
  ) &&
    events.some(({ runtime_payload, result_payload }) =>
      (runtime_payload ?? result_payload)?.capture !== undefined
    ) && !events.some(({ type }) => type === "tool_call_runtime_ended");
}

/** Whether the user declined the call: its runtime or its result reports it. */
function isDenied(raw: RawSession, { id }: Run): boolean {
  return raw.about("tool_call_id", id).some((payload) => {
    const value = raw.payload(
      payload.runtime_payload ?? payload.result_payload,
    );
    return value?.status === "declined" || DENIED.test(JSON.stringify(value));
  });
}

function addSession(
  facts: Facts,
  raw: RawSession,
  outcomes: ReadonlyMap<string, string>,
): void {
  const { manifest, events, end } = raw;
  const add = (what: string, value: Value) =>
    void facts.set(factName("session", "", what), value);
  const start = manifest.started_at_unix_ms;
  const last = (end ?? events.at(-1))?.wall_time_unix_ms ?? start;
  add("trace_id", raw.traceId);
  add("rollout_id", manifest.rollout_id);
  add("schema_version", manifest.schema_version);
  add("started_at", start);
  add("ended_at", end?.wall_time_unix_ms ?? null);
  add("duration", last < start ? null : last - start);
  add("status", end?.payload.status ?? "running");
  add("outcome", outcomes.get("session") ?? null);
  add("events", events.length);
  add("threads", raw.all("thread").length);
  add("turns", raw.all("turn").length);
  if (manifest.schema_version > 1) {
    add(
      "recording_complete",
      events.some(({ payload }) => payload.type === "recording_completed"),
    );
  }
  const started = events.find(({ payload }) =>
    payload.type === "thread_started" && payload.thread_id === raw.root
  );
  const metadata = raw.payload(started?.payload.metadata_payload);
  const source = metadata?.session_source;
  add("source", typeof source === "string" ? source : null);
  add("cwd", metadata?.cwd ?? null);
}

type Add = (what: string, value: Value) => void;

function addRun(
  add: Add,
  raw: RawSession,
  run: Run,
  outcomes: ReadonlyMap<string, string>,
): void {
  const { start, end } = run;
  const from = start.wall_time_unix_ms;
  const to = end?.wall_time_unix_ms ?? null;
  if (run.kind !== "thread") add("thread", run.thread);
  if (run.kind !== "thread" && run.kind !== "turn") add("turn", run.turn);
  if (run.kind !== "cell") add("status", run.status);
  add("outcome", outcomes.get(`${run.kind} ${run.id}`) ?? null);
  add("started_seq", start.seq);
  add("ended_seq", end?.seq ?? null);
  add("started_at", from);
  add("ended_at", to);
  add(
    "duration",
    to === null || to < from ? null : to - from,
  );
  if (run.kind === "call" || run.kind === "creq") {
    add("model", start.payload.model);
    const failed = raw.events.find(({ payload }) =>
      payload.type.endsWith("_failed") &&
      (payload.inference_call_id ?? payload.compaction_request_id) === run.id
    );
    add("error", failed?.payload.error ?? null);
  }
}

function addThread(add: Add, raw: RawSession, { id, start }: Run): void {
  // A thread of an earlier session has its start there.
  const isResumed = start.payload.type === "thread_resumed";
  const { metadata_payload: ref } = start.payload;
  const path = start.payload.agent_path ?? namedPath(raw, id) ?? id;
  const metadata = raw.payload(ref);
  const isLost = isResumed || ref?.capture !== undefined;
  const spawn = metadata?.session_source?.subagent?.thread_spawn;
  const parent = typeof spawn?.parent_thread_id === "string"
    ? spawn.parent_thread_id
    : null;
  add(
    "origin",
    isLost && id !== raw.root
      ? "unknown"
      : parent === null
      ? "root"
      : "spawned",
  );
  add("parent", parent);
  add(
    "agent_path",
    (parent === null ? null : spawn?.agent_path) ?? metadata?.agent_path ??
      path,
  );
  add("nickname", metadata?.nickname ?? null);
  add("model", metadata?.model ?? null);
}

/** The path of a thread in what a tool of another agent reports. */
function namedPath(raw: RawSession, id: string): string | undefined {
  for (const { payload } of raw.events) {
    const body = raw.payload(payload.runtime_payload);
    if (body?.agent_thread_id === id) return body.agent_path;
  }
  return undefined;
}

function addCall(add: Add, raw: RawSession, { id }: Run): void {
  const ends = raw.about("inference_call_id", id).slice(1);
  const response = ends.map((end) =>
    end.response_payload ?? end.partial_response_payload
  ).findLast((ref) => ref !== null && ref !== undefined);
  const body = raw.payload(response);
  const usage = usageIn(body);
  for (const key of USAGE_KEYS) add(key, usage?.[key] ?? null);
  add("answered", response ? countItems(body?.output_items) : 0);
  add("sent", itemsSent(raw, id));
}

/** Items of an input, those included that it continues; null where some are unknown. */
function itemsSent(raw: RawSession, id: string): number | null {
  const run = raw.runs.get(`call ${id}`);
  const { request_payload: sent, warmup_context_payload: warmup } =
    run?.start.payload ?? {};
  const request = raw.payload(warmup ?? sent);
  const own = countItems(request?.input);
  const continued = request?.previous_response_id;
  if (typeof continued !== "string") return own;
  const base = raw.events.find(({ payload }) =>
    payload.type === "inference_completed" && payload.response_id === continued
  )?.payload;
  const response = raw.payload(base?.response_payload);
  const before = base === undefined
    ? null
    : itemsSent(raw, base.inference_call_id);
  const answered = countItems(response?.output_items);
  return own === null || before === null || answered === null
    ? null
    : before + answered + own;
}

/** The tokens of a response; null where the provider reported none. */
export function usageIn(body: Raw): Record<string, number> | null {
  const usage = body?.token_usage;
  const isComplete = USAGE_KEYS.every((key) =>
    key === "cache_write_input_tokens" || Number.isInteger(usage?.[key])
  );
  return isComplete ? { cache_write_input_tokens: 0, ...usage } : null;
}

const NO_ITEMS = new Set(["additional_tools", "configuration_update"]);

function countItems(list: unknown): number | null {
  return Array.isArray(list)
    ? list.filter(({ type }) => !NO_ITEMS.has(type)).length
    : null;
}

function addTool(add: Add, raw: RawSession, { id, start, thread }: Run): void {
  const { requester } = start.payload;
  add("tool", toolLabel(raw, id));
  add("exit_code", exitCode(raw, id));
  add("requester", requester.type);
  if (requester.type === "code_cell") {
    const cell = raw.cell(thread, requester.runtime_cell_id);
    add("requester_cell", cell?.id ?? null);
  }
}

function addCompactions(facts: Facts, raw: RawSession): void {
  for (const { payload, thread_id, codex_turn_id, seq } of raw.events) {
    if (payload.type !== "compaction_installed") continue;
    const { compaction_id: id, checkpoint_payload: ref } = payload;
    if (facts.has(factName("comp", id, "turn"))) continue;
    const checkpoint = raw.payload(ref);
    facts.set(factName("comp", id, "thread"), thread_id);
    facts.set(factName("comp", id, "turn"), codex_turn_id);
    facts.set(factName("comp", id, "started_seq"), seq);
    facts.set(
      factName("comp", id, "items_before"),
      countItems(checkpoint?.input_history),
    );
    facts.set(
      factName("comp", id, "items_after"),
      countItems(checkpoint?.replacement_history),
    );
    const requests = raw.events.filter((each) =>
      each.payload.type === "compaction_request_started" &&
      each.payload.compaction_id === id && each.seq < seq
    );
    facts.set(factName("comp", id, "requests"), requests.length);
  }
}
