/**
 * A real bundle as what a host passed to the contexts while it was recorded.
 *
 * @module
 */

import type {
  EventOf,
  EventType,
  RawTraceEvent,
} from "../../../../lib/format/event.ts";
import type { TraceBundleManifest } from "../../../../lib/format/manifest.ts";
import type { RawPayloadRef } from "../../../../lib/format/payload.ts";
import type { ProtocolEvent } from "../../../../lib/record/protocol_event.ts";
import { StoredPayloads } from "../stored_payloads.ts";

/** What a payload holds. */
export type Body = Readonly<Record<string, unknown>>;

/** An event of type `K` with its envelope. */
export type Line<K extends EventType> = RawTraceEvent<EventOf<K>>;

/** A bundle in a folder, read without our reader. */
export class SourceBundle {
  /** Its manifest. */
  readonly manifest: TraceBundleManifest;
  /** Its log. */
  readonly events: readonly RawTraceEvent[];
  /** Its payloads. */
  readonly payloads: StoredPayloads;
  readonly #directory: string;

  /** Reads manifest and log. */
  constructor(directory: string) {
    this.#directory = directory;
    this.payloads = new StoredPayloads((name) =>
      Deno.readFileSync(`${directory}/${name}`)
    );
    this.manifest = JSON.parse(this.text("manifest.json"));
    this.events = this.text("trace.jsonl").split("\n")
      .filter((line) => line !== "").map((line) => JSON.parse(line));
  }

  /** A file of the bundle. */
  text(name: string): string {
    return Deno.readTextFileSync(`${this.#directory}/${name}`);
  }

  /** What a reference points to; nothing, when there is none. */
  body(ref: RawPayloadRef | null | undefined): Body {
    return ref ? JSON.parse(this.payloads.text(ref)) : {};
  }

  /** The items in a response. */
  items(ref: RawPayloadRef | null): unknown[] {
    const items = this.body(ref)["output_items"];
    return Array.isArray(items) ? items : [];
  }
}

/** The protocol message that ends a turn this way. */
export function turnEndMessage(
  event: EventOf<"codex_turn_ended">,
): ProtocolEvent {
  const turn_id = event.codex_turn_id;
  if (event.status === "cancelled") return { type: "turn_aborted", turn_id };
  const error = event.status === "failed" ? { message: "failed" } : null;
  return { type: "task_complete", turn_id, error };
}

/** A key that only messages of one name have; the first that fits counts. */
const RUNTIME_KEYS = [
  ["changes", "patch_apply"],
  ["command", "exec_command"],
  ["invocation", "mcp_tool_call"],
  ["result", "mcp_tool_call"],
  ["receiver_thread_ids", "collab_waiting"],
  ["statuses", "collab_waiting"],
  ["model", "collab_agent_spawn"],
  ["prompt", "collab_agent_interaction"],
  ["receiver_thread_id", "collab_close"],
] as const;

/** The protocol message behind a runtime payload, known by the keys it has. */
export function runtimeMessage(
  event: EventOf<"tool_call_runtime_started" | "tool_call_runtime_ended">,
  body: Body,
): ProtocolEvent {
  if ("agent_thread_id" in body) return { ...body, type: "sub_agent_activity" };
  const bound = event.type === "tool_call_runtime_started" ? "begin" : "end";
  const name = RUNTIME_KEYS.find(([key]) => key in body)?.[1] ?? "unknown";
  // The end of an MCP call in schema 2 keeps the result alone.
  const call = "call_id" in body ? {} : { call_id: event.tool_call_id };
  return { ...body, ...call, type: `${name}_${bound}` };
}
