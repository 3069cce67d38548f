/**
 * Watches over the references to payloads: one file for one id, and of the kind that fits.
 *
 * @module
 */

import { quote } from "../errors.ts";
import type { DecodedEvent, EventType } from "../format/event.ts";
import { EVENT_LOG_FILE, PAYLOADS_DIR } from "../format/manifest.ts";
import type { RawPayloadKindName, RawPayloadRef } from "../format/payload.ts";
import type { FindingCode, FindingSink } from "./finding.ts";

/** What the payload of an event holds; `any` where the schema leaves it open. */
const KINDS: {
  readonly [K in EventType]: readonly RawPayloadKindName[] | "any";
} = {
  recording_completed: [],
  rollout_started: [],
  rollout_ended: [],
  thread_started: ["session_metadata"],
  thread_ended: [],
  thread_resumed: [],
  codex_turn_started: [],
  codex_turn_ended: [],
  history_item_accepted: ["protocol_event"],
  inference_started: ["inference_request"],
  inference_completed: ["inference_response"],
  inference_failed: ["inference_response"],
  inference_cancelled: ["inference_response"],
  tool_call_started: ["tool_invocation"],
  mcp_tool_call_correlation_assigned: [],
  stdin_target_resolved: [],
  tool_call_runtime_started: ["tool_runtime_event", "terminal_runtime_event"],
  tool_call_runtime_ended: ["tool_runtime_event", "terminal_runtime_event"],
  tool_call_ended: ["tool_result"],
  code_cell_started: [],
  code_cell_initial_response: ["tool_result"],
  code_cell_ended: ["tool_result"],
  compaction_request_started: ["compaction_request"],
  compaction_request_completed: ["compaction_response"],
  compaction_request_failed: [],
  compaction_installed: ["compaction_checkpoint"],
  agent_result_observed: ["agent_result"],
  protocol_event_observed: ["protocol_event"],
  other: "any",
};

/** Knows every payload that was named. */
export class PayloadWatch {
  readonly #sink: FindingSink;
  readonly #byId: Map<string, RawPayloadRef> = new Map();
  readonly #byPath: Map<string, RawPayloadRef> = new Map();

  /** Tells `sink` what is wrong. */
  constructor(sink: FindingSink) {
    this.#sink = sink;
  }

  /** One reference for each file, in order of appearance. */
  get files(): Iterable<RawPayloadRef> {
    return this.#byPath.values();
  }

  /** How many files are named. */
  get count(): number {
    return this.#byPath.size;
  }

  /** Whether an event names the file. */
  names(path: string): boolean {
    return this.#byPath.has(path);
  }

  /** Hears of every event, in order. */
  observe(decoded: DecodedEvent): void {
    for (const ref of decoded.payloads) {
      this.#checkKind(ref, decoded);
      this.#checkNames(ref, decoded);
    }
  }

  #checkKind(ref: RawPayloadRef, decoded: DecodedEvent): void {
    const kinds = KINDS[decoded.event.payload.type];
    const kind = ref.kind.type;
    if (kinds === "any" || kinds.includes(kind)) return;
    const message = `payload ${quote(ref.raw_payload_id)} is of kind ${kind}, ${
      kinds.join(" or ")
    } is expected`;
    this.#tell("payload_kind_odd", ref, decoded, message);
  }

  #checkNames(ref: RawPayloadRef, decoded: DecodedEvent): void {
    const id = ref.raw_payload_id;
    const path = plainPath(ref.path);
    const known = this.#byId.get(id);
    if (known !== undefined && plainPath(known.path) === path) return;
    if (known !== undefined) {
      const message = `payload ${quote(id)} is ${quote(ref.path)}, it was ${
        quote(known.path)
      } before`;
      this.#tell("payload_id_reused", ref, decoded, message);
    }
    const other = this.#byPath.get(path);
    if (other !== undefined && other.raw_payload_id !== id) {
      const message = `${quote(ref.path)} is payload ${quote(id)}, it was ${
        quote(other.raw_payload_id)
      } before`;
      this.#tell("payload_path_shared", ref, decoded, message);
    }
    if (other === undefined && isElsewhere(path)) {
      const message = `payload ${quote(id)} (${
        quote(ref.path)
      }) lies outside ${PAYLOADS_DIR}/`;
      this.#tell("payload_elsewhere", ref, decoded, message);
    }
    if (known === undefined) this.#byId.set(id, ref);
    if (other === undefined) this.#byPath.set(path, ref);
  }

  #tell(
    code: FindingCode,
    { raw_payload_id }: RawPayloadRef,
    { event, line }: DecodedEvent,
    message: string,
  ): void {
    this.#sink({
      code,
      severity: "warning",
      file: EVENT_LOG_FILE,
      line,
      seq: event.seq,
      event_type: event.payload.type,
      ids: { raw_payload_id },
      message,
    });
  }
}

/** Inside the bundle, though not where payloads lie. What leads outside is refused anyway. */
function isElsewhere(path: string): boolean {
  return !path.startsWith(`${PAYLOADS_DIR}/`) &&
    !/^([/]|[A-Za-z]:)/.test(path) &&
    !path.split("/").includes("..");
}

/** The path as a listing of the folder would spell it. */
function plainPath(path: string): string {
  const isAbsolute = /^[/\\]/.test(path);
  const segments = path.split(/[/\\]/).filter((segment) =>
    segment !== "" && segment !== "."
  );
  return (isAbsolute ? "/" : "") + segments.join("/");
}
