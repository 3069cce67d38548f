/**
 * What a compaction did to the prompt: sizes before and after, what was kept, dropped and added.
 *
 * @module
 */

import { compactSize } from "../../format/json/json_bytes.ts";
import { PayloadError } from "../../errors.ts";
import type { ConversationItemId } from "../../format/ids.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { Compaction, InferenceCall } from "../../graph/runtime.ts";
import { checkpointOf } from "../evidence/recorded/checkpoint.ts";
import { itemKeys } from "../evidence/recorded/item_contents.ts";
import { lostItems } from "../evidence/recorded/listed_items.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type { TraceSession } from "../session/session.ts";
import { callsOfThread } from "../session/thread_calls.ts";
import { installedSeq } from "./context_growth.ts";
import { PromptReader, punctuationOf } from "./prompt.ts";
import { repeatedTexts } from "./repeated_texts.ts";

/** The size of one prompt. */
export interface PromptSize {
  /** The request. */
  readonly call: ObjectRef;
  /** Bytes as sent; null where it was not recorded, or continues a response. */
  readonly bytes: number | null;
  /** Tokens, as the provider reported; null when it reported none. */
  readonly input_tokens: Integer | null;
  /** Bytes of texts that it has more than once, the first copy of each left out. */
  readonly repeated_bytes: number | null;
}

/** An item of the new history with the content of one of the old. */
export interface KeptItem {
  /** In the old history. */
  readonly before: ObjectRef;
  /** In the new one. */
  readonly after: ObjectRef;
}

/** An item that only the new history has. */
export interface AddedItem {
  /** The item. */
  readonly item: ObjectRef;
  /** Bytes of it in the checkpoint; null where that is not available. */
  readonly bytes: number | null;
  /** Whether its text is encrypted. */
  readonly is_encrypted: boolean;
}

/** What a compaction did. */
export interface CompactionEffect {
  /** The last prompt of the thread before it; null when there was none. */
  readonly prompt_before: PromptSize | null;
  /** The first prompt after it; null when none followed. */
  readonly prompt_after: PromptSize | null;
  /** Items whose content is in both histories. */
  readonly kept: readonly KeptItem[];
  /** Items of the old history that the new one does not have. */
  readonly dropped: readonly ObjectRef[];
  /** Items of the new history that the old one did not have, such as a summary. */
  readonly added: readonly AddedItem[];
  /** Whether both histories were recorded completely; else the lists may lack items. */
  readonly histories_complete: boolean;
}

/** What a compaction did to the prompts of its thread. */
export function compactionEffect(
  session: TraceSession,
  compaction: Compaction,
): CompactionEffect {
  const { trace, log } = session;
  const seq = installedSeq(log, compaction.compaction_id);
  const calls = callsOfThread(trace, compaction.thread_id);
  const isAfter = ({ execution }: InferenceCall) =>
    log === null
      ? execution.started_at_unix_ms > compaction.installed_at_unix_ms
      : execution.started_seq > seq;
  const before = calls.findLast((call) => !isAfter(call));
  const after = calls.find(isAfter);
  const ref = checkpointOf(session, compaction.compaction_id);
  return {
    prompt_before: before === undefined ? null : sizeOf(session, before),
    prompt_after: after === undefined ? null : sizeOf(session, after),
    ...itemsOf(session, compaction),
    histories_complete: ref !== undefined && ref.capture === undefined &&
      lostItems(ref).length === 0,
  };
}

function sizeOf(session: TraceSession, call: InferenceCall): PromptSize {
  const size = {
    call: session.names.ref("inference_call", call.inference_call_id),
    input_tokens: call.usage?.input_tokens ?? null,
  };
  const unknown = { ...size, bytes: null, repeated_bytes: null };
  const { payloads } = session;
  if (payloads === null) return unknown;
  try {
    const reader = new PromptReader(session, payloads, call.thread_id);
    const prompt = reader.read(call);
    reader.close();
    if (prompt === undefined || prompt.previousResponseId !== null) {
      return unknown;
    }
    const parts = [...prompt.elements, ...prompt.members];
    return {
      ...size,
      bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) +
        punctuationOf(prompt),
      repeated_bytes: repeatedTexts(session, payloads, call, prompt)
        .reduce((sum, { repeated_bytes: bytes }) => sum + bytes, 0),
    };
  } catch (error) {
    // The diagnostics of the reduction report unreadable payloads already.
    if (error instanceof PayloadError) return unknown;
    throw error;
  }
}

/** Pairs items of equal content, each once, in the order of the new history. */
function itemsOf(
  session: TraceSession,
  { input_item_ids: before, replacement_item_ids: after, ...compaction }:
    Compaction,
): Pick<CompactionEffect, "kept" | "dropped" | "added"> {
  const { names, trace } = session;
  const keyOf = itemKeys(session);
  const left = new Map<string, ConversationItemId[]>();
  for (const id of before) {
    const key = keyOf(id) ?? id;
    left.set(key, [...left.get(key) ?? [], id]);
  }
  const kept = new Map<ConversationItemId, ConversationItemId>();
  for (const id of after) {
    const found = left.get(keyOf(id) ?? id)?.shift();
    if (found !== undefined) kept.set(id, found);
  }
  const stayed = new Set(kept.values());
  const sizes = replacementSizes(session, compaction.compaction_id);
  return {
    kept: Array.from(kept, ([id, old]) => ({
      before: names.ref("item", old),
      after: names.ref("item", id),
    })),
    dropped: [...before].filter((id) => !stayed.has(id))
      .map((id) => names.ref("item", id)),
    added: [...after].flatMap((id, at) =>
      kept.has(id) ? [] : [{
        item: names.ref("item", id),
        bytes: sizes.length === after.length ? sizes[at] ?? null : null,
        is_encrypted: trace.conversation_items.get(id)?.body.parts
          .some(({ type }) => type === "encoded") ?? false,
      }]
    ),
  };
}

/** Bytes of the items of the new history; empty where they are not available. */
function replacementSizes(session: TraceSession, id: string): number[] {
  const { payloads } = session;
  const ref = checkpointOf(session, id);
  if (payloads === null || ref === undefined || ref.capture !== undefined) {
    return [];
  }
  try {
    const encoder = new TextEncoder();
    return (payloads.open(ref).elements("replacement_history") ?? [])
      .map((element) => compactSize(encoder.encode(element.source())));
  } catch (error) {
    if (error instanceof PayloadError) return [];
    throw error;
  }
}
