/**
 * The question `list`: bundles below a folder, each read only as far as a list needs it.
 *
 * @module
 */

import { type Limits, limitsWith, ReadBudget } from "../../bundle/limits.ts";
import { readEventLog } from "../../bundle/log/event_log.ts";
import { LogLimits } from "../../bundle/log/log_limits.ts";
import { readManifest } from "../../bundle/manifest_file.ts";
import { BundlePayloads } from "../../bundle/payloads/bundle_payloads.ts";
import { DiskFiles } from "../../bundle/storage/disk_files.ts";
import {
  foundSessions,
  isSessionLog,
  listingOf,
} from "../../bundle/storage/find_bundles.ts";
import { openBundleFile } from "../../bundle/storage/open_bundle_file.ts";
import { PayloadError } from "../../errors.ts";
import { EVENT_LOG_FILE } from "../../format/manifest.ts";
import {
  isJsonObject,
  type JsonValue,
  type RawPayloadRef,
} from "../../format/payload.ts";
import { CostCounter, type PriceTable } from "../stats/measures/cost.ts";
import { tokenUsageOf } from "../../reduce/conversation/response.ts";
import { TokenCounter } from "../stats/measures/token_sum.ts";
import type { Schema } from "../../schema/schema.ts";
import { schemaOfBundle } from "../../schema/registry.ts";
import { errorText } from "../failures/error_text.ts";
import {
  answerIn,
  type BriefText,
  promptIn,
  reportedAnswer,
} from "./brief_texts.ts";
import { type BriefLog, briefLog } from "./bundle_brief.ts";
import { isInPeriod, type ListFilter } from "./list_filter.ts";
import { readListedLog } from "./list_session_log.ts";
import type { RecordingFacts } from "../evidence/recorded/captures.ts";
import type { ListAnswer, ListedBundle, ListedResult } from "./list_answer.ts";
import type { UnreadFolder } from "../session/answer_document.ts";
import { readLogHead } from "../session/session_log/log_head.ts";

/** How bundles are listed. */
export interface ListOptions {
  /** How much of a bundle is taken at most, where that is not to be the default. */
  readonly limits?: Partial<Limits>;
  /** The user's prices; without any, nothing has a cost. */
  readonly prices?: PriceTable | null;
  /** Whether tokens are read, each from the payload of a response; by default they are. */
  readonly tokens?: boolean;
  /**
   * Whether sizes are measured, for which every file of a bundle is examined; by default they are.
   * Otherwise `size_bytes` is 0.
   */
  readonly sizes?: boolean;
}

/**
 * The bundles and session logs at or below a folder, the newest first. Symbolic links are not
 * followed, and of each bundle only its manifest, its log and a few payloads are read.
 */
export function listBundles(
  root: string,
  options: ListOptions = {},
): ListAnswer {
  const unread: UnreadFolder[] = [];
  const { bundles: folders, logs } = foundSessions(
    root,
    (path, reason) => unread.push({ path, reason }),
  );
  const bundles = [...folders, ...logs].map((bundle) =>
    listBundle(bundle, options)
  );
  return { root, bundles: newestFirst(withContinuations(bundles)), unread };
}

/** When a bundle or a session log began, in milliseconds since 1970; null where its manifest cannot be read. */
export function startOf(bundle: string): number | null {
  try {
    return isSessionLog(bundle)
      ? readLogHead(bundle)?.startedAt ?? null
      : Number(readManifest(new DiskFiles(bundle)).started_at_unix_ms);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return null;
  }
}

/**
 * The same bundles, each with the latest that is an earlier recording of its session: a session
 * that is resumed is recorded as another bundle.
 */
export function withContinuations(
  bundles: readonly ListedBundle[],
): ListedBundle[] {
  const before = new Map<string, ListedBundle>();
  const continued = new Map<ListedBundle, string>();
  for (const bundle of newestFirst(bundles).reverse()) {
    const { session_id: id, started_at_unix_ms: start, source } = bundle;
    // A session log is continued itself.
    if (id === null || start === null || source !== "bundle") continue;
    const earlier = before.get(id);
    // One that began at the same moment is a copy.
    if (earlier?.started_at_unix_ms === start) continue;
    if (earlier !== undefined) continued.set(bundle, earlier.bundle);
    before.set(id, bundle);
  }
  return bundles.map((bundle) => ({
    ...bundle,
    continues: continued.get(bundle) ?? null,
  }));
}

/** The bundles that began in the period, the newest first; those that cannot be read are last. */
export function newestStarts(
  folders: readonly string[],
  filter: ListFilter,
): string[] {
  return folders
    .map((folder) => ({ folder, start: startOf(folder) }))
    .filter(({ start }) => start === null || isInPeriod(start, filter))
    .toSorted((a, b) => (b.start ?? -Infinity) - (a.start ?? -Infinity) || 0)
    .map(({ folder }) => folder);
}

/** The same bundles, the newest first, those that cannot be read last. */
function newestFirst(bundles: readonly ListedBundle[]): ListedBundle[] {
  const startOf = ({ started_at_unix_ms: start }: ListedBundle) =>
    start === null ? -Infinity : Number(start);
  return bundles.toSorted((a, b) => {
    const newer = startOf(b) - startOf(a);
    return Number.isNaN(newer) ? 0 : newer;
  });
}

/** One bundle of a list; read errors are in `error`, they are not thrown. */
export function listBundle(
  bundle: string,
  options: ListOptions = {},
): ListedBundle {
  const isLog = isSessionLog(bundle);
  const size_bytes = isLog
    ? Deno.lstatSync(bundle).size
    : options.sizes === false
    ? 0
    : sizeOf(bundle);
  try {
    const read = isLog ? readListedLog : readBundle;
    return { ...read(bundle, options), size_bytes };
  } catch (error) {
    // A permission that is missing for one is the user's to give, as for all.
    if (error instanceof Deno.errors.NotCapable) throw error;
    return {
      bundle,
      source: isLog ? "session_log" : "bundle",
      trace_id: null,
      session_id: null,
      agent: null,
      rollout_id: null,
      schema_version: null,
      outcome: null,
      status: null,
      started_at_unix_ms: null,
      duration_ms: null,
      size_bytes,
      events: 0,
      continues: null,
      counts: null,
      models: [],
      cwd: null,
      tokens: null,
      cost: null,
      recording: null,
      prompt: null,
      prompt_capture: null,
      result: null,
      result_capture: null,
      error: error instanceof Error ? error.message : String(error),
    };
  }
}

function readBundle(
  bundle: string,
  { limits: wanted, prices = null, tokens = true }: ListOptions,
): Omit<ListedBundle, "size_bytes"> {
  const limits = limitsWith(wanted);
  const files = new DiskFiles(bundle);
  const manifest = readManifest(files, limits);
  const schema = schemaOfBundle(manifest, true);
  const budget = new ReadBudget(limits);
  const payloads = new BundlePayloads(files, schema.storage, {
    limits,
    budget,
  });
  using log = openBundleFile(files, EVENT_LOG_FILE);
  let hasFaults = false;
  let unknownEvents = 0;
  const guard = new LogLimits(limits, budget);
  const events = readEventLog(
    log.source,
    schema.events,
    undefined,
    ({ unknown }) => {
      hasFaults = true;
      if (unknown !== undefined) unknownEvents++;
      return "skip";
    },
    guard,
  );
  const open = (ref: RawPayloadRef) => quietly(() => payloads.open(ref).value);
  const start = manifest.started_at_unix_ms;
  const brief = briefLog(events, {
    root: manifest.root_thread_id,
    startedAt: start,
    hasFaults: () => hasFaults,
    unknownEvents: () => unknownEvents,
    open,
  });
  const { first_request: first, duration_ms: duration } = brief;
  const prompt = first === null ? null : promptIn(first, open(first));
  return {
    bundle,
    source: "bundle",
    trace_id: manifest.trace_id,
    session_id: manifest.root_thread_id,
    agent: null,
    rollout_id: manifest.rollout_id,
    schema_version: manifest.schema_version,
    outcome: brief.outcome,
    status: brief.status,
    started_at_unix_ms: start,
    duration_ms: duration === null ? null : Number(duration),
    events: brief.events,
    continues: null,
    counts: brief.counts,
    models: brief.models,
    cwd: cwdOf(brief, open),
    ...tokens ? usageOf(brief, prices, payloads) : { tokens: null, cost: null },
    recording: recordingOf(brief, schema),
    prompt: prompt?.text ?? null,
    prompt_capture: prompt?.capture ?? null,
    ...resultOf(brief, open),
    error: null,
  };
}

function cwdOf(
  { root_metadata: ref }: BriefLog,
  open: (ref: RawPayloadRef) => JsonValue,
): string | null {
  const metadata = ref === null ? null : open(ref);
  const cwd = isJsonObject(metadata) ? metadata["cwd"] : null;
  return typeof cwd === "string" ? cwd : null;
}

/** Tokens and cost; of a response that cannot be read, they are unknown. */
function usageOf(
  { counts, requests, compaction_requests: compactions }: BriefLog,
  prices: PriceTable | null,
  payloads: BundlePayloads,
): Pick<ListedBundle, "tokens" | "cost"> {
  if (counts === null) return { tokens: null, cost: null };
  const tokens = new TokenCounter();
  const cost = new CostCounter(prices);
  for (const { model, response: ref } of requests) {
    const response = ref === null ? null : quietly(() => payloads.open(ref));
    const usage = response === null ? null : tokenUsageOf(response);
    tokens.add(usage);
    cost.add(model, usage);
  }
  for (const model of compactions) {
    tokens.addCompaction();
    cost.add(model, null);
  }
  return { tokens: tokens.sum(), cost: prices === null ? null : cost.cost };
}

/** What the recorder kept; in schema 1 it is unknown whether it closed the log. */
function recordingOf(
  { is_closed, truncated_payloads, omitted_payloads }: BriefLog,
  { log }: Schema,
): RecordingFacts {
  const isPartial = truncated_payloads + omitted_payloads > 0;
  return {
    recording_status: log.closingEvent === null
      ? null
      : !is_closed
      ? "unclosed"
      : isPartial
      ? "closed_with_partial_payloads"
      : "complete",
    truncated_payloads,
    omitted_payloads,
  };
}

type Result = Pick<ListedBundle, "result" | "result_capture">;

/** Nothing is unknown of the result. */
function known(result: ListedResult | null): Result {
  return { result, result_capture: null };
}

function resultOf(
  brief: BriefLog,
  open: (ref: RawPayloadRef) => JsonValue,
): Result {
  const { outcome, status, last_turn: turn, last_error: error } = brief;
  if (outcome === "failed" || outcome === "interrupted") {
    const isBad = (each: string | null) =>
      each === "failed" || each === "aborted" || each === "cancelled";
    const how = `turn ${isBad(turn) ? turn : isBad(status) ? status : outcome}`;
    // A turn is interrupted by the user: what broke off with it is no reason.
    const text = error === null || outcome === "interrupted"
      ? how
      : `${how}: ${errorText(error).text}`;
    return known({ type: "error", text });
  }
  if (brief.may_lack_answer) {
    const text = reportedAnswer(brief, open);
    return known(text === null ? null : { type: "answer", text });
  }
  for (const last of brief.last_answers) {
    const response = open(last.ref);
    const answer: BriefText | null = response === null
      ? { text: null, capture: last.ref.capture ?? null }
      : answerIn(last, response, brief.accepted);
    if (answer === null) continue;
    if (answer.text !== null) {
      const { text, capture } = answer;
      return { result: { type: "answer", text }, result_capture: capture };
    }
    const reported = reportedAnswer(brief, open);
    return reported === null
      ? { result: null, result_capture: answer.capture }
      : known({ type: "answer", text: reported });
  }
  return known(
    error === null ? null : { type: "error", text: errorText(error).text },
  );
}

/** What was read; null where it cannot be. */
function quietly<T>(open: () => T): T | null {
  try {
    return open();
  } catch (error) {
    if (error instanceof PayloadError) return null;
    throw error;
  }
}

function sizeOf(bundle: string): number {
  const listing = listingOf(bundle);
  let size = 0;
  for (const entry of listing.topEntries()) size += entry.size;
  for (const entry of listing.payloadEntries()) size += entry.size;
  return size;
}
