/**
 * Recorded bundles in which every word that others may choose is hostile: ids, models,
 * names of tools and agents, texts, outputs, errors. What the format itself spells stays, and
 * equal words stay equal, so that the bundle still reports the same session.
 *
 * @module
 */

import { join } from "@std/path";
import { readShard, shardBytes } from "../support/bundles/shards.ts";

/** Everything that could steer a terminal, or hide. */
export const HOSTILE = [
  "\u001b[2J\u001b[H\u001b[31m\u001b[8m",
  "\u001b]0;title\u0007\u001b]8;;http://x\u001b\\",
  "\u001bP+q\u001b\\\u009b31m\u009d0;title\u009c",
  "\r\n\n\t\b\u0000\u007f\u0085\u000c\u000b",
  "\u202e\u2066\u200e\u200f\u061c\u2028\u2029",
  "\u200b\u2060\u2064\ufeff\u00ad\u180e\ufff9\u{e0041}\u{1d173}",
  "漢字\u0301👩\u200d👩",
].join("·");

/** Keys whose values the format itself spells, or which lead to files. */
const SPELLED: ReadonlySet<string> = new Set([
  "type",
  "status",
  "role",
  "channel",
  "phase",
  "kind",
  "path",
  "raw_event_log",
  "payloads_dir",
  "previous_response_id",
  "state",
]);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Copies a bundle with its words made hostile. */
export function writeHostileBundle(from: string, to: string): void {
  Deno.mkdirSync(join(to, "payloads"), { recursive: true });
  copyJson(join(from, "manifest.json"), join(to, "manifest.json"));
  const log = Deno.readTextFileSync(join(from, "trace.jsonl"));
  Deno.writeTextFileSync(
    join(to, "trace.jsonl"),
    log.split("\n").map((line) => line === "" ? "" : hostileText(line)).join(
      "\n",
    ),
  );
  const composed = composedIds(log);
  for (const { name } of Deno.readDirSync(join(from, "payloads"))) {
    const copy = name.endsWith(".zst") ? copyShard : copyJson;
    copy(join(from, "payloads", name), join(to, "payloads", name), composed);
  }
}

/** Ids of the payloads that are put together from parts. */
function composedIds(log: string): ReadonlySet<string> {
  const found = new Set<string>();
  const note = (value: Json): void => {
    if (typeof value !== "object" || value === null) return;
    for (const member of Object.values(value)) note(member);
    if (Array.isArray(value)) return;
    const { raw_payload_id: id, parts } = value;
    if (typeof id === "string" && Array.isArray(parts)) found.add(id);
  };
  for (const line of log.split("\n")) if (line !== "") note(JSON.parse(line));
  return found;
}

/** The texts around parts stay as they are: they are no JSON each by itself. */
function copyShard(
  from: string,
  to: string,
  composed: ReadonlySet<string>,
): void {
  const { records } = readShard(Deno.readFileSync(from));
  const copies = records.map(({ id, data }) => {
    const text = new TextDecoder().decode(data);
    const isKept = composed.has(id);
    return { id: hostileWord(id), data: isKept ? data : hostileText(text) };
  });
  Deno.writeFileSync(to, shardBytes(copies));
}

function copyJson(from: string, to: string): void {
  Deno.writeTextFileSync(to, hostileText(Deno.readTextFileSync(from)));
}

function hostileText(json: string): string {
  return JSON.stringify(hostile(JSON.parse(json)));
}

function hostile(value: Json, key = ""): Json {
  if (typeof value === "string") {
    return SPELLED.has(key) ? value : hostileWord(value);
  }
  if (Array.isArray(value)) return value.map((each) => hostile(each, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, hostile(each, name)]),
  );
}

/** JSON inside JSON stays JSON, as the arguments of a tool are. */
function hostileWord(word: string): string {
  if (/^\s*[{[]/.test(word)) {
    try {
      return JSON.stringify(hostile(JSON.parse(word)));
    } catch {
      // A text that only looks like JSON.
    }
  }
  return `${word}${HOSTILE}`;
}
