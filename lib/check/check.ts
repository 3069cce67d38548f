/**
 * The health of a bundle: everything that can be known about it without trusting it.
 *
 * One pass over the log serves all: it is watched as a text, as a sequence and as a story, while
 * a tolerant reduction goes on behind. The events are not kept.
 *
 * @module
 */

import { openBundleFile } from "../bundle/bundle_file.ts";
import { FolderListing } from "../bundle/folder_listing.ts";
import { BundleFolder } from "../bundle/inside_file.ts";
import { type Limits, limitsWith } from "../bundle/limits.ts";
import { readEventLog } from "../bundle/log/event_log.ts";
import type { LineOrder } from "../bundle/log/event_order.ts";
import { LogGuard } from "../bundle/log/log_guard.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { BundleFormatError, LimitError } from "../errors.ts";
import { EVENT_LOG_FILE } from "../format/manifest.ts";
import type { RolloutTrace } from "../graph/rollout_trace.ts";
import { ReplaySource } from "../replay_source.ts";
import { NEWEST_SCHEMA, schemaOf } from "../schema/registry.ts";
import type { Schema } from "../schema/schema.ts";
import { EventWatch } from "./event_watch.ts";
import type { Finding, NewFinding } from "./finding.ts";
import { Findings } from "./findings.ts";
import { LogWatch } from "./log_watch.ts";
import {
  checkManifest,
  type KnownManifest,
  newerSchemaOf,
  odditiesOf,
} from "./manifest_check.ts";
import {
  checkPayloadFolder,
  checkPayloads,
  checkStrays,
  type PayloadTotals,
} from "./payload_check.ts";
import { between, type CheckReport, type Refusal } from "./report.ts";

/** How a bundle is checked. */
export interface CheckOptions {
  /** How much of a bundle is taken at most, where that is not to be the default. */
  readonly limits?: Partial<Limits>;
}

/**
 * Checks the bundle in a folder: manifest, every line, order, payloads, lives, and whether it
 * can be reduced. Reads inside the folder only, writes nothing, and does not throw because of
 * what the bundle is like.
 *
 * @example Check a bundle
 * ```ts
 * import { checkBundle } from "./check.ts";
 *
 * const report = checkBundle("testdata/upstream/0.169.0-hello/bundle");
 * if (!report.clean || !report.reduction.strict) throw new Error("the bundle is not well");
 * ```
 *
 * @param dir The folder.
 * @throws {Deno.errors.NotCapable} If the permission to read it is missing.
 */
export function checkBundle(
  dir: string,
  options: CheckOptions = {},
): CheckReport {
  return new BundleCheck(dir, limitsWith(options.limits)).run();
}

class BundleCheck {
  readonly #dir: string;
  readonly #limits: Limits;
  readonly #folder: BundleFolder;
  readonly #listing: FolderListing;
  readonly #findings: Findings = new Findings();
  readonly #sink = (finding: NewFinding): void => this.#findings.add(finding);
  #known: KnownManifest | undefined;
  #events: EventWatch = new EventWatch(this.#sink, {});
  #log: LogWatch | undefined;
  #refusal: Refusal | undefined;
  #trace: RolloutTrace | undefined;
  #counts = { events: 0, skippedEvents: 0 };

  constructor(dir: string, limits: Limits) {
    this.#dir = dir;
    this.#limits = limits;
    this.#folder = new BundleFolder(dir);
    this.#listing = new FolderListing(dir);
  }

  run(): CheckReport {
    const type = this.#listing.type();
    if (type !== "folder") {
      this.#refuse({
        code: "not_a_bundle",
        severity: "error",
        file: ".",
        message: type === "missing"
          ? "there is nothing of that name"
          : "a bundle is a folder, and this is none",
      });
      return this.#report({ payload_files: 0, payload_bytes: 0 });
    }
    const read = checkManifest(this.#folder, this.#listing, this.#limits);
    if ("manifest" in read) this.#known = read;
    else this.#refuse(read);
    for (const oddity of odditiesOf(this.#known)) this.#sink(oddity);
    const newer = newerSchemaOf(this.#known);
    if (newer !== undefined) this.#examineOnly(newer);
    this.#readLog();
    const isWhole = this.#log !== undefined && !this.#log.isCut;
    const totals = checkPayloadFolder(
      this.#listing,
      this.#events.payloads,
      isWhole,
      this.#findings,
    );
    checkStrays(this.#listing, this.#findings);
    return this.#report(totals);
  }

  /**
   * A newer schema may have other lines and other payloads, so nothing about them is wrong as far
   * as this program can know: they are counted, and not judged.
   */
  #examineOnly(newer: NewFinding): void {
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
          : this.#log === undefined
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
    return this.#known?.schema ?? this.#guessSchema();
  }

  #open(): ReplaySource {
    const manifest = this.#known?.manifest;
    const target = { dir: this.#dir, manifest, schema: this.#schema };
    return new ReplaySource(target, {
      limits: this.#limits,
      tolerant: true,
      onDiagnostic: (diagnostic) => this.#observe(diagnostic),
      observe: (log, order) =>
        this.#log = new LogWatch(
          log,
          order,
          (event) => this.#events.observe(event),
          this.#sink,
        ),
    });
  }

  /** Reads the log and reduces it; without a manifest the events are only watched. */
  #readFrom(source: ReplaySource): void {
    const { manifest } = this.#known ?? {};
    this.#events = new EventWatch(this.#sink, manifest ?? {});
    if (manifest === undefined) { for (const _ of source.events()); }
    else {
      this.#trace = source.reduce();
      this.#events.checkThreads(this.#trace);
    }
    this.#counts = source.counts;
    this.#log?.finish();
    this.#events.finish(this.#schema.log, !this.#log?.isCut);
  }

  /** By the first event, where no manifest names the schema. */
  #guessSchema(): Schema {
    using opened = openBundleFile(this.#folder, EVENT_LOG_FILE);
    const guard = new LogGuard(this.#limits);
    let found: number | undefined;
    const order: LineOrder = {
      beforeLine: () => {},
      afterEvent: ({ event }) => void (found ??= event.schema_version),
    };
    const decoder = NEWEST_SCHEMA.events;
    const events = readEventLog(
      opened.file,
      decoder,
      order,
      () => false,
      guard,
    );
    for (const _ of events) break;
    return (found === undefined ? undefined : schemaOf(found)) ??
      NEWEST_SCHEMA;
  }

  #observe(diagnostic: Diagnostic): void {
    if (diagnostic.severity === "loss") {
      this.#refusal ??= refusalOf(diagnostic);
    }
    this.#findings.addDiagnostic(diagnostic);
  }

  #checkGrowth({ logSize }: ReplaySource): void {
    const more = logSize - (this.#log?.bytes ?? 0);
    if (more <= 0 || this.#log?.isCut) return;
    this.#sink({
      code: "log_grew",
      severity: "warning",
      file: EVENT_LOG_FILE,
      message: `the log grew by ${more} bytes meanwhile: it is being written`,
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
      bundle: this.#dir,
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
        log_bytes: this.#log?.bytes ?? 0,
        lines: this.#log?.lines ?? 0,
        events: this.#events.count,
        events_by_type: this.#events.byType,
        payloads_named: this.#events.payloads.count,
        ...payloadTotals,
        first_event_unix_ms: first,
        last_event_unix_ms: last,
        duration_ms: between(first, last),
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
