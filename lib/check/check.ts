/**
 * Validates a bundle without trusting it.
 *
 * One pass over the log serves all checks: of its lines, the order of its events, lifecycles and
 * payload references. A tolerant replay of the bundle drives the pass. Events are not kept.
 *
 * @module
 */

import { unansweredCalls } from "../graph/unanswered_calls.ts";
import { type Limits, limitsWith } from "../bundle/limits.ts";
import type { Integer } from "../format/vocabulary.ts";
import type { BundleFiles } from "../bundle/storage/bundle_files.ts";
import { DiskFiles } from "../bundle/storage/disk_files.ts";
import { FolderListing } from "../bundle/storage/folder_listing.ts";
import {
  BundleFormatError,
  type Diagnostic,
  LimitError,
  quote,
} from "../errors.ts";
import { subtract } from "../format/integers.ts";
import type { OrderedEvent } from "../bundle/log/event_order.ts";
import { EVENT_LOG_FILE } from "../format/manifest.ts";
import type { RolloutTrace } from "../graph/rollout_trace.ts";
import { BundleReplay } from "../replay.ts";
import type { Schema } from "../schema/schema.ts";
import { EventCheck } from "./event_check.ts";
import { Findings } from "./findings.ts";
import { schemaOfFirstEvent } from "./first_schema.ts";
import { LineCheck } from "./line_check.ts";
import {
  checkManifest,
  type KnownManifest,
  newerSchemaFinding,
  nonstandardValues,
} from "./manifest_check.ts";
import {
  checkPayloadFolder,
  checkPayloads,
  checkUnknownFiles,
  type PayloadTotals,
} from "./payload_check.ts";
import type { CheckReport, Finding, NewFinding, Refusal } from "./report.ts";

/** How a bundle is checked. */
export interface CheckOptions {
  /** Limits on what is read; the defaults where absent. */
  readonly limits?: Partial<Limits>;
}

/**
 * Validates the bundle in a folder: manifest, every line, order, payloads, lifecycles, and whether
 * it can be reduced. Reads only inside the folder and writes nothing. Faults of the bundle are
 * findings, not errors.
 *
 * @example Check a bundle
 * ```ts
 * import { checkBundle } from "./check.ts";
 *
 * const report = checkBundle("testdata/upstream/0.169.0-hello/bundle");
 * if (!report.clean || !report.reduction.strict) throw new Error("the bundle has errors");
 * ```
 *
 * @param dir The folder.
 * @throws {Deno.errors.NotCapable} If the permission to read it is missing.
 */
export function checkBundle(
  dir: string,
  options: CheckOptions = {},
): CheckReport {
  return checkFiles(new DiskFiles(dir), options);
}

/** Validates a bundle that is stored anywhere: see {@linkcode checkBundle}. */
export function checkFiles(
  files: BundleFiles,
  options: CheckOptions = {},
): CheckReport {
  return new BundleCheck(files, limitsWith(options.limits)).run();
}

class BundleCheck {
  readonly #limits: Limits;
  readonly #files: BundleFiles;
  readonly #listing: FolderListing;
  readonly #findings: Findings = new Findings();
  readonly #sink = (finding: NewFinding): void => this.#findings.add(finding);
  #known: KnownManifest | undefined;
  #events: EventCheck;
  #lines: LineCheck | undefined;
  #refusal: Refusal | undefined;
  /** The line with the start of each request, by its sequence number. */
  readonly #requestLines: Map<Integer, number> = new Map();
  #trace: RolloutTrace | undefined;
  #counts = { events: 0, skippedEvents: 0 };

  constructor(files: BundleFiles, limits: Limits) {
    this.#files = files;
    this.#limits = limits;
    this.#listing = new FolderListing(files);
    this.#events = new EventCheck(this.#sink, {}, files.isWindows);
  }

  run(): CheckReport {
    const type = this.#listing.type();
    if (type !== "folder") {
      this.#refuse({
        code: "not_a_bundle",
        severity: "error",
        file: ".",
        message: type === "missing"
          ? "the folder does not exist"
          : "not a folder",
      });
      return this.#report({ payload_files: 0, payload_bytes: 0 });
    }
    const read = checkManifest(this.#files, this.#listing, this.#limits);
    if ("manifest" in read) this.#known = read;
    else this.#refuse(read);
    for (const finding of nonstandardValues(this.#known)) this.#sink(finding);
    const newer = newerSchemaFinding(this.#known);
    if (newer !== undefined) this.#countOnly(newer);
    this.#readLog();
    const isComplete = this.#lines !== undefined && !this.#lines.stoppedEarly;
    const totals = checkPayloadFolder(
      this.#listing,
      this.#events.payloads,
      isComplete,
      this.#findings,
    );
    checkUnknownFiles(
      this.#listing,
      this.#events.payloads,
      this.#findings,
    );
    return this.#report(totals);
  }

  /**
   * A newer schema may have other lines and other payloads. They are counted, but not checked: this
   * program does not know their rules.
   */
  #countOnly(newer: NewFinding): void {
    this.#refuse(newer);
    this.#findings.close();
  }

  #readLog(): void {
    try {
      using source = this.#open();
      this.#readFrom(source);
      const { checksEveryPayload } = this.#schema.reduce;
      const reduced = this.#trace?.raw_payloads;
      checkPayloads(
        source.payloads,
        this.#events.payloads,
        (ref) =>
          checksEveryPayload &&
          reduced?.get(ref.raw_payload_id)?.path === ref.path,
        this.#findings,
      );
      this.#checkGrowth(source);
      source.payloads.finish();
    } catch (error) {
      const isLimit = error instanceof LimitError;
      if (!isLimit && !(error instanceof BundleFormatError)) throw error;
      this.#refuse({
        code: isLimit
          ? error.code
          : this.#lines === undefined
          ? "log_missing"
          : "bundle_changed",
        severity: "error",
        file: error.file,
        line: error.line ?? null,
        message: error.reason,
      });
    }
  }

  get #schema(): Schema {
    return this.#known?.schema ?? schemaOfFirstEvent(this.#files, this.#limits);
  }

  #open(): BundleReplay {
    const manifest = this.#known?.manifest;
    const target = { files: this.#files, manifest, schema: this.#schema };
    return new BundleReplay(target, {
      limits: this.#limits,
      tolerant: true,
      onDiagnostic: (diagnostic) => this.#observe(diagnostic),
      observe: (log, order) =>
        this.#lines = new LineCheck(
          log,
          order,
          (event) => this.#observeEvent(event),
          this.#sink,
        ),
    });
  }

  /** Reads the log and reduces it; without a manifest the events are checked, but not reduced. */
  #readFrom(source: BundleReplay): void {
    const { manifest } = this.#known ?? {};
    this.#events = new EventCheck(
      this.#sink,
      manifest ?? {},
      this.#files.isWindows,
    );
    if (manifest === undefined) { for (const _ of source.events()); }
    else {
      this.#trace = source.reduce();
      this.#events.checkThreads(this.#trace);
      this.#events.checkReferences(this.#trace);
      this.#checkOutputs(this.#trace);
    }
    this.#counts = source.counts;
    this.#lines?.finish();
    this.#events.finish(this.#schema.log, !this.#lines?.stoppedEarly);
  }

  #observeEvent(decoded: OrderedEvent): void {
    const { payload, seq } = decoded.event;
    if (payload.type === "inference_started") {
      this.#requestLines.set(seq, decoded.line);
    }
    this.#events.observe(decoded);
  }

  /** A provider refuses a prompt with a call that has no output. */
  #checkOutputs(trace: RolloutTrace): void {
    for (const { item, call } of unansweredCalls(trace)) {
      const { call_id: id } = item;
      const { inference_call_id, execution: { started_seq: seq } } = call;
      this.#sink({
        code: "call_without_output",
        severity: "warning",
        file: EVENT_LOG_FILE,
        line: this.#requestLines.get(seq) ?? null,
        seq,
        event_type: "inference_started",
        ids: { inference_call_id, ...id === null ? {} : { call_id: id } },
        message: `request ${quote(inference_call_id)} sent call ${
          quote(id ?? "")
        } without an output`,
      });
    }
  }

  #observe(diagnostic: Diagnostic): void {
    if (diagnostic.severity === "loss") {
      this.#refusal ??= refusalOf(diagnostic);
    }
    this.#findings.addDiagnostic(diagnostic);
  }

  #checkGrowth({ logSize }: BundleReplay): void {
    const more = logSize - (this.#lines?.bytes ?? 0);
    if (more <= 0 || this.#lines?.stoppedEarly) return;
    this.#sink({
      code: "log_grew",
      severity: "warning",
      file: EVENT_LOG_FILE,
      message:
        `the log grew by ${more} bytes during the check: it is being written`,
    });
  }

  #refuse(finding: NewFinding): void {
    this.#refusal ??= refusalOf(finding);
    this.#findings.add(finding);
  }

  #report(payloadTotals: PayloadTotals): CheckReport {
    const { counts } = this.#findings;
    const { first, last } = this.#events.span;
    const { events, skippedEvents } = this.#counts;
    return {
      bundle: this.#files.path,
      clean: counts.error + counts.warning === 0,
      manifest: this.#known?.manifest ?? null,
      reduction: {
        strict: this.#refusal === undefined,
        refused_by: this.#refusal ?? null,
        tolerant: this.#trace !== undefined
          ? { events, reduced: events - skippedEvents }
          : null,
      },
      totals: {
        log_bytes: this.#lines?.bytes ?? 0,
        lines: this.#lines?.lines ?? 0,
        events: this.#events.count,
        events_by_type: this.#events.byType,
        payloads_named: this.#events.payloads.count,
        ...payloadTotals,
        first_event_unix_ms: first,
        last_event_unix_ms: last,
        duration_ms: this.#events.hasTimeBackward
          ? null
          : subtract(last, first),
      },
      counts,
      findings: this.#findings.list(),
    };
  }
}

function refusalOf(
  { code, file, line = null, message }:
    & Pick<Finding, "code" | "file" | "message">
    & { readonly line?: number | null },
): Refusal {
  return { code, file, line, message };
}
