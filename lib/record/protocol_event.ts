/**
 * Codex protocol messages that a trace keeps as they are, and those that bound a turn.
 *
 * Messages about tools are in `tool_runtime.ts`. Types are looked up in maps: the host passes them, and they may be any text.
 *
 * @module
 */

import type { WriteRules } from "../bundle/write/write_rules.ts";
import type { CodexTurnId } from "../format/ids.ts";
import type { ExecutionStatus } from "../format/vocabulary.ts";

/** A message of the Codex protocol, as JSON: `type` and what belongs to it. */
export interface ProtocolEvent {
  /** Name of the message. */
  readonly type: string;
  /** Its other keys, as the protocol spells them. */
  readonly [key: string]: unknown;
}

interface WrappedEvent {
  /** Name in the trace. */
  readonly name: string;
  /** Name in the protocol's JSON, which has its own for turns. */
  readonly type: string;
}

const WRAPPED: ReadonlyMap<string, WrappedEvent> = new Map([
  ...[
    "session_configured",
    "turn_aborted",
    "thread_rolled_back",
    "error",
    "warning",
    "shutdown_complete",
  ].map((name) => [name, { name, type: name }] as const),
  ["turn_started", { name: "turn_started", type: "task_started" }],
  ["task_started", { name: "turn_started", type: "task_started" }],
  ["turn_complete", { name: "turn_complete", type: "task_complete" }],
  ["task_complete", { name: "turn_complete", type: "task_complete" }],
]);

/** A message as the trace keeps it, `undefined` for those it does not keep. */
export function wrappedEvent(
  event: ProtocolEvent,
): { name: string; payload: ProtocolEvent } | undefined {
  const wrapped = WRAPPED.get(event.type);
  return wrapped &&
    { name: wrapped.name, payload: { ...event, type: wrapped.type } };
}

/** The start or end of a turn that a message reports. */
export type TurnBound =
  | { readonly type: "started"; readonly turnId: CodexTurnId }
  | {
    readonly type: "ended";
    readonly turnId: CodexTurnId;
    readonly status: ExecutionStatus;
  };

/** The start or end of a turn that a message is about, `undefined` when it is about none. */
export function turnEvent(
  defaultTurnId: CodexTurnId,
  event: ProtocolEvent,
  rules: WriteRules,
): TurnBound | undefined {
  const named = event["turn_id"];
  const turnId = typeof named === "string" ? named : defaultTurnId;
  switch (WRAPPED.get(event.type)?.name) {
    case "turn_started":
      return { type: "started", turnId };
    case "turn_complete": {
      const failed = rules.turnsCanFail && (event["error"] ?? null) !== null;
      return { type: "ended", turnId, status: failed ? "failed" : "completed" };
    }
    case "turn_aborted":
      return { type: "ended", turnId, status: "cancelled" };
    default:
      return undefined;
  }
}
