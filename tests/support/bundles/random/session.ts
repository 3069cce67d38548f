/**
 * What the scenario walk knows of the session it makes up: threads, turns, calls, tools, cells.
 * The model is kept just good enough that most steps fit what preceded.
 *
 * @module
 */

import type { PayloadFile, RandomBundle, Schema } from "./bundle.ts";
import { type Json, type JsonLike, Obj, obj, Raw } from "./items/json_text.ts";
import { PayloadStore, type Put, type Role } from "./storage/payload_store.ts";
import { Prng } from "./prng.ts";
import type { Profile } from "./profile.ts";
import { INTEGERS } from "./items/values.ts";

/** The four kinds of items whose call ids are checked. */
export type CallKind = "call" | "output" | "custom_call" | "custom_output";

/** An item as it is in a payload, with what the walk must know of it. */
export interface Item {
  /** The item itself. */
  json: Json;
  /** Its kind, when it has a call id of that kind. */
  callKind: CallKind | null;
  /** Its call id, when it has one. */
  callId: string | null;
  /** True when the item must not be sent twice: the reference would refuse that. */
  once: boolean;
  /** True when the item never equals itself in another payload. */
  volatile: boolean;
  /** True when every key of the item is part of what is compared. */
  complete: boolean;
  /** True when the reducer drops it. */
  skipped: boolean;
  /** Its Responses id. */
  id: string | null;
  /** The id that it gets from outside the payload, where it has none of its own. */
  stripped?: string;
}

/** A turn. */
export interface TurnModel {
  id: string;
  ended: boolean;
}

/** A call to a model. */
export interface CallModel {
  id: string;
  thread: ThreadModel;
  turn: TurnModel;
  request: Item[];
  response: Item[];
  /** True when something of its request or of its response is missing. */
  partial?: boolean;
  responseId: string | null;
  ended: boolean;
}

/** A thread. */
export interface ThreadModel {
  id: string;
  path: string;
  ended: boolean;
  turns: TurnModel[];
  calls: CallModel[];
  /** What the model saw last. */
  snapshot: Item[];
  /** List of an installed compaction that no full request took up yet. */
  pending: Item[] | null;
  /** The call whose response would extend the snapshot in schema 2. */
  current: CallModel | null;
  /** Every item with a call id, by kind and id. */
  byCall: Map<string, Item>;
  /** Responses ids seen in this thread, with the item. */
  byId: Map<string, Item>;
  /** Messages sent to this thread that no item shows yet. */
  deliveries: Delivery[];
  /** Items that a receipt announced and no request showed yet. */
  receipts: Item[];
  /** Ids of the items that receipts announced. */
  receiptIds: Set<string>;
}

/** A message from one thread to another. */
export interface Delivery {
  author: string;
  recipient: string;
  text: string;
}

/** A terminal operation. */
export interface OperationModel {
  kind: "exec_command" | "write_stdin";
  /** Undefined when an unusual spelling makes it unknown to the walk. */
  process: string | null | undefined;
  session: boolean;
}

/** A tool call. */
export interface ToolModel {
  id: string;
  callId: string | null;
  thread: ThreadModel;
  kind: string;
  operation: OperationModel | null;
  runtimePayloads: number;
  hasInvocation: boolean;
  /** Text of the message in its arguments. */
  message: string | null;
  /** Thread it is about, chosen once. */
  target: ThreadModel | null;
  started: boolean;
  correlated: boolean;
  /** Turn that its start names. */
  turn?: string | undefined;
  /** True once the cell is known that it waits for. */
  waits?: boolean;
}

/** A code cell. */
export interface CellModel {
  runtimeId: string;
  callId: string;
  thread: ThreadModel;
  ended: boolean;
}

const COMPLETE: Pick<Put, "missing" | "partial" | "dropped"> = {
  missing: false,
  partial: false,
  dropped: new Set(),
};

/** The session under construction. */
export class Session {
  /** Source of all choices. */
  readonly prng: Prng;
  /** Schema of the bundle. */
  readonly schema: Schema;
  /** How this session is tuned. */
  readonly profile: Profile;
  /** Rollout id in every envelope. */
  readonly rolloutId: string;
  /** Trace id of the manifest. */
  readonly traceId: string;
  readonly threads: ThreadModel[] = [];
  readonly calls: CallModel[] = [];
  readonly tools: ToolModel[] = [];
  readonly cells: CellModel[] = [];
  /** Threads announced by a spawn and not started yet. */
  readonly announced: { id: string; path: string; parent: ThreadModel }[] = [];
  /** Ids of installed compactions. */
  readonly compactions: string[] = [];
  /** Requests for a summary. */
  readonly compactionRequests: { id: string; request: string }[] = [];
  readonly events: Json[] = [];
  readonly payloads: Map<string, PayloadFile> = new Map();
  /** Call ids in use anywhere. */
  readonly callIds: string[] = [];
  readonly #store: PayloadStore | undefined;
  readonly #stored: Map<Json, Put> = new Map();
  #time: number;
  #counter = 0;

  /** Begins an empty session. */
  constructor(seed: number, schema: Schema, profile: (p: Prng) => Profile) {
    this.prng = new Prng(seed);
    this.schema = schema;
    this.profile = profile(this.prng);
    this.#time = 1_790_000_000_000 + this.prng.int(1_000_000);
    this.rolloutId = this.prng.uuid();
    this.traceId = this.prng.uuid();
    if (schema >= 3) this.#store = new PayloadStore(seed, this.payloads);
  }

  /** True now and then, when the walk may do what the reference will refuse. */
  unusual(): boolean {
    return this.prng.chance(this.profile.oddness);
  }

  /** A number not given before. */
  fresh(): number {
    return ++this.#counter;
  }

  /** "Nothing" for an optional key: null as recorders write it, or left out. */
  none(): null | undefined {
    return this.profile.omitNulls && this.prng.chance(0.5) ? undefined : null;
  }

  /** Stores a payload and returns the reference to it. */
  payload(kind: string, body: Json, role?: Role): Obj {
    if (this.#store !== undefined) {
      const put = this.#store.put(kind, body, role);
      this.#stored.set(put.ref, put);
      return put.ref;
    }
    const ordinal = this.payloads.size + 1;
    const path = `payloads/${ordinal}.json`;
    const id = `raw_payload:${ordinal}`;
    this.payloads.set(path, { id, path, body });
    return obj({ raw_payload_id: id, kind: { type: kind }, path });
  }

  /** What became of the payload of a reference that this session made. */
  stored(ref: Json | undefined): Pick<Put, "missing" | "partial" | "dropped"> {
    return (ref === undefined ? undefined : this.#stored.get(ref)) ?? COMPLETE;
  }

  /** A wall time: mostly later than the last one, often the same millisecond. */
  now(): Json {
    const p = this.prng;
    if (!p.chance(this.profile.sameTime)) this.#time += p.int(30);
    if (p.chance(0.01)) return this.#time - 1000;
    if (this.profile.extremes && p.chance(0.05)) {
      return new Raw(p.pick(INTEGERS));
    }
    return this.#time;
  }

  /** Appends an event. */
  emit(
    type: string,
    fields: { readonly [key: string]: JsonLike | undefined },
    context: { thread?: string; turn?: string } = {},
  ): void {
    this.events.push(obj({
      schema_version: this.schema,
      seq: this.events.length + 1,
      wall_time_unix_ms: this.now(),
      rollout_id: this.rolloutId,
      thread_id: context.thread ?? this.none(),
      codex_turn_id: context.turn ?? this.none(),
      payload: { type, ...fields },
    }));
  }

  /** The bundle as it is. */
  bundle(): RandomBundle {
    const root = this.threads[0]?.id ?? this.rolloutId;
    return {
      schema: this.schema,
      manifest: obj({
        schema_version: this.schema,
        trace_id: this.traceId,
        rollout_id: this.rolloutId,
        root_thread_id: root,
        started_at_unix_ms: 1_790_000_000_000,
        raw_event_log: "trace.jsonl",
        payloads_dir: "payloads",
      }),
      events: this.events,
      payloads: this.payloads,
      ...this.#shards(),
    };
  }

  #shards(): Pick<RandomBundle, "shards"> {
    if (this.#store === undefined) return {};
    const last = this.events.at(-1);
    const payload = last instanceof Obj ? last.get("payload") : undefined;
    const closed = payload instanceof Obj &&
      payload.get("type") === "recording_completed";
    return { shards: this.#store.finish(closed) };
  }
}
