/**
 * Logs that end early: what a crash or a full disk leaves of a bundle.
 *
 * @module
 */

import type { Prng } from "../../support/bundles/random/prng.ts";
import { type BundleFiles, type BundleFolder, joined } from "./files.ts";
import { linesOf, logOf, withLog } from "./files.ts";
import { firstDifference, replayed } from "./outcome.ts";
import { examineBriefly, type Fault } from "./properties.ts";

type Plain = { readonly [key: string]: unknown };

/** Maps whose records stay once they are there. */
const MAPS: readonly string[] = [
  ..."threads codex_turns conversation_items inference_calls".split(" "),
  ..."code_cells tool_calls terminal_sessions terminal_operations".split(" "),
  ..."compactions compaction_requests raw_payloads".split(" "),
];

/** What a record keeps for good; all else may still arrive or grow. */
const SETTLED: ReadonlySet<string> = new Set([
  ..."thread_id codex_turn_id item_id kind role channel call_id body".split(
    " ",
  ),
  ..."first_seen_at_unix_ms inference_call_id model provider_name".split(" "),
  ..."raw_request_payload_id request_item_ids tool_call_id".split(" "),
  ..."model_visible_call_id requester code_cell_id source_js".split(" "),
  ..."source_item_id compaction_id marker_item_id agent_path".split(" "),
  ..."replacement_item_ids started_seq started_at_unix_ms path".split(" "),
]);

/**
 * Cuts the log behind every line, and at `bytes` places anywhere, and returns what is then wrong.
 * A bundle whose log holds as long as it is complete must hold when it is cut.
 */
export function cutFaults(
  folder: BundleFolder,
  files: BundleFiles,
  p: Prng,
  bytes: number,
): Fault[] {
  const lines = linesOf(logOf(files));
  const full = stateOf(folder.put(files));
  const faults: Fault[] = [];
  const texts = lines.map((_, kept) => {
    const log = joined(lines.slice(0, kept));
    const found = examineBriefly(folder.put(withLog(files, log)));
    const text = found.tolerant.kind === "state" ? found.tolerant.text : "";
    const also = text === "" || full === undefined ? [] : lostSince(text, full);
    const where = `after line ${kept}`;
    faults.push(...[...found.faults, ...also].map((f) => placed(f, where)));
    return text;
  });
  for (let n = 0; n < bytes; n++) {
    const at = p.int(logOf(files).length);
    const found = tornFaults(folder, files, at, texts);
    faults.push(...found.map((f) => placed(f, `at byte ${at}`)));
  }
  return faults;
}

function placed({ kind, detail }: Fault, where: string): Fault {
  return { kind, detail: `cut ${where}: ${detail}` };
}

/** A torn line counts as absent, and is reported; unless only its line end is missing. */
function tornFaults(
  folder: BundleFolder,
  files: BundleFiles,
  at: number,
  texts: readonly string[],
): Fault[] {
  const log = logOf(files).subarray(0, at);
  const dir = folder.put(withLog(files, log));
  const complete = linesOf(log).filter((line) => line.at(-1) === 0x0a).length;
  const expected = texts[complete] ?? "";
  const tolerant = replayed(dir, { tolerant: true });
  const isTorn = tolerant.kind === "state" &&
    tolerant.diagnostics.some((d) => d.code === "truncated_line");
  if (!isTorn) return [...examineBriefly(dir).faults];
  // What the complete lines result in was examined when the log was cut behind them.
  if (tolerant.text === expected) return [];
  const detail = firstDifference(expected, tolerant.text);
  return [{ kind: "a torn line leaves a trace", detail }];
}

function stateOf(dir: string): Plain | undefined {
  const outcome = replayed(dir, { tolerant: true });
  return outcome.kind === "state" ? plain(JSON.parse(outcome.text)) : undefined;
}

function plain(value: unknown): Plain {
  const isPlain = typeof value === "object" && value !== null;
  return isPlain ? { ...value } : {};
}

/** What the state of a part knows and that of the complete log does not, or knows otherwise. */
function lostSince(text: string, full: Plain): Fault[] {
  const part = plain(JSON.parse(text));
  return MAPS.flatMap((map) => {
    const later = plain(full[map]);
    return Object.entries(plain(part[map])).flatMap(([id, record]) =>
      changed(`${map}.${id}`, plain(record), plain(later[id]))
    );
  });
}

function changed(place: string, before: Plain, after: Plain): Fault[] {
  // What ran may turn out to be a server's tool once its runtime reports.
  const isTool = place.startsWith("tool_calls.");
  return Object.entries(before).flatMap(([key, value]) => {
    const isWindow = key === "execution";
    if (isWindow) {
      return changed(`${place}.${key}`, plain(value), plain(after[key]));
    }
    if (!SETTLED.has(key) || key === "kind" && isTool) return [];
    if (key === "body" && mayBeReceipt(before)) return [];
    // The path of a thread that another session started is known from a later call.
    if (key === "agent_path" && value === before["thread_id"]) return [];
    const [one, other] = [value, after[key]].map((v) => JSON.stringify(v));
    if (one === other) return [];
    const [map = ""] = place.split(".", 1);
    const kind = `the end of the log changes what was settled: ${map} ${key}`;
    return [{ kind, detail: `${place}: ${one} becomes ${other}` }];
  });
}

/** An item that exists by its receipt gets the body under which a list shows it first. */
function mayBeReceipt({ accepted_seq, agent_message, kind }: Plain): boolean {
  return accepted_seq !== undefined &&
    (agent_message !== undefined || String(kind).endsWith("_output"));
}
