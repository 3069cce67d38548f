/**
 * The steps of a redaction, wherever the copy is written.
 *
 * 1. A pass over all documents finds values; then each gets its placeholder.
 * 2. A second pass replaces them, in every document and every spelling, and writes the copy.
 * 3. A scan of the copy finds nothing any more. Only then the copy may be used. Where nothing is to
 *    be replaced, the documents of the copy are those in which the first pass found nothing.
 *
 * Each step yields where signals may arrive.
 *
 * @module
 */

import { type Limits, limitsWith } from "../../bundle/limits.ts";
import { quote } from "../../errors.ts";
import { readManifest } from "../../bundle/manifest_file.ts";
import type { BundleFiles } from "../../bundle/storage/bundle_files.ts";
import { BundleDocuments } from "./bundle/bundle_documents.ts";
import { BundlePass } from "./bundle/bundle_pass.ts";
import type { CopyTarget } from "./bundle/copy_target.ts";
import { SameDocuments } from "./bundle/same_documents.ts";
import { Collector } from "./collector.ts";
import type { TextRule } from "./content.ts";
import { type DetectorOptions, Detectors } from "./detect/detectors.ts";
import {
  type FoundValue,
  type LeftOver,
  NOT_READ,
  type RedactionReceipt,
} from "./receipt.ts";
import { Replacer } from "./replacer.ts";
import type { ValueTable } from "./text/value_table.ts";

/** Which texts of a session a copy has. */
export type ContentLevel = "all" | "none";

/** How a bundle is redacted. */
export interface RedactOptions extends DetectorOptions {
  /** Whether texts are kept. Default `all`; with `none`, names and figures alone are. */
  readonly content?: ContentLevel;
  /**
   * Ids of the threads whose texts are kept; all by default. Other texts become placeholders, as
   * without content; a text that one of these threads has stays wherever it is.
   */
  readonly onlyThreads?: readonly string[];
  /** Limits on what is read and written; the defaults where absent. */
  readonly limits?: Partial<Limits>;
}

/** A redaction of one bundle: its values are found, replaced, and scanned for. */
export class Redaction {
  readonly #options: RedactOptions;
  readonly #limits: Limits;
  readonly #source: BundleFiles;
  readonly #schemaVersion: number;
  readonly #detectors: Detectors;
  readonly #replacer: Replacer;
  readonly #values: ValueTable;
  readonly #texts: TextRule | undefined;
  readonly #collector: Collector;
  readonly #first: BundlePass;
  readonly #bytes: number;
  #pass: BundlePass | undefined;
  #leftOver: LeftOver[] | null = null;

  /**
   * Finds the values of a bundle.
   *
   * @throws {BundleFormatError} If manifest or log cannot be read.
   * @throws {LimitError} If a limit is exceeded.
   * @throws {PatternError} If a pattern of the options cannot be used.
   * @throws {RangeError} If the log names no thread of `onlyThreads`.
   */
  constructor(source: BundleFiles, options: RedactOptions) {
    this.#source = source;
    this.#options = options;
    this.#limits = limitsWith(options.limits);
    const manifest = readManifest(source, this.#limits);
    this.#schemaVersion = manifest.schema_version;
    this.#detectors = new Detectors(options);
    this.#texts = textRule(options);
    this.#collector = new Collector(this.#detectors, this.#texts);
    const documents = this.#documentsOf(source);
    this.#first = new BundlePass(documents, this.#collector);
    finish(this.#first.run());
    requireThreads(options.onlyThreads ?? [], this.#first.refs.threads);
    this.#collector.walkName(nameOf(source.path));
    this.#values = this.#collector.finish();
    this.#bytes = documents.bytesRead;
    this.#replacer = new Replacer(
      this.#detectors,
      this.#collector,
      this.#texts,
    );
  }

  /** The name of the bundle's folder in the copy. */
  get name(): string {
    return this.#replacer.walkName(nameOf(this.#source.path));
  }

  /** The values, masked. */
  get found(): readonly FoundValue[] {
    return this.#replacer.replacements.found();
  }

  /** The values, with their placeholders. */
  get values(): ValueTable {
    return this.#values;
  }

  /** What finds values. */
  get detectors(): Detectors {
    return this.#detectors;
  }

  /** Replaces the values; without a target, only to count them. */
  *replace(target?: CopyTarget): Generator<void> {
    this.#pass = new BundlePass(
      this.#documentsOf(this.#source),
      this.#replacer,
      target,
      this.#first,
    );
    yield* this.#pass.run();
    this.#replacer.forget();
  }

  /** Scans a copy: what is on the disk, or in its memory. */
  *scan(copy: BundleFiles): Generator<void> {
    if (this.#collector.hasNothing && (yield* this.#isSame(copy))) {
      this.#leftOver = [];
    } else yield* this.#scanAll(copy);
  }

  /** Whether a copy has the documents of the first pass, and no others. */
  *#isSame(copy: BundleFiles): Generator<void, boolean> {
    const same = new SameDocuments(this.#collector.digests.compare());
    const pass = new BundlePass(this.#documentsOf(copy), same);
    for (const _ of pass.run()) {
      if (!same.isSame) return false;
      yield;
    }
    return same.isSameAtEnd() && pass.notCopied.length === 0;
  }

  *#scanAll(copy: BundleFiles): Generator<void> {
    const texts = this.#texts &&
      { threads: this.#texts.threads, kept: this.#replacer.keptTexts };
    const scanner = new Collector(
      new Detectors(this.#options),
      texts,
      this.#values,
    );
    const pass = new BundlePass(this.#documentsOf(copy), scanner);
    yield* pass.run();
    scanner.finish();
    const absent = new Set(
      this.#pass?.notCopied.map(({ file }) => this.#replacer.pathOf(file)),
    );
    // What was written and cannot be scanned is as bad as a value in it.
    const unread = pass.notCopied.filter(({ file }) => !absent.has(file))
      .map(({ file }) => ({ kind: "unread file", file, place: "" }));
    this.#leftOver = [...scanner.leftOver, ...unread].map((each) => ({
      ...each,
      file: this.#replacer.walkName(each.file),
      place: this.#replacer.walkName(each.place),
    }));
  }

  /** What the scan found; null before it. */
  get leftOver(): readonly LeftOver[] | null {
    return this.#leftOver;
  }

  /** What was done so far. */
  receipt(): RedactionReceipt {
    const { personal, content = "all", keep = [] } = this.#options;
    const left_over = this.#leftOver;
    const { replacements } = this.#replacer;
    return {
      format: "rollout-trace.redaction.1",
      schema_version: this.#schemaVersion,
      level: personal ? "personal" : "secrets",
      content,
      only_threads: this.#options.onlyThreads ?? null,
      kept: keep,
      rules: this.#detectors.ruleSets(),
      bytes: this.#bytes,
      kinds: replacements.kinds(),
      places: replacements.places(),
      not_covered: this.#collector.notCovered.list().map((each) => ({
        ...each,
        file: this.#replacer.walkName(each.file),
        place: this.#replacer.walkName(each.place),
      })),
      not_read: NOT_READ,
      not_copied: (this.#pass?.notCopied ?? []).map(({ file, reason }) => ({
        file: this.#replacer.walkName(file),
        reason,
      })),
      second_scan: left_over === null ? null : { left_over },
    };
  }

  #documentsOf(files: BundleFiles): BundleDocuments {
    return new BundleDocuments(files, this.#limits);
  }
}

/** Which texts the copy has; `undefined` for all. */
function textRule(
  { content = "all", onlyThreads }: RedactOptions,
): TextRule | undefined {
  if (content === "all" && onlyThreads === undefined) return undefined;
  const threads = new Set(content === "none" ? [] : onlyThreads);
  return { threads, kept: new Set() };
}

function requireThreads(
  wanted: readonly string[],
  known: ReadonlySet<string>,
): void {
  const unknown = wanted.find((each) => !known.has(each));
  if (unknown === undefined) return;
  throw new RangeError(
    `Cannot keep the texts of thread ${quote(unknown)}: no event is of it`,
  );
}

/** Runs a step to its end without a pause. */
export function finish(step: Generator<void>): void {
  while (step.next().done !== true);
}

/** The name of a folder without the folders around it, which may be named for a person. */
function nameOf(path: string): string {
  return path.split(/[\\/]/).findLast((each) => !/^\.*$/.test(each)) ?? "";
}
