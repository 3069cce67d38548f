/**
 * Watches over the references to payloads: one place for one id, of the kind that fits, and kept
 * whole.
 *
 * @module
 */

import { quote } from "../errors.ts";
import type { DecodedEvent } from "../format/event.ts";
import { allRefs, payloadsByKey } from "../format/events/payload_ref.ts";
import { EVENT_LOG_FILE, PAYLOADS_DIR } from "../format/manifest.ts";
import type { RawPayloadRef } from "../format/payload.ts";
import { shardFile } from "../bundle/shard/shard_name.ts";
import type { FindingCode, FindingSink } from "./finding.ts";

/** Knows every payload that was named. */
export class PayloadWatch {
  readonly #sink: FindingSink;
  readonly #byId: Map<string, RawPayloadRef> = new Map();
  /** By the place where each is stored: a file, or a record of a shard. */
  readonly #byPlace: Map<string, RawPayloadRef> = new Map();
  readonly #files: Set<string> = new Set();
  #truncated = 0;
  #omitted = 0;

  /** Reports to `sink` what is wrong. */
  constructor(sink: FindingSink) {
    this.#sink = sink;
  }

  /** One reference for each place where a payload is stored, in order of appearance. */
  get refs(): Iterable<RawPayloadRef> {
    return this.#byPlace.values();
  }

  /** How many payloads are named. */
  get count(): number {
    return this.#byPlace.size;
  }

  /** Whether an event names a payload in the file. */
  names(path: string): boolean {
    return this.#files.has(path);
  }

  /** Must be called for every event, in order. */
  observe(decoded: DecodedEvent): void {
    for (const [key, ref] of payloadsByKey(decoded)) {
      this.#checkKind(key, ref, decoded);
      for (const each of allRefs(ref)) this.#note(each, decoded);
    }
  }

  /** Must be called after the last event: reports what the recorder's limits left out. */
  finish(): void {
    const left = this.#truncated + this.#omitted;
    if (left === 0) return;
    this.#sink({
      code: "payloads_partial",
      severity: "note",
      file: EVENT_LOG_FILE,
      message: `the recorder's limits truncated ${
        counted(this.#truncated)
      } and omitted ${counted(this.#omitted)}`,
    });
  }

  #checkKind(key: string, ref: RawPayloadRef, decoded: DecodedEvent): void {
    const kinds = decoded.meaning.payloadKinds[key] ?? "any";
    const kind = ref.kind.type;
    if (kinds === "any" || kinds.includes(kind)) return;
    const message = `payload ${quote(ref.raw_payload_id)} is of kind ${kind}, ${
      kinds.join(" or ")
    } is expected`;
    this.#report("payload_kind_unexpected", ref, decoded, message);
  }

  #note(ref: RawPayloadRef, decoded: DecodedEvent): void {
    if (ref.path === undefined) this.#noteRecord(ref);
    else this.#noteFile(ref, ref.path, decoded);
  }

  /** A record of a shard. That an id is used for one reference only is a rule of the reducer. */
  #noteRecord(ref: RawPayloadRef): void {
    const { raw_payload_id: id, shard = null, capture } = ref;
    const place = `${shard} ${id}`;
    if (this.#byPlace.has(place)) return;
    this.#byPlace.set(place, ref);
    if (shard !== null) this.#files.add(shardFile(shard));
    if (capture?.status === "truncated") this.#truncated++;
    else if (capture?.status === "omitted") this.#omitted++;
  }

  #noteFile(ref: RawPayloadRef, file: string, decoded: DecodedEvent): void {
    const id = ref.raw_payload_id;
    const path = plainPath(file);
    const known = this.#byId.get(id);
    const knownPath = known?.path;
    if (knownPath !== undefined && plainPath(knownPath) === path) return;
    if (knownPath !== undefined) {
      const message = `payload ${quote(id)} is ${quote(file)}, it was ${
        quote(knownPath)
      } before`;
      this.#report("payload_id_reused", ref, decoded, message);
    }
    const other = this.#byPlace.get(path);
    if (other !== undefined && other.raw_payload_id !== id) {
      const message = `${quote(file)} is payload ${quote(id)}, it was ${
        quote(other.raw_payload_id)
      } before`;
      this.#report("payload_path_shared", ref, decoded, message);
    }
    if (other === undefined && isElsewhere(path)) {
      const message = `payload ${quote(id)} (${
        quote(file)
      }) lies outside ${PAYLOADS_DIR}/`;
      this.#report("payload_outside_payloads_dir", ref, decoded, message);
    }
    if (known === undefined) this.#byId.set(id, ref);
    if (other === undefined) this.#byPlace.set(path, ref);
    this.#files.add(path);
  }

  #report(
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

function counted(payloads: number): string {
  return `${payloads} ${payloads === 1 ? "payload" : "payloads"}`;
}

/** Inside the bundle, though not where payloads are. What leads outside is refused anyway. */
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
