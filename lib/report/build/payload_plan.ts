/**
 * Which payloads a report includes: the requested ones, the smallest first, up to a limit.
 *
 * Each request repeats the conversation so far, so the largest payloads add the least to what the
 * transcript shows.
 *
 * @module
 */

import type { RawPayloadRef } from "../../format/payload.ts";
import { effectiveRequest } from "../../query/evidence/recorded/effective_request.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import type {
  PayloadReader,
  TraceSession,
} from "../../query/session/session.ts";
import type { EmbeddedPayloads } from "../report_data.ts";

/** Which raw payloads are requested. */
export type PayloadChoice = EmbeddedPayloads["choice"];

/** Which payloads a report includes. */
export interface PayloadOptions {
  /** Which raw payloads are requested. */
  readonly payloads: PayloadChoice;
  /** Maximum number of bytes that they may take together. */
  readonly maxPayloadBytes: number;
}

/** Bytes of payloads in one block of a report, approximately. */
const BLOCK_BYTES = 256 * 1024;

/** A plan for the payloads of a session. */
export interface PayloadPlan {
  readonly counts: EmbeddedPayloads;
  /** The payloads of each block. */
  readonly blocks: readonly (readonly RawPayloadRef[])[];
  /** Payload → number of its block. */
  readonly blockOf: ReadonlyMap<string, number>;
  /** Payload → bytes of its file, where it can be read. */
  readonly bytesOf: ReadonlyMap<string, number>;
}

/** Plans which payloads to include; reads none. */
export function planPayloads(
  session: TraceSession,
  { payloads: choice, maxPayloadBytes: maxBytes }: PayloadOptions,
): PayloadPlan {
  const { trace, payloads: reader } = session;
  const bytesOf = reader === null ? new Map() : sizesOf(trace, reader);
  const used = choice === "used" ? payloadsOfObjects(session) : undefined;
  const named = choice === "none" || reader === null
    ? []
    : [...trace.raw_payloads.values()]
      .filter(({ raw_payload_id: id }) => used?.has(id) ?? true);
  const wanted = named.filter(({ capture }) => capture?.status !== "omitted");
  const readable = wanted.flatMap((ref) => {
    const bytes = bytesOf.get(ref.raw_payload_id);
    return bytes === undefined ? [] : [{ ref, bytes }];
  });
  let room = maxBytes;
  const taken = readable.toSorted((a, b) => a.bytes - b.bytes)
    .filter(({ bytes }) => (room -= bytes) >= 0);
  const inside = new Set(taken.map(({ ref }) => ref));
  const sum = (refs: readonly { bytes: number }[]) =>
    refs.reduce((total, { bytes }) => total + bytes, 0);
  const blocks = blocksOf(readable.filter(({ ref }) => inside.has(ref)));
  return {
    counts: {
      choice,
      available: reader !== null,
      embedded: taken.length,
      embedded_bytes: sum(taken),
      over_limit: readable.length - taken.length,
      over_limit_bytes: sum(readable) - sum(taken),
      max_bytes: maxBytes,
      unreadable: wanted.length - readable.length,
      omitted: named.length - wanted.length,
    },
    blocks,
    blockOf: blockOfEach(blocks),
    bytesOf,
  };
}

function blockOfEach(
  blocks: readonly (readonly RawPayloadRef[])[],
): Map<string, number> {
  return new Map(
    blocks.flatMap((refs, block) =>
      refs.map(({ raw_payload_id: id }) => [id, block] as const)
    ),
  );
}

function sizesOf(
  trace: RolloutTrace,
  reader: PayloadReader,
): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const [id, ref] of trace.raw_payloads) {
    const bytes = sizeOf(reader, ref);
    if (bytes !== undefined) sizes.set(id, bytes);
  }
  return sizes;
}

function sizeOf(
  reader: PayloadReader,
  ref: RawPayloadRef,
): number | undefined {
  try {
    return reader.size(ref);
  } catch {
    // Counted as unreadable; the reduction reported the reason if it needed the payload.
    return undefined;
  }
}

/**
 * Payloads that objects of the graph refer to as their evidence, without prepared prompts, which
 * repeat the requests.
 */
function payloadsOfObjects(session: TraceSession): Set<string> {
  const { trace } = session;
  const used = new Set<string>();
  const add = (...ids: readonly (string | null)[]) => {
    for (const id of ids) if (id !== null) used.add(id);
  };
  for (const item of trace.conversation_items.values()) {
    for (const part of item.body.parts) {
      if ("raw_payload_id" in part) add(part.raw_payload_id);
    }
  }
  const requests = [
    ...trace.inference_calls.values(),
    ...trace.compaction_requests.values(),
  ];
  for (const each of requests) {
    add(each.raw_request_payload_id, each.raw_response_payload_id);
  }
  for (const call of trace.inference_calls.values()) {
    add(effectiveRequest(session, call).id);
  }
  for (const tool of trace.tool_calls.values()) {
    add(tool.raw_invocation_payload_id, tool.raw_result_payload_id);
    add(...tool.raw_runtime_payload_ids);
  }
  for (const cell of trace.code_cells.values()) {
    add(cell.raw_initial_response_payload_id, cell.raw_result_payload_id);
  }
  for (const each of trace.terminal_operations.values()) {
    add(...each.raw_payload_ids);
  }
  for (const edge of trace.interaction_edges.values()) {
    add(...edge.carried_raw_payload_ids);
  }
  return used;
}

function blocksOf(
  taken: readonly { ref: RawPayloadRef; bytes: number }[],
): RawPayloadRef[][] {
  const blocks: RawPayloadRef[][] = [];
  let room = 0;
  for (const { ref, bytes } of taken) {
    if (room < bytes || blocks.length === 0) {
      blocks.push([]);
      room = BLOCK_BYTES;
    }
    blocks.at(-1)?.push(ref);
    room -= bytes;
  }
  return blocks;
}
