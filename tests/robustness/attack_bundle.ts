/**
 * One bundle made to attack its reader: it points outside, names devices, steers the
 * terminal, and asks for more memory and time than there are.
 *
 * @module
 */

import { type SchemaOrNumber, usesShards } from "../support/every_schema.ts";
import { RawBundle, THREAD } from "../support/bundles/raw_bundle.ts";
import { shardPath } from "../support/bundles/shards.ts";

/** What is in the file outside that the bundle wants to be read. */
export const SECRET = "the secret outside";

/** Escape sequences, line breaks and a change of the reading order. */
export const STEERING =
  "\u001b[2J\u001b]0;title\u0007\r\n\u009b31m\u202e\u2066";

/** Keys that every object inherits. */
export const INHERITED: readonly string[] = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "valueOf",
];

const REPEATS = 50_000;
const HUGE_LINE = 2 ** 30;

/** Writes the bundle to a new folder inside `folder`, and a secret beside it. */
export function writeAttackBundle(
  folder: string,
  schema: SchemaOrNumber = 2,
): string {
  const dir = `${folder}/bundle`;
  Deno.writeTextFileSync(`${folder}/secret.json`, JSON.stringify(SECRET));
  const bundle = new RawBundle(schema);
  addEscapes(bundle, folder);
  if (usesShards(schema)) addBadShards(bundle);
  addInheritedKeys(bundle);
  addSteering(bundle);
  addDepth(bundle);
  addCrowd(bundle);
  bundle.writeTo(dir);
  if (Deno.build.os !== "windows") {
    Deno.symlinkSync("../../secret.json", `${dir}/payloads/link.json`);
    Deno.symlinkSync("..", `${dir}/payloads/out`);
    Deno.symlinkSync("/dev/zero", `${dir}/payloads/zero.json`);
    Deno.symlinkSync(`${folder}`, `${dir}/outside`);
  }
  if (usesShards(schema)) writeBadShards(dir);
  addHugeLine(`${dir}/trace.jsonl`);
  return dir;
}

function addEscapes(bundle: RawBundle, folder: string): void {
  const paths = [
    "../secret.json",
    "payloads/../../secret.json",
    "payloads\\..\\..\\secret.json",
    `${folder}/secret.json`,
    "payloads/link.json",
    "payloads/out/../../secret.json",
    "outside/secret.json",
    "payloads/zero.json",
    "/dev/zero",
    "/etc/passwd",
    "C:\\secret.json",
    "\\\\server\\share\\secret.json",
    "payloads",
    "payloads/./",
    "",
    "payloads/\0",
  ];
  paths.forEach((path, i) =>
    bundle.event({
      type: "thread_started",
      thread_id: `escape-${i}`,
      agent_path: "/root",
      metadata_payload: {
        raw_payload_id: `escape-${i}`,
        kind: { type: "session_metadata" },
        path,
      },
    })
  );
}

/** Shards that are none, and one that is far larger than its file. */
const BAD_SHARDS = { link: 2, device: 3, folder: 4, bomb: 5, missing: 6 };

function addBadShards(bundle: RawBundle): void {
  const metadata = (id: string, more: object) => ({
    raw_payload_id: id,
    kind: { type: "session_metadata" },
    ...more,
  });
  for (const [name, shard] of Object.entries(BAD_SHARDS)) {
    bundle.event({
      type: "thread_started",
      thread_id: `escape-${name}`,
      agent_path: "/root",
      metadata_payload: metadata(name, { shard }),
    });
  }
  const part = bundle.payload("session_metadata", "x".repeat(1 << 20));
  const parts = Array(REPEATS).fill(part);
  const fragments = ["[", ...parts.slice(1).map(() => ","), "]"];
  const full = bundle.payload("session_metadata", fragments);
  bundle.event({
    type: "thread_started",
    thread_id: "escape-parts",
    agent_path: "/root",
    metadata_payload: { ...full, parts },
  });
}

function writeBadShards(dir: string): void {
  const path = (shard: number) => `${dir}/${shardPath(shard)}`;
  if (Deno.build.os !== "windows") {
    Deno.symlinkSync("../../secret.json", path(BAD_SHARDS.link));
    Deno.symlinkSync("/dev/zero", path(BAD_SHARDS.device));
  }
  Deno.mkdirSync(path(BAD_SHARDS.folder));
  Deno.writeFileSync(path(BAD_SHARDS.bomb), bomb());
}

/** A frame of blocks of four bytes that mean 128 KiB each: two gigabytes. */
function bomb(): Uint8Array {
  const header = [0x28, 0xb5, 0x2f, 0xfd, 0, 0x68];
  const blocks = 1 << 14;
  const bytes = new Uint8Array(header.length + 4 * blocks);
  bytes.set(header);
  const repeated = ((1 << 17) << 3) | 2;
  for (let at = header.length; at < bytes.length; at += 4) {
    const isLast = at + 4 === bytes.length ? 1 : 0;
    bytes.set(
      [repeated & 0xff | isLast, repeated >> 8 & 0xff, repeated >> 16],
      at,
    );
  }
  return bytes;
}

function addInheritedKeys(bundle: RawBundle): void {
  for (const key of INHERITED) {
    bundle.event({
      type: "thread_started",
      thread_id: key,
      agent_path: "/root",
      metadata_payload: bundle.payload(
        "session_metadata",
        `{"${key}":{"nickname":"polluted","model":"polluted"}}`,
      ),
    });
    bundle.tool(key, { model_visible_call_id: key });
    bundle.request(key, { input: [{ type: key }], [key]: key });
    bundle.response(key, [{ type: "message", role: key, id: key }], key);
  }
}

function addSteering(bundle: RawBundle): void {
  const text = `${STEERING}${"long ".repeat(1000)}`;
  bundle.tool(text);
  bundle.tool(text);
  bundle.event({ type: text });
  bundle.event({ type: "thread_ended", thread_id: text, status: text });
  bundle.event({ type: "thread_ended", thread_id: text, status: "failed" });
  bundle.event({
    type: "protocol_event_observed",
    event_type: text,
    event_payload: {
      raw_payload_id: text,
      kind: { type: "protocol_event" },
      path: `payloads/${text}.json`,
    },
  });
}

function addDepth(bundle: RawBundle): void {
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  bundle.request("deep", {
    input: [{
      type: "function_call",
      name: "f",
      call_id: "deep",
      arguments: deep,
    }],
  });
  bundle.event({
    type: "thread_started",
    thread_id: "deep",
    agent_path: "/root",
    metadata_payload: bundle.payload("session_metadata", deep),
  });
  bundle.lines.push(`{"a":${deep}}`, deep);
}

function addCrowd(bundle: RawBundle): void {
  for (let i = 0; i < REPEATS; i++) {
    bundle.event({
      type: "thread_ended",
      thread_id: THREAD,
      status: "completed",
    });
  }
}

/** A line of a gigabyte that takes no room on most disks. */
function addHugeLine(path: string): void {
  using log = Deno.openSync(path, { write: true });
  const end = log.seekSync(0, Deno.SeekMode.End);
  log.truncateSync(end + HUGE_LINE);
}
