/**
 * Opens a bundle for questions: reduces it, tolerantly, and keeps its events.
 *
 * @module
 */

import { type Limits, limitsWith, ReadBudget } from "../../bundle/limits.ts";
import { LogLimits } from "../../bundle/log/log_limits.ts";
import { readManifest } from "../../bundle/manifest_file.ts";
import { KeptRecords } from "../../bundle/payloads/kept_records.ts";
import type { BundleFiles } from "../../bundle/storage/bundle_files.ts";
import { DiskFiles } from "../../bundle/storage/disk_files.ts";
import type { DecodedEvent } from "../../format/event.ts";
import type { TraceBundleManifest } from "../../format/manifest.ts";
import { replayFiles } from "../../replay.ts";
import { schemaOfBundle } from "../../schema/registry.ts";
import { ObjectNames } from "./names/object_names.ts";
import { withOwnLinks } from "../../graph/own_links.ts";
import { EventIndex } from "./event_index.ts";
import { RequestOutlines } from "./requests/request_outlines.ts";
import { SessionPayloads } from "./requests/session_payloads.ts";
import { DiagnosticCollector } from "./session_diagnostics.ts";
import type { LogExtent, TraceSession } from "./session.ts";

/** How a bundle is opened. */
export interface OpenOptions {
  /** How much of a bundle is taken at most, where that is not to be the default. */
  readonly limits?: Partial<Limits>;
  /**
   * Whether the session may still be recorded. Then its log is read as far as it was complete: a
   * last line without its end is no loss. A log beyond a limit is then an error. Default `false`.
   */
  readonly mayGrow?: boolean;
  /**
   * Whether requests are measured while they are reduced. Then questions about prompts and about the
   * provider's cache, and reports, read again only those that differ from the one before them, if
   * any; others take a few milliseconds more. Default `false`.
   */
  readonly measuresRequests?: boolean;
  /**
   * Whether small payloads are kept, up to 8 MB, while they are reduced. Then what reads the payloads
   * of many objects need neither decompress their shards nor open their files again. Not of a session
   * that may grow. Default `false`.
   */
  readonly keepsRecords?: boolean;
}

/**
 * Reduces the bundle in a folder and keeps it open for questions.
 *
 * What cannot be reduced is skipped and reported in `diagnostics`; only a manifest that cannot
 * be read, or a limit that is exceeded at once, is an error.
 *
 * @param dir The folder with `manifest.json`, `trace.jsonl` and `payloads/`.
 * @throws {BundleFormatError} If the manifest or the log cannot be read at all.
 */
export function openBundle(
  dir: string,
  options: OpenOptions = {},
): TraceSession {
  const files = new DiskFiles(dir);
  const { mayGrow = false } = options;
  return openSession(files, options, mayGrow ? { growsIn: files } : {});
}

/** Opens a bundle that is stored anywhere: see {@linkcode openBundle}. */
export function openFiles(
  files: BundleFiles,
  options: Omit<OpenOptions, "mayGrow"> = {},
): TraceSession {
  return openSession(files, options, {});
}

function openSession(
  files: BundleFiles,
  options: Omit<OpenOptions, "mayGrow">,
  growth: { readonly growsIn?: DiskFiles },
): TraceSession {
  const limits = limitsWith(options.limits);
  const events: DecodedEvent[] = [];
  // The reader of a log that grows does not count its events, for it keeps none. Here they are kept.
  const counted = growth.growsIn === undefined
    ? undefined
    : new LogLimits(limits, new ReadBudget(limits));
  const diagnostics = new DiagnosticCollector();
  let extent: LogExtent | null = null;
  let skippedLines: ReadonlySet<number> = new Set();
  const manifest = readManifest(files, limits);
  const requests = options.measuresRequests === true
    ? { requests: new RequestOutlines({ trace: manifest }) }
    : {};
  const kept = options.keepsRecords === true && growth.growsIn === undefined
    ? new KeptRecords()
    : undefined;
  const replayed = replayFiles(files, {
    ...growth,
    keepIn: kept,
    ...requests,
    tolerant: true,
    findsGaps: true,
    limits,
    onEvent: (event) => {
      counted?.countEvent(event);
      diagnostics.endRun(event.line);
      events.push(event);
    },
    onDiagnostic: (diagnostic) => diagnostics.add(diagnostic),
    onCounters: (counters) => {
      const { events, skippedEvents } = counters;
      extent = { events, skipped_events: skippedEvents };
      skippedLines = counters.skippedLines;
    },
  });
  const trace = withOwnLinks(replayed);
  return {
    place: files.path,
    source: "bundle",
    bundleSchema: manifest.schema_version,
    trace,
    names: new ObjectNames(trace),
    log: new EventIndex(events, skippedLines),
    payloads: openPayloads(files, manifest, { limits, kept }),
    ...requests,
    diagnostics: diagnostics.kept,
    extent,
  };
}

/** The payloads of a bundle, with a budget of their own: a question may read all of them again. */
function openPayloads(
  files: BundleFiles,
  manifest: TraceBundleManifest,
  { limits, kept }: { limits: Limits; kept: KeptRecords | undefined },
): SessionPayloads {
  const { storage } = schemaOfBundle(manifest, true);
  const budget = new ReadBudget(limits);
  const onSurrogate = () => {};
  const options = { limits, budget, onSurrogate, kept };
  return new SessionPayloads(files, storage, options);
}
