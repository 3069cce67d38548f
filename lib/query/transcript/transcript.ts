/**
 * What models received and wrote: a full thread in order, or exactly the input of one request.
 *
 * Pieces are made one after the other, as they are asked for; none is kept.
 *
 * @module
 */

import type { InferenceCallId, ThreadId } from "../../format/ids.ts";
import type { AgentThread } from "../../graph/session.ts";
import type { TraceSession } from "../session/session.ts";
import type {
  OpenTranscript,
  TranscriptAnswer,
  TranscriptDroppedItems,
  TranscriptHead,
  TranscriptInheritedHistory,
} from "./transcript_answer.ts";
import {
  type DroppedItems,
  droppedItems,
} from "../evidence/links/dropped_items.ts";
import {
  type InheritedHistory,
  inheritedHistory,
} from "../evidence/links/inherited_history.ts";
import { compactionEntry, ItemEntries } from "./item_entries.ts";
import { openRequestTranscript } from "./request_transcript.ts";
import { getClock } from "../evidence/clock/clock.ts";
import { threadItems } from "../evidence/recorded/thread_items.ts";
import { UnrecordedEntries } from "./unrecorded.ts";

/** What is wanted: by default, all of the root thread. */
export interface TranscriptScope {
  /** Id of the thread. */
  readonly thread?: ThreadId;
  /** Id of the inference call whose input is wanted. */
  readonly call?: InferenceCallId;
}

/**
 * What the models of a thread received and wrote, or the input of one request.
 *
 * @returns `null` when the graph has no such thread or call, or the call is of another thread.
 * @throws {PayloadError} If the payload of a request can no longer be read.
 */
export function getTranscript(
  session: TraceSession,
  scope: TranscriptScope = {},
): TranscriptAnswer | null {
  const opened = openTranscript(session, scope);
  if (opened === null) return null;
  return { ...opened.head, entries: [...opened.entries()] };
}

/** As {@linkcode getTranscript}, without making all pieces at once. */
export function openTranscript(
  session: TraceSession,
  { thread: id, call: callId }: TranscriptScope = {},
): OpenTranscript | null {
  const { trace } = session;
  const call = callId === undefined
    ? undefined
    : trace.inference_calls.get(callId);
  if (callId !== undefined && call === undefined) return null;
  const threadId = id ?? call?.thread_id ?? trace.root_thread_id;
  const thread = trace.threads.get(threadId);
  if (thread === undefined) return null;
  if (call === undefined) return fullThread(session, thread);
  if (call.thread_id !== threadId) return null;
  return openRequestTranscript(session, call, headOf(session, thread));
}

function droppedEntry(
  { names }: TraceSession,
  { call, items }: DroppedItems,
): TranscriptDroppedItems {
  return {
    type: "dropped_items",
    call: names.ref("inference_call", call.inference_call_id),
    turn: names.ref("turn", call.codex_turn_id),
    items: items.map((id) => names.ref("item", id)),
  };
}

function inheritedEntry(
  { names }: TraceSession,
  { call, origin, thread_id, items }: InheritedHistory,
): TranscriptInheritedHistory {
  return {
    type: "inherited_history",
    call: call && names.ref("inference_call", call.inference_call_id),
    origin,
    thread_id,
    items: items.map((id) => names.ref("item", id)),
  };
}

function headOf(
  session: TraceSession,
  { thread_id: id, agent_path }: AgentThread,
): Omit<TranscriptHead, "request" | "items"> {
  return {
    thread: session.names.ref("thread", id),
    agent_path,
    clock_jumps: getClock(session).jumps,
    other_threads: session.names.all("thread").filter((other) =>
      other.id !== id
    ),
  };
}

function fullThread(
  session: TraceSession,
  thread: AgentThread,
): OpenTranscript {
  const ids = threadItems(session.trace, thread.thread_id);
  return {
    // It names all other threads, and is not needed where each thread is read.
    get head() {
      return { ...headOf(session, thread), request: null, items: ids.length };
    },
    *entries() {
      const { trace } = session;
      const entries = new ItemEntries(session, thread.thread_id);
      const unrecorded = new UnrecordedEntries(session, thread.thread_id);
      const dropped = droppedItems(session, thread.thread_id);
      const history = inheritedHistory(session, thread.thread_id);
      for (const { id, isAccepted } of ids) {
        const item = trace.conversation_items.get(id);
        if (item === undefined) continue;
        yield* unrecorded.before(id);
        if (history?.items[0] === id) yield inheritedEntry(session, history);
        for (const each of dropped) {
          if (each.next === id) yield droppedEntry(session, each);
        }
        const marked = item.kind === "compaction_marker"
          ? item.produced_by.flatMap((producer) =>
            producer.type === "compaction"
              ? trace.compactions.get(producer.compaction_id) ?? []
              : []
          )
          : [];
        if (marked.length === 0) {
          yield { ...entries.entry(item), is_accepted: isAccepted };
        }
        for (const each of marked) yield compactionEntry(session, each);
      }
      yield* unrecorded.rest();
      for (const each of dropped) {
        if (each.next === null) yield droppedEntry(session, each);
      }
    },
  };
}
