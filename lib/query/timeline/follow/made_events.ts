/**
 * Makes the events that `follow` prints.
 *
 * @module
 */

import { excerpt } from "../../evidence/excerpt.ts";
import type { ObjectRef } from "../../session/names/object_kind.ts";
import { errorText } from "../../failures/error_text.ts";
import type { EventOf, EventType } from "../../../format/event.ts";
import { elapsed } from "../../../format/integers.ts";
import type {
  CodeCellRuntimeStatus,
  ExecutionStatus,
} from "../../../format/vocabulary.ts";
import {
  type Outcome,
  outcomeOfStatus,
} from "../../failures/outcome/outcome.ts";
import type { SessionDiagnostic } from "../../session/session_diagnostics.ts";
import type { Issue } from "../timeline_answer.ts";
import type { AgentFacts } from "./agent_facts.ts";
import type { Evidence, ToolFacts } from "./payload_facts.ts";
import type { OpenCell, OpenTool } from "./open_objects.ts";
import type { FollowedDetail, FollowedEvent } from "./followed_event.ts";

/** What is known of an event before its type is read. */
export type Place = Omit<
  FollowedEvent,
  "detail" | "outcome" | "status" | "issue"
>;

/** Returns what is printed of an event; `undefined` for what only changes what is open. */
export type Handler<K extends EventType> = (
  payload: EventOf<K>,
  place: Place,
  evidence: Evidence | null,
) => FollowedEvent | undefined;

/** A handler for every type that is printed, or that starts something. */
export type Handlers = { readonly [K in EventType]: Handler<K> | null };

/** What Codex reports to its user. */
export const PROTOCOL_ISSUES: ReadonlyMap<string, Issue> = new Map([
  ["error", "failed"],
  ["stream_error", "warning"],
  ["warning", "warning"],
]);

/** The message in a recorded error. */
export function errorOf(recorded: string): { readonly error: string } {
  return { error: errorText(recorded).text };
}

/** An event that ends nothing. */
export function plain(place: Place, detail: FollowedDetail): FollowedEvent {
  return { ...place, outcome: null, status: null, issue: null, detail };
}

/** An event that ends something. */
export function ended(
  place: Place,
  outcome: Outcome | null,
  status: string,
  detail: FollowedDetail,
): FollowedEvent {
  const issue = outcome === "failed" || outcome === "interrupted"
    ? outcome
    : null;
  return { ...place, outcome, status, issue, detail };
}

/** A line that is no event of the schema. */
export function lossEvent(
  diagnostic: SessionDiagnostic,
  place: Pick<FollowedEvent, "thread" | "agent_path" | "turn">,
): FollowedEvent {
  const { code, line, seq, event_type, message, lost } = diagnostic;
  const { more_lines = 0 } = diagnostic;
  return {
    ...place,
    seq,
    line,
    at_unix_ms: null,
    object: null,
    outcome: null,
    status: null,
    duration_ms: null,
    issue: "warning",
    error: code === "unknown_event_type"
      ? "this program does not know this type of event"
      : message,
    detail: { type: "loss", code, event_type, more_lines, lost },
  };
}

/** Something passed from the thread of `place` to another. */
export function edgeEvent(
  place: Place,
  to: ObjectRef,
  { kind, text }: AgentFacts,
): FollowedEvent {
  return plain(place, {
    type: "edge",
    edge_kind: kind,
    from: place.thread,
    to,
    text: text === null ? null : excerpt(text.trim()),
  });
}

/** The end of a code cell; `error` is that of its last response. */
export function cellEnded(
  cell: OpenCell | undefined,
  place: Place,
  status: CodeCellRuntimeStatus,
  error: string | null,
): FollowedEvent {
  const isOk = status !== "failed" && status !== "terminated";
  const outcome = status === "failed" ? "failed" : isOk ? "ok" : "interrupted";
  return ended(
    {
      ...place,
      object: cell?.ref ?? null,
      duration_ms: elapsed(cell?.startedAt ?? null, place.at_unix_ms),
      ...isOk || error === null ? {} : errorOf(error),
    },
    outcome,
    status,
    { type: "code_cell_ended", source: cell?.source ?? null },
  );
}

/** The end of a tool call, or of a process that outlived it. */
export function toolEnded(
  tool: OpenTool,
  place: Place,
  status: ExecutionStatus,
  { error, hasFailed, isDenied, ...rest }: ToolFacts,
  type: "tool_call_ended" | "process_ended",
): FollowedEvent {
  const recorded = outcomeOfStatus(status);
  return ended(
    {
      ...place,
      object: tool.ref,
      duration_ms: elapsed(tool.startedAt, place.at_unix_ms),
      ...error === null ? {} : errorOf(error),
    },
    isDenied ? "interrupted" : outcomeOfCall(recorded, hasFailed),
    status,
    { type, ...rest },
  );
}

function outcomeOfCall(
  recorded: Outcome,
  hasFailed: boolean | null,
): Outcome | null {
  if (recorded !== "ok" || hasFailed === false) return recorded;
  return hasFailed === null ? null : "failed";
}

/** The end of a tool call whose start is unknown. */
export function unknownToolEnded(
  place: Place,
  status: ExecutionStatus,
): FollowedEvent {
  return ended(place, outcomeOfStatus(status), status, {
    type: "tool_call_ended",
    tool: null,
    preview: null,
    exit_code: null,
    exit_unread: null,
  });
}

/** What Codex reported to its user; the message is unknown where its payload cannot be read. */
export function protocolEvent(
  place: Place,
  event_type: string,
  message: string | null | undefined,
): FollowedEvent {
  return {
    ...plain(place, { type: "protocol_event", event_type }),
    ...errorOf(message ?? event_type),
    issue: PROTOCOL_ISSUES.get(event_type) ?? null,
  };
}
