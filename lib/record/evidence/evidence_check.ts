/**
 * Whether readers take an event: it is decoded and reduced before it is written.
 *
 * A host is a program with errors of its own, and one event that strict readers refuse makes a
 * bundle useless. The reducer itself is asked, so that there is one set of rules. Lists of
 * Responses items are checked one by one and left out of its graph: a recording must not hold
 * the conversation.
 *
 * @module
 */

import type { PayloadDraft } from "../../bundle/write/payload_draft.ts";
import { ReplayError } from "../../errors.ts";
import type {
  EventOf,
  RawTraceEvent,
  RawTraceEventPayload,
} from "../../format/event.ts";
import type { DecodedLine } from "../../format/events/event_decoder.ts";
import { parseExact } from "../../format/json/json_parse.ts";
import type { CodexTurnId, ThreadId, ToolCallId } from "../../format/ids.ts";
import type { TraceBundleManifest } from "../../format/manifest.ts";
import type {
  JsonValue,
  PayloadDocument,
  PayloadSource,
  RawPayloadKindName,
  RawPayloadRef,
} from "../../format/payload.ts";
import { isReceiptKind } from "../../reduce/conversation/list_planner.ts";
import { valueUnder } from "../../reduce/decode_payload.ts";
import { applyEvent } from "../../reduce/handlers.ts";
import { parseStdinArguments } from "../../reduce/runtime/terminal_payload.ts";
import { describesCommand } from "../../reduce/runtime/tool_runtime.ts";
import { ReducerState } from "../../reduce/state/reducer_state.ts";
import type { Schema } from "../../schema/schema.ts";
import { PayloadCheck } from "./payload_check.ts";

/** The drafts of an event's payloads, by their keys; null for one that is left out. */
export type Drafts = ReadonlyMap<string, PayloadDraft | null>;

/** Payloads that the reducer does not read here: lists of items, and items. */
const NOT_REDUCED: ReadonlySet<RawPayloadKindName> = new Set([
  "inference_request",
  "warmup_context",
  "inference_response",
  "compaction_checkpoint",
  "protocol_event",
]);

/** Checks the events of one recording, in the order of its log. */
export class EvidenceCheck {
  readonly #schema: Schema;
  readonly #payloads: PayloadCheck;
  readonly #source = new DraftSource();
  /** What each call of the model was, by thread. */
  readonly #calls = new Map<ThreadId | null, Map<string, string>>();
  readonly #state: ReducerState;

  /** The log is empty. */
  constructor(schema: Schema, manifest: TraceBundleManifest) {
    this.#schema = schema;
    this.#payloads = new PayloadCheck(schema.reduce);
    this.#state = new ReducerState(manifest, schema.reduce, this.#source);
  }

  /**
   * Checks a payload by itself.
   *
   * @throws {Error} If readers refuse it.
   */
  checkPayload(draft: PayloadDraft): void {
    this.#payloads.check(draft);
  }

  /**
   * Returns the event of a line as readers decode it.
   *
   * @param line The line, with placeholders of its payloads.
   * @throws {DecodeError} If it is not an event of the schema.
   */
  decode(line: string): DecodedLine {
    return this.#schema.events.decode(line);
  }

  /**
   * Checks an event, and counts it as recorded.
   *
   * @throws {ReplayError} If it contradicts the events before it.
   * @throws {Error} If readers refuse it.
   */
  accept({ event, meaning }: DecodedLine, drafts: Drafts): void {
    const { payload } = event;
    if (payload.type === "inference_started") {
      this.#checkRequest(payload, drafts);
    } else if (payload.type === "history_item_accepted") {
      this.#checkReceipt(payload, drafts);
    } else if ("tool_call_id" in payload) {
      this.#checkToolCall(payload, drafts);
    }
    const calls = this.#newCalls(event.thread_id, drafts);
    this.#reduce(event, drafts, meaning);
    const known = this.#calls.get(event.thread_id) ?? new Map();
    this.#calls.set(event.thread_id, known);
    for (const [key, content] of calls) known.set(key, content);
  }

  /** Returns the calls that an event shows first. A call id has one content in a thread. */
  #newCalls(thread: ThreadId | null, drafts: Drafts): Map<string, string> {
    const known = this.#calls.get(thread);
    const calls = new Map<string, string>();
    for (const draft of drafts.values()) {
      for (
        const { key, content } of draft ? this.#payloads.callsOf(draft) : []
      ) {
        if ((known?.get(key) ?? calls.get(key) ?? content) !== content) {
          throw new TypeError(`${key} was another call before`);
        }
        calls.set(key, content);
      }
    }
    return calls;
  }

  /** Whether the log has a turn, and it is of that thread. */
  hasTurn(turn: CodexTurnId, thread: ThreadId): boolean {
    return this.#state.turns.get(turn)?.turn.thread_id === thread;
  }

  #reduce(
    event: RawTraceEvent,
    drafts: Drafts,
    meaning: DecodedLine["meaning"],
  ): void {
    const state = this.#state;
    const payload = this.#source.keep(light(event.payload), drafts);
    const invocation = payload.type === "tool_call_started"
      ? payload.invocation_payload
      : null;
    if (invocation !== null) state.rawPayloads.register([invocation]);
    try {
      applyEvent(state, {
        event: { ...event, payload },
        payloads: [],
        meaning,
        line: 0,
        lineEnded: true,
      });
    } catch (error) {
      if (payload.type === "tool_call_started") this.#forgetRestart(payload);
      throw error;
    }
    if (state.untracedTurns.size > 0) {
      const [turn = ""] = state.untracedTurns;
      state.untracedTurns.clear();
      throw new ReplayError(
        "unknown_turn",
        `turn "${turn}" was never started`,
        { codex_turn_id: turn },
      );
    }
    if (!("tool_call_id" in payload)) return;
    // The result of a command may be long, and nothing reads it again.
    const operation = state.tools.get(payload.tool_call_id)?.operation;
    if (operation != null) operation.operation.result = null;
  }

  /** A second start is left out of the log, so the ids still name the first call. */
  #forgetRestart(event: EventOf<"tool_call_started">): void {
    const { tools } = this.#state;
    tools.get(event.tool_call_id)?.restartedIn.clear();
    tools.byCallId(event.model_visible_call_id ?? "")?.restartedIn.clear();
  }

  #checkRequest(
    { thread_id, stripped_tool_output_ids }: EventOf<"inference_started">,
    drafts: Drafts,
  ): void {
    const context = drafts.get("warmup_context_payload");
    const sent = drafts.get("request_payload");
    const items = (context ?? sent)?.lists.get("input") ?? [];
    const stripped = new Set<number>();
    for (const [at, id] of stripped_tool_output_ids) {
      const index = Number(at);
      const text = items[index];
      const item = text === undefined ? null : this.#payloads.readItem(text);
      if (item?.isIdlessOutput !== true || stripped.has(index)) {
        throw new TypeError(
          `input[${index}] is not a tool output without an id, which was "${id}"`,
        );
      }
      stripped.add(index);
    }
    if (context || sent == null) return;
    const request = JSON.parse(sent.rest);
    const previous: unknown = request["previous_response_id"];
    if (typeof previous !== "string") return;
    const known = this.#state.threads.get(thread_id)?.callByResponseId
      .get(previous)?.first();
    if (known !== undefined) return;
    throw new ReplayError(
      "unknown_response",
      `it adds to response "${previous}", which the log does not have`,
      { response_id: previous, thread_id },
    );
  }

  /** Checks for what the reference refuses, and our reducer does not. */
  #checkToolCall(event: ToolEvent, drafts: Drafts): void {
    const tool = this.#state.tools.get(event.tool_call_id);
    switch (event.type) {
      case "tool_call_started": {
        const draft = drafts.get("invocation_payload");
        if (draft == null || this.#schema.reduce.resolvesWaits) return;
        const { tool_name, tool_namespace, payload } = JSON.parse(draft.rest);
        const args: unknown = valueUnder(payload, "arguments");
        if (tool_name === "wait" && !namesCell(args)) {
          throw new TypeError('it calls "wait" without the id of a cell');
        }
        const writes = tool_name === "write_stdin" && tool_namespace === null;
        if (writes && !this.#schema.reduce.runtimeNamesKind) {
          parseStdinArguments(String(args));
        }
        return;
      }
      case "tool_call_runtime_started": {
        const kind = (event.kind ?? tool?.call.kind)?.type;
        if (kind !== "exec_command" && kind !== "write_stdin") return;
        return requireCommand(drafts);
      }
      case "tool_call_runtime_ended":
        if (tool != null && tool.operation !== null) requireCommand(drafts);
    }
  }

  #checkReceipt(
    { item_id }: EventOf<"history_item_accepted">,
    drafts: Drafts,
  ): void {
    for (const draft of drafts.values()) {
      if (draft === null) continue;
      const item = this.#payloads.readReceipt(draft);
      const isReceipt = item !== null &&
        isReceiptKind(this.#schema.reduce, item) &&
        item.responsesId === item_id;
      if (isReceipt) continue;
      throw new TypeError(
        `it is not a message between agents or a tool output with id "${item_id}"`,
      );
    }
  }
}

/** Checks that the runtime of a terminal's call reports a command. */
function requireCommand(drafts: Drafts): void {
  const draft = drafts.get("runtime_payload");
  if (draft == null || describesCommand(JSON.parse(draft.rest))) return;
  throw new TypeError("it does not describe a command");
}

type ToolEvent = RawTraceEventPayload & { tool_call_id: ToolCallId };

/** Whether the arguments of a tool name a code cell, as the reference requires. */
function namesCell(args: unknown): boolean {
  try {
    const parsed: unknown = JSON.parse(typeof args === "string" ? args : "");
    return typeof valueUnder(parsed, "cell_id") === "string";
  } catch {
    return false;
  }
}

/** The event without the texts that no rule reads. */
function light(payload: RawTraceEventPayload): RawTraceEventPayload {
  return payload.type === "code_cell_started"
    ? { ...payload, source_js: "" }
    : payload;
}

/** Reads the drafts of the current event, and the invocations that a later event may read. */
class DraftSource implements PayloadSource {
  readonly #texts = new Map<string, string>();
  #current: string[] = [];
  #count = 0;

  /** Returns the event with references to its drafts; the drafts of the event before are dropped. */
  keep(payload: RawTraceEventPayload, drafts: Drafts): RawTraceEventPayload {
    for (const id of this.#current) this.#texts.delete(id);
    this.#current = [];
    const refs: Record<string, RawPayloadRef> = {};
    for (const [key, draft] of drafts) {
      if (draft === null) continue;
      const raw_payload_id = `draft:${++this.#count}`;
      const isOmitted = NOT_REDUCED.has(draft.kind);
      refs[key] = {
        ...draft.placeholder,
        raw_payload_id,
        ...isOmitted && { capture: { status: "omitted", original_bytes: 0 } },
      };
      if (isOmitted) continue;
      this.#texts.set(raw_payload_id, draft.rest);
      const isNeededLater = payload.type === "tool_call_started" &&
        AGENT_TOOLS.has(payload.kind.type);
      if (!isNeededLater) this.#current.push(raw_payload_id);
    }
    return { ...payload, ...refs };
  }

  register(): void {}

  open({ raw_payload_id }: RawPayloadRef): PayloadDocument {
    return new DraftDocument(this.#texts.get(raw_payload_id) ?? "null");
  }

  openRequest(): never {
    throw new Error("a request is not reduced here");
  }

  closeThread(): void {}

  verifyAll(): void {}
}

/** Tools whose invocation has the text of a message; only their runtime knows it of the others. */
const AGENT_TOOLS: ReadonlySet<string> = new Set([
  "spawn_agent",
  "send_message",
  "assign_agent_task",
  "other",
]);

/** A draft as a reader sees it. */
class DraftDocument implements PayloadDocument {
  readonly value: JsonValue;
  readonly #text: string;

  constructor(text: string) {
    this.value = JSON.parse(text);
    this.#text = text;
  }

  source(): string {
    return this.#text;
  }

  exact(): ReturnType<PayloadDocument["exact"]> {
    return parseExact(this.#text);
  }

  member(key: string): ReturnType<PayloadDocument["member"]> {
    const { value } = this;
    const isObject = typeof value === "object" && value !== null &&
      !Array.isArray(value);
    const member = isObject && Object.hasOwn(value, key)
      ? value[key]
      : undefined;
    if (member === undefined) return undefined;
    return { value: member, source: () => JSON.stringify(member) };
  }

  elements(): undefined {
    return undefined;
  }
}
