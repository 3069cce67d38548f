/**
 * How long a tool call waited before it ran: for an approval, for a free slot, or while its process
 * was set up. The log does not record which.
 *
 * @module
 */

import type { DecodedEvent } from "../../../format/event.ts";
import type { Integer } from "../../../format/vocabulary.ts";
import type { ToolCall } from "../../../graph/runtime.ts";
import type { TraceSession } from "../../session/session.ts";
import { getClock, type Moment } from "./clock.ts";

/** The parts of the time of a tool call. */
export interface ToolTimes {
  /**
   * Milliseconds from the call until the tool ran: it waited for an approval or a free slot, or was
   * set up. Null where the log has no start of its running.
   */
  readonly waited_ms: Integer | null;
  /** Milliseconds in which it ran, until its end or the end of its call; null where unknown. */
  readonly ran_ms: Integer | null;
}

/** Returns how long a tool call waited and how long it ran. */
export function toolTimes(
  session: TraceSession,
  { tool_call_id: id, terminal_operation_id, execution }: ToolCall,
): ToolTimes {
  const { started_seq, started_at_unix_ms, ended_seq, ended_at_unix_ms } =
    execution;
  if (session.sessionLog !== undefined) {
    return { waited_ms: null, ran_ms: null };
  }
  const events = session.log?.about("tool_call", id) ?? [];
  // Without a log, only the operation of a command has a start of its own.
  const operation = session.log === null
    ? session.trace.terminal_operations.get(terminal_operation_id ?? "")
    : undefined;
  const ran = operation?.kind === "exec_command"
    ? operation.execution
    : undefined;
  const start = ran === undefined
    ? momentOf(events, "tool_call_runtime_started")
    : { seq: ran.started_seq, at: ran.started_at_unix_ms };
  if (start === null || start.seq < started_seq) {
    return { waited_ms: null, ran_ms: null };
  }
  const clock = getClock(session);
  const ownEnd = ran === undefined
    ? momentOf(events, "tool_call_runtime_ended")
    : known(ran.ended_seq, ran.ended_at_unix_ms);
  const callEnd = known(ended_seq, ended_at_unix_ms);
  // A process may outlive its call.
  const end = ownEnd !== null && (callEnd === null || ownEnd.seq < callEnd.seq)
    ? ownEnd
    : callEnd;
  return {
    waited_ms: clock.between(
      { seq: started_seq, at: started_at_unix_ms },
      start,
    ),
    ran_ms: end === null ? null : clock.between(start, end),
  };
}

function momentOf(
  events: readonly DecodedEvent[],
  type: "tool_call_runtime_started" | "tool_call_runtime_ended",
): Moment | null {
  const found = events.find(({ event }) => event.payload.type === type)?.event;
  return found === undefined
    ? null
    : { seq: found.seq, at: found.wall_time_unix_ms };
}

function known(seq: Integer | null, at: Integer | null): Moment | null {
  return seq === null || at === null ? null : { seq, at };
}
