/**
 * How a random session of schema 3 stores its payloads: which values become parts of their
 * own, what is cut or left out, and which shard holds a record.
 *
 * The choices have a source of chance of their own, so that they leave the session as it is.
 *
 * @module
 */

import type { PayloadFile } from "../bundle.ts";
import { type Json, Obj, Raw, render } from "../items/json_text.ts";
import { Part } from "./parts.ts";
import { Prng } from "../prng.ts";
import { spellUnusually } from "./reference_spelling.ts";
import { finishShards } from "./shard_forms.ts";
import { randomStoreProfile, type StoreProfile } from "./store_profile.ts";
import {
  type Capture,
  type DamagedForm,
  partIds,
  referenceTo,
  storedById,
} from "./stored.ts";

/** What a payload is to the reducer, which decides what may be missing in it. */
export type Role =
  /** Lists of items, in which parts may be missing. */
  | "items"
  /** One item. */
  | "item"
  /** Read completely, or not at all. */
  | "strict"
  /** Never read. */
  | "unread";

/** A payload that was stored. */
export interface Put {
  /** The reference for the event. */
  ref: Obj;
  /** True when nothing of it can be read. */
  missing: boolean;
  /** True when it is missing, or any part of it. */
  partial: boolean;
  /** The elements of its lists that are missing. */
  dropped: ReadonlySet<Json>;
}

const ROLES: Readonly<Record<string, Role>> = {
  inference_request: "items",
  warmup_context: "items",
  inference_response: "items",
  compaction_checkpoint: "items",
  prepared_prompt: "items",
  session_metadata: "strict",
  tool_invocation: "strict",
  tool_result: "strict",
  tool_runtime_event: "strict",
};

const LISTS: ReadonlySet<string> = new Set([
  "input",
  "output_items",
  "input_history",
  "replacement_history",
]);

/** Stores the payloads of one session. */
export class PayloadStore {
  readonly #prng: Prng;
  readonly #profile: StoreProfile;
  readonly #payloads: Map<string, PayloadFile>;
  /** Ids of parts, by kind and text: recorders store equal parts once. */
  readonly #shared: Map<string, string> = new Map();
  readonly #used: Set<string> = new Set();
  #shard: Json = 1;
  #kindInShard = "";
  #dropped: Set<Json> = new Set();
  #partial = false;

  /** Stores into `payloads`. */
  constructor(seed: number, payloads: Map<string, PayloadFile>) {
    this.#prng = new Prng(seed ^ 0x570e);
    this.#profile = randomStoreProfile(this.#prng);
    this.#payloads = payloads;
    if (!this.#prng.chance(0.9)) this.#shard = this.#freshShard();
    this.#used.add(render(this.#shard));
  }

  /** Stores a payload. */
  put(kind: string, body: Json, given?: Role): Put {
    const p = this.#prng;
    const role = given ?? ROLES[kind] ?? "unread";
    this.#dropped = new Set();
    this.#partial = false;
    const split = p.chance(this.#splitChance(kind, role))
      ? this.#complete(body, role)
      : body;
    const missing = p.chance(this.#profile.missing);
    const parted = split !== body;
    const file = missing
      ? this.#cut(kind, body, parted ? split : undefined)
      : this.#add(kind, split);
    const all = storedById(this.#payloads.values());
    return {
      ref: p.chance(this.#profile.unusualRefs)
        ? spellUnusually(p, referenceTo(file, all))
        : referenceTo(file, all),
      missing,
      partial: missing || this.#partial,
      dropped: this.#dropped,
    };
  }

  /** The forms of the shards, once everything is stored; `closed` when the log ends so. */
  finish(closed: boolean): Map<string, DamagedForm> {
    return finishShards(this.#prng, this.#payloads, {
      closed,
      faulty: this.#profile.faulty,
    });
  }

  #splitChance(kind: string, role: Role): number {
    const { split, everywhere } = this.#profile;
    if (kind === "prepared_prompt") return Math.max(split, 0.5);
    return role === "strict" ? everywhere : split;
  }

  #complete(body: Json, role: Role): Json {
    const { everywhere } = this.#profile;
    if (this.#prng.chance(everywhere / 5)) {
      return this.#part("model_item", this.#inner(body, role), 0);
    }
    if (role !== "items" || !(body instanceof Obj)) {
      return this.#inner(body, role);
    }
    return new Obj(body.entries.map(([key, value]): [string, Json] => {
      const isList = LISTS.has(key) && Array.isArray(value);
      if (!isList) return [key, this.#value(key, value, role)];
      return [key, value.map((item) => this.#item(item, role))];
    }));
  }

  /** An element of a list: often a part of its own, which may be missing. */
  #item(item: Json, role: Role): Json {
    const { items, missingPart } = this.#profile;
    const inner = this.#inner(item, role);
    if (!this.#prng.chance(items)) return inner;
    const part = this.#part("model_item", inner, missingPart);
    if (this.#isMissing(part)) this.#dropped.add(item);
    return part;
  }

  /** The members or elements of a value, each perhaps a part. */
  #inner(value: Json, role: Role): Json {
    if (Array.isArray(value)) {
      return value.map((element) => this.#value("", element, role));
    }
    if (!(value instanceof Obj)) return value;
    return new Obj(
      value.entries.map(([key, member]) => [
        key,
        this.#value(key, member, role),
      ]),
    );
  }

  #value(key: string, value: Json, role: Role): Json {
    const { texts, everywhere, missingPart, anyMarker } = this.#profile;
    const p = this.#prng;
    const isText = (key === "text" || key === "image_url") &&
      (role === "items" || role === "item");
    const inner = this.#inner(value, role);
    if (p.chance(isText || role === "unread" ? texts : everywhere)) {
      // In most places a part that is missing is a value of the wrong type.
      const strict = role === "unread" ? 1 : anyMarker;
      const missing = missingPart * (isText ? 1 : strict);
      return this.#part("content_value", inner, missing);
    }
    return typeof value === "string" && p.chance(everywhere)
      ? this.#insideString(value)
      : inner;
  }

  /** A string with the digits inside it as a part: parts are put in as text. */
  #insideString(value: string): Json {
    const found = /^([^\d]*)([1-9]\d*)(.*)$/s.exec(value);
    const [, before = "", digits = "", after = ""] = found ?? [];
    if (digits === "") return value;
    const part = this.#part("content_value", new Raw(digits), 0);
    const quoted = (text: string) => JSON.stringify(text).slice(1, -1);
    return new Raw(`"${quoted(before)}${part.text}${quoted(after)}"`);
  }

  /** A part with this content, a new one or one that is stored already. */
  #part(kind: string, body: Json, missing: number): Part {
    const p = this.#prng;
    const key = `${kind} ${render(body)}`;
    const known = this.#shared.get(key);
    if (known !== undefined && p.chance(this.#profile.share)) {
      this.#note(known);
      return new Part(known);
    }
    const file = p.chance(missing)
      ? this.#cut(kind, body, undefined)
      : this.#add(kind, body);
    this.#shared.set(key, file.id);
    this.#note(file.id);
    return new Part(file.id);
  }

  /** Notes whether a part is there, and all of it. */
  #note(id: string): void {
    const file = this.#payloads.get(id);
    if (file === undefined) return;
    if (file.storage?.capture !== undefined) this.#partial = true;
    for (const part of partIds(file)) this.#note(part);
  }

  #isMissing(part: Part): boolean {
    return this.#payloads.get(part.id)?.storage?.capture !== undefined;
  }

  #add(kind: string, body: Json): PayloadFile {
    return this.#register({
      body,
      storage: { kind, shard: this.#nextShard(kind) },
    });
  }

  /** A payload that is not complete; `split` when its parts are stored all the same. */
  #cut(kind: string, body: Json, split: Json | undefined): PayloadFile {
    const p = this.#prng;
    const bytes = new TextEncoder().encode(
      render(body).replaceAll(/\0[^\0]*\0/g, "null"),
    );
    const original_bytes = bytes.length + (p.chance(0.1) ? p.int(99) + 1 : 0);
    const parts = split !== undefined && p.chance(0.5)
      ? { parts: [...partIds({ id: "", body: split })] }
      : {};
    if (p.chance(0.5)) {
      const capture: Capture = { status: "omitted", original_bytes };
      const storage = { kind, shard: null, capture, ...parts };
      return this.#register({ body: new Uint8Array(), storage });
    }
    const retained_bytes = p.chance(0.1) ? 0 : p.int(bytes.length);
    const capture: Capture = {
      status: "truncated",
      original_bytes,
      retained_bytes,
    };
    const shard = this.#nextShard(kind);
    const storage = {
      kind,
      shard,
      capture,
      ...p.chance(0.2) ? parts : {},
    };
    return this.#register({ body: bytes.slice(0, retained_bytes), storage });
  }

  #register(payload: Omit<PayloadFile, "id" | "path">): PayloadFile {
    const ordinal = this.#payloads.size + 1;
    const id = this.#profile.unusualIds && this.#prng.chance(0.2)
      ? `payload "${ordinal}" \\é\u{1f30d}`
      : `raw_payload:${ordinal}`;
    const file = { id, path: id, ...payload };
    this.#payloads.set(id, file);
    return file;
  }

  #nextShard(kind: string): Json {
    const p = this.#prng;
    const group = kind === "content_value" ? kind : "";
    const apart = this.#profile.apart && group !== this.#kindInShard;
    this.#kindInShard = group;
    if (apart || p.chance(this.#profile.roll)) {
      this.#shard = this.#freshShard();
      this.#used.add(render(this.#shard));
    }
    return this.#shard;
  }

  #freshShard(): Json {
    const p = this.#prng;
    const unusual = ["0", "999999", "1000000", "9007199254740993"];
    if (p.chance(this.#profile.unusualShards)) {
      const number = p.pick([...unusual, "18446744073709551615"]);
      if (!this.#used.has(number)) return new Raw(number);
    }
    let next = this.#used.size + 1;
    while (this.#used.has(String(next))) next++;
    return next;
  }
}
