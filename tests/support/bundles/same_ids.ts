/**
 * A recorded session that runs twice, side by side in one bundle: two groups of agents with the same
 * cell ids, process ids, item ids and texts, and if wanted with the same call ids.
 *
 * @module
 */

import type { RawTraceEvent } from "../../../lib/format/event.ts";
import type { RawPayloadRef } from "../../../lib/format/payload.ts";
import { SourceBundle } from "./host/source_bundle.ts";
import { RawBundle } from "./raw_bundle.ts";
import { isPayloadRef } from "./stored_payloads.ts";

/** The two runs; the UUIDs of each end in its name. */
export const RUNS = ["a0", "b0"] as const;
/** One of the two runs. */
export type Run = (typeof RUNS)[number];

/** What belongs to a run. */
export interface RunIds {
  /** Its threads. */
  readonly threads: ReadonlySet<string>;
  /** Whether a payload is of an event of the run. */
  isPayload(id: string): boolean;
}

const NOISE_PAYLOAD = "raw_payload:0";
const UUID = /\b([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{10})[\da-f]{2}\b/g;
/** Keys of what a recorder names by a counter of the session, where it has no UUID. */
const UNIQUE = new Set([
  "codex_turn_id",
  "compaction_request_id",
  "inference_call_id",
]);
/** The path of an agent below the root, which no other agent of a session has. */
const AGENT_PATH = /(?<![\w/])\/root\/[a-z_\d]+/g;
const CALLS = new Set(["tool_call_id", "model_visible_call_id"]);
/** Events of the session, not of an agent. */
const OF_SESSION = new Set([
  "rollout_started",
  "rollout_ended",
  "recording_completed",
]);
const NO_THREAD = { thread_id: null, codex_turn_id: null };

/** A recorded session that runs twice. */
export class SessionTwice {
  readonly #source: SourceBundle;
  readonly #events: readonly RawTraceEvent[];
  /** The call ids that differ in the two runs. */
  readonly #calls: RegExp | null;

  /**
   * Reads a bundle. With `sharesCalls`, both runs have the same call ids: a graph holds one tool call
   * of each, the first.
   */
  constructor(folder: string, sharesCalls: boolean) {
    this.#source = new SourceBundle(folder);
    this.#events = this.#source.events
      .filter(({ payload }) => !OF_SESSION.has(payload.type));
    this.#calls = sharesCalls ? null : anyOf(callIds(this.#events));
  }

  /** Whether the recorder cut payloads: what they held is not known. */
  get hasCutPayloads(): boolean {
    return /"(?:capture|parts)":/.test(this.#source.text("trace.jsonl"));
  }

  /** What belongs to a run. */
  idsOf(run: Run): RunIds {
    const threads = this.#events.flatMap(({ payload }) =>
      payload.type === "thread_started" || payload.type === "thread_resumed"
        ? [this.#own(payload.thread_id, run)]
        : []
    );
    return {
      threads: new Set(threads),
      isPayload: (id) =>
        id !== NOISE_PAYLOAD &&
        payloadNumber(id) % RUNS.length === RUNS.indexOf(run),
    };
  }

  /** Writes a bundle with both runs; with `only` one, noise without a thread replaces the other. */
  writeTo(folder: string, only?: Run): string {
    const { schema_version: schema } = this.#source.manifest;
    const draft = new RawBundle(schema, "rollout");
    const event_payload = draft.payload("protocol_event", {}, NOISE_PAYLOAD);
    const noise = { type: "protocol_event_observed", event_type: "noise" };
    for (const events of this.#steps()) {
      for (const run of RUNS) {
        for (const event of events) {
          if (only === undefined || only === run) this.#add(draft, event, run);
          else draft.event({ ...noise, event_payload }, NO_THREAD);
        }
      }
    }
    return draft.end().writeTo(folder);
  }

  /** Events, each with the report of it to the user: such a report names no thread. */
  #steps(): RawTraceEvent[][] {
    const steps: RawTraceEvent[][] = [];
    for (const event of this.#events) {
      const last = event.thread_id === null ? steps.at(-1) : undefined;
      if (last === undefined) steps.push([event]);
      else last.push(event);
    }
    return steps;
  }

  #add(draft: RawBundle, event: RawTraceEvent, run: Run): void {
    const { thread_id, codex_turn_id, payload } = event;
    const copy = (key: string, value: unknown): unknown => {
      if (isPayloadRef(value)) return this.#payload(draft, value, run);
      if (typeof value === "string") return this.#own(value, run, key);
      if (typeof value !== "object" || value === null) return value;
      if (Array.isArray(value)) return value.map((each) => copy("", each));
      return copyOf(value);
    };
    const copyOf = (value: object): object =>
      Object.fromEntries(
        Object.entries(value).map(([key, member]) => [key, copy(key, member)]),
      );
    draft.event(copyOf(payload), copyOf({ thread_id, codex_turn_id }));
  }

  #payload(draft: RawBundle, ref: RawPayloadRef, run: Run): RawPayloadRef {
    const text = this.#own(this.#source.payloads.text(ref), run);
    const number = RUNS.length * payloadNumber(ref.raw_payload_id);
    const id = `raw_payload:${number + RUNS.indexOf(run)}`;
    return draft.payload(ref.kind.type, text, id);
  }

  /** A text as a run has it. */
  #own(text: string, run: Run, key = ""): string {
    const own = text.replaceAll(UUID, `$1${run}`)
      .replaceAll(AGENT_PATH, `$&_${run}`);
    if (UNIQUE.has(key) && own === text) return `${text}-${run}`;
    return this.#calls === null
      ? own
      : own.replaceAll(this.#calls, `$&-${run}`);
  }
}

function payloadNumber(id: string): number {
  return Number(id.replace(/^raw_payload:/, ""));
}

/** The ids of tool calls of the recorder or of the model. */
function callIds(events: readonly RawTraceEvent[]): Set<string> {
  const ids = new Set<string>();
  JSON.stringify(events, (key, value) => {
    if (CALLS.has(key) && typeof value === "string") ids.add(value);
    return value;
  });
  return ids;
}

/** Any of these words, in full; those with a UUID differ without this. */
function anyOf(words: ReadonlySet<string>): RegExp | null {
  const counted = [...words].filter((word) => word.search(UUID) < 0);
  if (counted.length === 0) return null;
  return new RegExp(`(?<![\\w-])(?:${counted.join("|")})(?![\\w-])`, "g");
}
