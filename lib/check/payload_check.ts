/**
 * Checks payloads: the references in the events, the files that they name, and files that no event
 * names.
 *
 * @module
 */

import type { FolderListing } from "../bundle/storage/folder_listing.ts";
import { namesIn, pathRefusal } from "../bundle/payloads/payload_paths.ts";
import type { BundlePayloads } from "../bundle/payloads/bundle_payloads.ts";
import { shardFile } from "../bundle/shard/shard_records.ts";
import { PayloadError, quote, unneededPayload } from "../errors.ts";
import type { DecodedEvent } from "../format/event.ts";
import { allRefs, payloadsByKey } from "../format/events/payload_ref.ts";
import {
  EVENT_LOG_FILE,
  MANIFEST_FILE,
  PAYLOADS_DIR,
  STATE_FILE,
} from "../format/manifest.ts";
import type { RawPayloadRef } from "../format/payload.ts";
import type { Findings } from "./findings.ts";
import type { FindingCode, FindingSink } from "./report.ts";

/** Collects and checks every payload reference. */
export class PayloadRefs {
  readonly #sink: FindingSink;
  readonly #isWindows: boolean;
  readonly #byId: Map<string, RawPayloadRef> = new Map();
  /** By storage location: a file, or a record of a shard. */
  readonly #byLocation: Map<string, RawPayloadRef> = new Map();
  readonly #files: Set<string> = new Set();
  /** Files by the name that systems without case or with other composed characters have for them. */
  readonly #folded: Map<string, string> = new Map(
    RESERVED.map((name) => [foldedPath(name), name]),
  );
  /** Paths whose spelling was checked. */
  readonly #spelled: Set<string> = new Set();
  #truncated = 0;
  #omitted = 0;

  /** Reports findings to `sink`; on Windows, `\` separates names. */
  constructor(sink: FindingSink, isWindows: boolean) {
    this.#sink = sink;
    this.#isWindows = isWindows;
  }

  /** One reference for each file or record that stores a payload, in order of appearance. */
  get refs(): Iterable<RawPayloadRef> {
    return this.#byLocation.values();
  }

  /** How many files and records are named. */
  get count(): number {
    return this.#byLocation.size;
  }

  /** Whether an event names a payload in the file. */
  names(path: string): boolean {
    return this.#files.has(path);
  }

  /** Must be called for every event, in order. */
  observe(decoded: DecodedEvent): void {
    for (const [key, ref] of payloadsByKey(decoded)) {
      this.#checkKind(key, ref, decoded);
      for (const each of allRefs(ref)) this.#add(each, decoded);
    }
  }

  /** Must be called after the last event: reports what the recorder's limits truncated or omitted. */
  finish(): void {
    const partial = this.#truncated + this.#omitted;
    if (partial === 0) return;
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

  #add(ref: RawPayloadRef, decoded: DecodedEvent): void {
    if (ref.path === undefined) this.#addRecord(ref);
    else this.#addFile(ref, ref.path, decoded);
  }

  /** Adds a record of a shard. The reducer checks that references with the same id are equal. */
  #addRecord(ref: RawPayloadRef): void {
    const { raw_payload_id: id, shard = null, capture } = ref;
    const location = `${shard} ${id}`;
    if (this.#byLocation.has(location)) return;
    this.#byLocation.set(location, ref);
    if (shard !== null) this.#files.add(shardFile(shard));
    if (capture?.status === "truncated") this.#truncated++;
    else if (capture?.status === "omitted") this.#omitted++;
  }

  #addFile(ref: RawPayloadRef, file: string, decoded: DecodedEvent): void {
    const id = ref.raw_payload_id;
    const isWindows = this.#isWindows;
    const path = plainPath(file, isWindows);
    const known = this.#byId.get(id);
    const knownPath = known?.path;
    this.#checkSpelling(ref, file, decoded);
    if (knownPath !== undefined && plainPath(knownPath, isWindows) === path) {
      return;
    }
    if (knownPath !== undefined) {
      const message = `payload ${quote(id)} is ${quote(file)}, it was ${
        quote(knownPath)
      } before`;
      this.#report("payload_id_reused", ref, decoded, message);
    }
    const other = this.#byLocation.get(path);
    if (other !== undefined && other.raw_payload_id !== id) {
      const message = `${quote(file)} is payload ${quote(id)}, it was ${
        quote(other.raw_payload_id)
      } before`;
      this.#report("payload_path_shared", ref, decoded, message);
    }
    if (other === undefined && isOutsidePayloadsDir(path)) {
      const message = `payload ${quote(id)} (${
        quote(file)
      }) is outside ${PAYLOADS_DIR}/`;
      this.#report("payload_outside_payloads_dir", ref, decoded, message);
    }
    if (known === undefined) this.#byId.set(id, ref);
    if (other === undefined) this.#byLocation.set(path, ref);
    this.#files.add(path);
  }

  /** Reports a path that other systems take for another one. */
  #checkSpelling(
    ref: RawPayloadRef,
    file: string,
    decoded: DecodedEvent,
  ): void {
    if (this.#spelled.has(file)) return;
    this.#spelled.add(file);
    const isWindows = this.#isWindows;
    const path = plainPath(file, isWindows);
    const folded = foldedPath(path);
    const twin = this.#folded.get(folded) ?? path;
    this.#folded.set(folded, twin);
    const why = twin === path
      ? spellingFault(file, isWindows)
      : `it is the same as ${quote(twin)} where case does not count`;
    if (why === undefined) return;
    const message = `systems read the path ${quote(file)} differently: ${why}`;
    this.#report("payload_path_ambiguous", ref, decoded, message);
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

/** Whether a path is inside the bundle, but not in the folder of the payloads. */
function isOutsidePayloadsDir(path: string): boolean {
  return !path.startsWith(`${PAYLOADS_DIR}/`) &&
    !/^([/]|[A-Za-z]:)/.test(path) &&
    !path.split("/").includes("..");
}

/** The path as a listing of the folder has it. */
function plainPath(path: string, isWindows: boolean): string {
  const start = path.startsWith("/") ? "/" : "";
  return start + namesIn(path, isWindows).join("/");
}

/** What systems that ignore case, or how a character is composed, make of a path. */
function foldedPath(path: string): string {
  return path.normalize("NFD").toUpperCase().toLowerCase().normalize("NFC");
}

/** Why systems read a path differently; `undefined` if they do not, or none reads it. */
function spellingFault(path: string, isWindows: boolean): string | undefined {
  if (pathRefusal(path, false) !== undefined) return undefined;
  if (path.includes("\\")) {
    return "a backslash separates names only on Windows";
  }
  if (plainPath(path, isWindows) !== path) {
    return "it has names that are empty or a dot";
  }
  const folder = path.slice(0, PAYLOADS_DIR.length);
  if (folder !== PAYLOADS_DIR && foldedPath(folder) === PAYLOADS_DIR) {
    return `it is in ${PAYLOADS_DIR} where case does not count`;
  }
  return pathRefusal(path, true)?.replace("its path", "on Windows it");
}

/**
 * Checks that every payload that an event names exists and matches its reference.
 *
 * @param wasChecked Returns whether the reduction has checked a reference.
 * @throws {LimitError} If the payloads exceed the limit of the bundle.
 */
export function checkPayloads(
  payloads: BundlePayloads,
  named: PayloadRefs,
  wasChecked: (ref: RawPayloadRef) => boolean,
  findings: Findings,
): void {
  for (const ref of named.refs) {
    if (findings.isBroken(ref.raw_payload_id) || wasChecked(ref)) continue;
    try {
      payloads.verify(ref);
    } catch (error) {
      if (!(error instanceof PayloadError)) throw error;
      findings.addDiagnostic(unneededPayload(error));
    }
  }
}

/** Count and size of the files in the folder of the payloads. */
export interface PayloadTotals {
  readonly payload_files: number;
  readonly payload_bytes: number;
}

/** Reports files that no event names, if `isComplete`: the complete log was read. */
export function checkPayloadFolder(
  listing: FolderListing,
  named: PayloadRefs,
  isComplete: boolean,
  findings: Findings,
): PayloadTotals {
  let files = 0;
  let bytes = 0;
  for (const { path, size } of listing.payloadEntries()) {
    files++;
    bytes += size;
    if (named.names(path)) continue;
    if (isTemporary(path)) addTemporary(path, findings);
    else if (isComplete) {
      findings.add({
        code: "payload_orphaned",
        severity: "warning",
        file: path,
        message: "no event names this file: the event was not recorded",
      });
    }
  }
  return { payload_files: files, payload_bytes: bytes };
}

/** Files of a bundle that are no payloads. */
const RESERVED = [MANIFEST_FILE, EVENT_LOG_FILE, STATE_FILE];
const EXPECTED: readonly string[] = [...RESERVED, PAYLOADS_DIR];

/** Reports files in the bundle's folder that are not part of a bundle. */
export function checkUnknownFiles(
  listing: FolderListing,
  named: PayloadRefs,
  findings: Findings,
): void {
  for (const { path } of listing.topEntries()) {
    if (EXPECTED.includes(path) || named.names(path)) continue;
    if (isTemporary(path)) addTemporary(path, findings);
    else {
      findings.add({
        code: "unknown_file",
        severity: "note",
        file: path,
        message: "not part of a bundle",
      });
    }
  }
}

function isTemporary(path: string): boolean {
  return /\.tmp$/.test(path);
}

function addTemporary(path: string, findings: Findings): void {
  findings.add({
    code: "temporary_file",
    severity: "note",
    file: path,
    message: "left behind by a write that was interrupted, or in progress",
  });
}
