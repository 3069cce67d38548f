/**
 * One pass over all documents of a bundle, which may write a copy of it.
 *
 * @module
 */

import { ShardEncoder } from "../../../bundle/shard/shard_encoder.ts";
import type { ShardRecords } from "../../../bundle/shard/shard_records.ts";
import { EVENT_LOG_FILE, MANIFEST_FILE } from "../../../format/manifest.ts";
import { NO_PART } from "../receipt.ts";
import type { DocumentInfo } from "../text/document_walker.ts";
import {
  type BundleDocuments,
  type NotCopied,
  notCopied,
} from "./bundle_documents.ts";
import type { CopyTarget } from "./copy_target.ts";
import { documentText, joined } from "../text/document_text.ts";
import { endInsideString, fragmentsOf, type Piece } from "./fragments.ts";
import { type NamedPayload, PayloadRefs } from "./payload_refs.ts";

/** What a pass does with documents. */
export interface DocumentHandler {
  /** Whether a document stays as it is, and is not walked. Called for each, in order. */
  passesOver(bytes: Uint8Array): boolean;
  /** Returns a document, replaced. */
  walk(document: DocumentInfo, text: string): string;
  /** The same for the bytes of a long document in UTF-8; `undefined` for others. */
  walkLong(document: DocumentInfo, bytes: Uint8Array): Uint8Array | undefined;
  /**
   * Returns the fragments of a payload, replaced.
   *
   * @param partAfter Returns the text of the part after a fragment.
   */
  walkPieces(
    document: DocumentInfo,
    pieces: readonly string[],
    partAfter: (fragment: number) => string,
  ): string[];
  /** Returns the fragments of a payload of which one ends inside a string. */
  walkComposed(
    document: DocumentInfo,
    pieces: readonly Piece[],
  ): readonly string[];
  /** Returns a text that is no document: a path or an id. */
  walkName(text: string): string;
  /** The path of a file in the copy. */
  pathOf(path: string): string;
  /** What replaces the record of a part; `undefined` where it is a document. */
  replacedPart(id: string): string | undefined;
  /** Called for a document that is not UTF-8. */
  onOtherEncoding(document: DocumentInfo, bytes: number): void;
}

/** A payload that is composed of parts: its file, and the bytes of its parts until now. */
interface Composition {
  readonly path: string;
  length: number;
}

/** Bytes after which signals may arrive. */
const PAUSE_BYTES = 4 * 1024 * 1024;
/** The same where a copy is written: files that are written at the same time take memory. */
const WRITE_BYTES = 1024 * 1024;
/** What a file counts for beside its bytes. */
const MIN_FILE = 8 * 1024;
const encoder = new TextEncoder();
const LINE_END = encoder.encode("\n");

/** Passes over one bundle. */
export class BundlePass {
  readonly #documents: BundleDocuments;
  readonly #handler: DocumentHandler;
  readonly #output: CopyTarget | undefined;
  readonly #refs: PayloadRefs;
  readonly #skipped = new Map<string, NotCopied>();
  #unpaused = 0;

  /**
   * @param output Gets the copy, if there is one.
   * @param before A pass over the same bundle: what the log has about payloads, and the files that
   * were left out, which are left out again.
   */
  constructor(
    documents: BundleDocuments,
    handler: DocumentHandler,
    output?: CopyTarget,
    before?: BundlePass,
  ) {
    this.#documents = documents;
    this.#handler = handler;
    this.#output = output;
    this.#refs = before?.refs ?? new PayloadRefs();
    for (const each of before?.notCopied ?? []) this.#skip(each);
  }

  /** What the log has about payloads. */
  get refs(): PayloadRefs {
    return this.#refs;
  }

  /** Files that were left out. */
  get notCopied(): NotCopied[] {
    return [...this.#skipped.values()];
  }

  /** Passes over manifest, log and payloads; yields where signals may arrive. */
  *run(): Generator<void> {
    const manifest = {
      id: MANIFEST_FILE,
      file: MANIFEST_FILE,
      kind: "manifest",
      threads: NO_THREADS,
    };
    const walked = this.#walkBytes(manifest, this.#documents.manifest());
    this.#output?.write(MANIFEST_FILE, walked);
    yield* this.#passLog();
    const files = this.#documents.payloadFiles(
      this.#refs.paths(),
      (each) => this.#skipped.set(each.file, each),
    );
    for (const path of files) {
      if (this.#skipped.has(path)) continue;
      try {
        this.#passPayload(path);
      } catch (error) {
        this.#skip(notCopied(path, error));
      }
      if (this.#isPause(MIN_FILE)) yield;
    }
  }

  #skip(skipped: NotCopied): void {
    this.#skipped.set(skipped.file, skipped);
  }

  *#passLog(): Generator<void> {
    using file = this.#output?.create(EVENT_LOG_FILE);
    for (const { number, bytes, ended } of this.#documents.lines()) {
      const walked = this.#walkLine(number, bytes);
      file?.append(walked);
      if (ended) file?.append(LINE_END);
      if (this.#isPause(bytes.length)) yield;
    }
    file?.finish();
  }

  #walkLine(number: number, bytes: Uint8Array): Uint8Array {
    const id = `${EVENT_LOG_FILE}:${number}`;
    const isPassedOver = this.#handler.passesOver(bytes);
    if (isPassedOver && this.#refs.hasLine(number, bytes)) return bytes;
    const { text, isUtf8, encode } = documentText(bytes);
    const { thread } = this.#refs.addLine(number, bytes, text);
    if (isPassedOver) return bytes;
    const threads = thread === undefined ? NO_THREADS : new Set([thread]);
    const document = { id, file: EVENT_LOG_FILE, kind: "event", threads };
    if (!isUtf8) this.#handler.onOtherEncoding(document, bytes.length);
    const walked = this.#handler.walk(document, text);
    return walked === text ? bytes : encode(walked);
  }

  #passPayload(path: string): void {
    const records = this.#documents.shard(path);
    const target = this.#handler.pathOf(path);
    if (records !== undefined) {
      const bytes = this.#passShard(path, records);
      this.#output?.write(target, bytes);
      return;
    }
    const bytes = this.#documents.payload(path);
    this.#unpaused += bytes.length;
    const ref = this.#refs.byPath(path);
    if (ref === undefined && !documentText(bytes).isUtf8) {
      this.#skip({ file: path, reason: NO_PART.unnamed });
      return;
    }
    const document = this.#documentOf(path, path, ref);
    const walked = this.#walkBytes(document, bytes);
    this.#output?.write(target, walked);
  }

  #walkBytes(document: DocumentInfo, bytes: Uint8Array): Uint8Array {
    return this.#handler.passesOver(bytes)
      ? bytes
      : this.#walkAll(document, bytes);
  }

  #walkAll(document: DocumentInfo, bytes: Uint8Array): Uint8Array {
    const long = this.#handler.walkLong(document, bytes);
    if (long !== undefined) return long;
    const { text, isUtf8, encode } = documentText(bytes);
    if (!isUtf8) this.#handler.onOtherEncoding(document, bytes.length);
    const walked = this.#handler.walk(document, text);
    return walked === text ? bytes : encode(walked);
  }

  #passShard(path: string, records: ShardRecords): Uint8Array {
    const shard = new ShardEncoder();
    for (const id of records.ids()) {
      const data = records.find(id);
      if (data === undefined) continue;
      this.#unpaused += data.length;
      this.#documents.requirePayload(data.length, path);
      const walked = this.#passRecord(path, id, data);
      const name = this.#handler.walkName(id);
      if (this.#output !== undefined) shard.add(name, walked);
    }
    if (this.#output === undefined) return new Uint8Array(0);
    const open = shard.length === 0 ? new Uint8Array(0) : shard.take();
    return records.isSealed ? joined(open, shard.seal()) : open;
  }

  #passRecord(path: string, id: string, data: Uint8Array): Uint8Array {
    const ref = this.#refs.byId(id);
    const document = this.#documentOf(`${path}#${id}`, path, ref);
    const replaced = this.#handler.replacedPart(id);
    if (replaced !== undefined) return encoder.encode(replaced);
    if (this.#handler.passesOver(data)) return data;
    if (ref === undefined || ref.isTruncated || ref.parts.length === 0) {
      const walked = this.#walkAll(document, data);
      return ref?.isTruncated ? fitted(walked, data.length) : walked;
    }
    const fragments = fragmentsOf(documentText(data).text);
    if (fragments?.length !== ref.parts.length + 1) {
      return this.#walkAll(document, data);
    }
    const walked = endInsideString(fragments)
      ? this.#handler.walkComposed(document, this.#pieces(ref, fragments, path))
      : this.#handler.walkPieces(document, fragments, (at) => {
        const part = ref.parts[at];
        return part === undefined
          ? ""
          : this.#composed(part, 0, { path, length: 0 });
      });
    const isSame = walked.every((each, at) => each === fragments[at]);
    return isSame ? data : encoder.encode(JSON.stringify(walked));
  }

  #documentOf(
    id: string,
    file: string,
    ref: NamedPayload | undefined,
  ): DocumentInfo {
    const threads = ref === undefined ? NO_THREADS : this.#refs.threadsOf(ref);
    return { id, file, kind: ref?.kind ?? "unknown", threads };
  }

  #pieces(
    ref: NamedPayload,
    fragments: readonly string[],
    path: string,
  ): Piece[] {
    const payload = { path, length: 0 };
    return fragments.flatMap((text, at): Piece[] => {
      const part = ref.parts[at];
      const fragment = { text, part: undefined };
      if (part === undefined) return [fragment];
      return [fragment, {
        text: this.#composed(part, 0, payload),
        part: part.id,
      }];
    });
  }

  /** The text of a part; empty where it cannot be read. A log may name a large part many times. */
  #composed(part: NamedPayload, depth: number, payload: Composition): string {
    if (
      part.shard === undefined || part.isTruncated || depth > MAX_PARTS_DEPTH
    ) {
      return "";
    }
    const data = this.#partIn(part.shard, part.id);
    if (data === undefined) return "";
    payload.length += data.length;
    this.#documents.requirePayload(payload.length, payload.path);
    const { text } = documentText(data);
    const fragments = part.parts.length === 0 ? undefined : fragmentsOf(text);
    if (fragments === undefined) return text;
    return fragments.map((fragment, at) => {
      const inner = part.parts[at];
      return inner === undefined
        ? fragment
        : fragment + this.#composed(inner, depth + 1, payload);
    }).join("");
  }

  /**
   * The record of a part; `undefined` where its shard cannot be read. That is no reason to leave out
   * the shard of what it is a part of, in which other payloads are.
   */
  #partIn(shard: string, id: string): Uint8Array | undefined {
    const path = `payloads/${shard.padStart(6, "0")}.zst`;
    try {
      return this.#documents.partShard(path)?.find(id);
    } catch (error) {
      notCopied(path, error);
      return undefined;
    }
  }

  #isPause(bytes: number): boolean {
    this.#unpaused += bytes;
    const max = this.#output === undefined ? PAUSE_BYTES : WRITE_BYTES;
    if (this.#unpaused < max) return false;
    this.#unpaused = 0;
    return true;
  }
}

const NO_THREADS: ReadonlySet<string> = new Set();
const MAX_PARTS_DEPTH = 16;
const SPACE = 0x20;

/**
 * The data of a truncated payload in as many bytes as the log states: it ends somewhere
 * in any case.
 */
function fitted(data: Uint8Array, length: number): Uint8Array {
  if (data.length === length) return data;
  if (data.length > length) return data.subarray(0, length);
  const bytes = new Uint8Array(length).fill(SPACE);
  bytes.set(data);
  return bytes;
}
