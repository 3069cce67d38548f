/**
 * The health of a bundle: everything that can be known about it without trusting it.
 *
 * One pass over the log serves all: it is watched as a text, as a sequence and as a story, while
 * a tolerant reduction goes on behind. The events are not kept.
 *
 * @module
 */

import { openBundleFile } from "../bundle/bundle_file.ts";
import { EventCount } from "../bundle/log/event_count.ts";
import { readEventLog } from "../bundle/log/event_log.ts";
import { EventOrder } from "../bundle/log/event_order.ts";
import { FolderListing } from "../bundle/folder_listing.ts";
import { BundleFolder } from "../bundle/inside_file.ts";
import { type Limits, limitsWith, ReadBudget } from "../bundle/limits.ts";
import { tolerantJudge } from "../bundle/log/line_judge.ts";
import { LogGuard } from "../bundle/log/log_guard.ts";
import { PayloadFiles } from "../bundle/payload_files.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { BundleFormatError, LimitError } from "../errors.ts";
import type { DecodedEvent } from "../format/event.ts";
import { EVENT_LOG_FILE, type SchemaVersion } from "../format/manifest.ts";
import { reduceTrace } from "../reduce/reduce.ts";
import { EventWatch } from "./event_watch.ts";
import type { Finding, NewFinding } from "./finding.ts";
import { Findings } from "./findings.ts";
import { LogWatch } from "./log_watch.ts";
import {
  checkManifest,
  type KnownManifest,
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
  readonly #budget: ReadBudget;
  readonly #folder: BundleFolder;
  readonly #listing: FolderListing;
  readonly #findings: Findings = new Findings();
  readonly #sink = (finding: NewFinding): void => this.#findings.add(finding);
  readonly #count: EventCount;
  readonly #files: PayloadFiles;
  #known: KnownManifest | undefined;
  #events: EventWatch = new EventWatch(this.#sink, {});
  #log: LogWatch | undefined;
  #refusal: Refusal | undefined;
  #isReduced = false;

  constructor(dir: string, limits: Limits) {
    this.#dir = dir;
    this.#limits = limits;
    this.#budget = new ReadBudget(limits);
    this.#folder = new BundleFolder(dir);
    this.#listing = new FolderListing(dir);
    this.#count = new EventCount((diagnostic) => this.#hear(diagnostic));
    this.#files = new PayloadFiles(dir, { limits, budget: this.#budget });
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

  #readLog(): void {
    try {
      using opened = openBundleFile(this.#folder, EVENT_LOG_FILE);
      this.#readFrom(opened.file);
      checkPayloads(this.#files, this.#events.payloads, this.#findings);
      this.#checkGrowth(opened.file);
      this.#files.finish();
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

  #readFrom(file: Deno.FsFile): void {
    const { manifest, schema = this.#guessSchema() } = this.#known ?? {};
    this.#events = new EventWatch(this.#sink, manifest ?? {});
    const demanded = manifest !== undefined && schema === 2
      ? new EventOrder(manifest.rollout_id)
      : undefined;
    const log = this.#log = new LogWatch(
      file,
      demanded,
      (decoded) => this.#events.observe(decoded),
      this.#sink,
    );
    const takes = tolerantJudge(this.#count.tell);
    const judge = this.#count.judging((fault) => {
      log.observeFault(fault);
      return takes(fault);
    });
    const guard = new LogGuard(this.#limits, this.#budget);
    const events = readEventLog(log, schema, log, judge, guard);
    this.#reduce(this.#count.counting(events));
    log.finish();
    this.#events.finish(schema, !log.isCut);
  }

  /** By the first event, where the manifest does not tell. */
  #guessSchema(): SchemaVersion {
    using opened = openBundleFile(this.#folder, EVENT_LOG_FILE);
    const guard = new LogGuard(this.#limits);
    const skip = () => false;
    const events = readEventLog(opened.file, 2, undefined, skip, guard);
    for (const { event } of events) return event.schema_version <= 1 ? 1 : 2;
    return 2;
  }

  /** Reduces the events; without a manifest nothing tells how, and they are only watched. */
  #reduce(events: Iterable<DecodedEvent>): void {
    if (this.#known === undefined) {
      for (const _ of events);
      return;
    }
    const { manifest, schema } = this.#known;
    const trace = reduceTrace(manifest, schema, events, this.#files, {
      tolerant: true,
      onDiagnostic: this.#count.skipping,
    });
    this.#isReduced = true;
    this.#events.checkThreads(trace);
  }

  #hear(diagnostic: Diagnostic): void {
    if (diagnostic.severity === "loss") {
      this.#refusal ??= refusalOf(diagnostic);
    }
    this.#findings.addDiagnostic(diagnostic);
  }

  #checkGrowth(file: Deno.FsFile): void {
    const more = file.statSync().size - (this.#log?.bytes ?? 0);
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
    const { events, skippedEvents } = this.#count.told();
    return {
      bundle: this.#dir,
      clean: counts.error + counts.warning === 0,
      manifest: this.#known?.manifest ?? null,
      reduction: {
        strict: this.#refusal === undefined,
        refused_by: this.#refusal ?? null,
        tolerant: this.#isReduced
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
