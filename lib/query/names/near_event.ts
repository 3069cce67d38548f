/**
 * What an event stands next to, where it is about no object of the kind that was asked for.
 *
 * @module
 */

import type { DecodedEvent } from "../../format/event.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { Session } from "../session/session.ts";
import type { ObjectKind, ObjectRef } from "./object_kind.ts";

/**
 * The nearest object of some kinds: the turn that an event happened in, its thread, and the root
 * thread for what concerns the whole session. Where only requests are meant, the latest that
 * had begun by then: of the event's thread where it has one.
 */
export function nearEvent(
  session: Session,
  decoded: DecodedEvent,
  kinds: readonly ObjectKind[],
): ObjectRef | undefined {
  if (kinds.every((kind) => kind === "inference_call")) {
    return latestRequest(session, decoded);
  }
  const { trace, names } = session;
  const { codex_turn_id: turn } = decoded.event;
  const around = [
    ["turn", turn],
    ["thread", threadOfEvent(session, decoded)],
    ["thread", trace.root_thread_id],
  ] as const;
  for (const [kind, id] of around) {
    if (id !== null && kinds.includes(kind) && names.has(kind, id)) {
      return names.ref(kind, id);
    }
  }
  return undefined;
}

/** The thread that an event happened in, by its turn where it does not say; null for neither. */
export function threadOfEvent(
  { trace }: Session,
  { event }: DecodedEvent,
): string | null {
  const { thread_id: thread, codex_turn_id: turn } = event;
  if (thread !== null || turn === null) return thread;
  return trace.codex_turns.get(turn)?.thread_id ?? null;
}

function latestRequest(
  session: Session,
  decoded: DecodedEvent,
): ObjectRef | undefined {
  const { trace, names } = session;
  const thread = threadOfEvent(session, decoded);
  let latest: { readonly id: string; readonly seq: Integer } | undefined;
  for (const [id, call] of trace.inference_calls) {
    const { started_seq: seq } = call.execution;
    if (seq > decoded.event.seq) continue;
    if (thread !== null && call.thread_id !== thread) continue;
    if (latest === undefined || seq >= latest.seq) latest = { id, seq };
  }
  return latest && names.ref("inference_call", latest.id);
}
