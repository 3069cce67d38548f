/**
 * A bundle held in memory, in a form that can be changed and written: the generator fills it,
 * the mutator perturbs it, the shrinker makes it smaller.
 *
 * It writes its files itself, not through the project's writer, so that it can produce what
 * the writer never would.
 *
 * @module
 */

import { join } from "@std/path";
import {
  type Json,
  type JsonStyle,
  Obj,
  parseJson,
  Raw,
  render,
  renderPretty,
} from "./items/json_text.ts";
import { readStored } from "./storage/read_stored.ts";
import {
  type DamagedForm,
  shardFiles,
  type StoredPayload,
} from "./storage/stored.ts";

/** Number of a trace schema. */
export type Schema = number;

/** One payload: a value, or bytes that are no JSON. */
export interface PayloadFile extends StoredPayload {
  /** Path inside the bundle; where payloads are records of shards, the key in the map. */
  path: string;
}

/** How the log file is laid out; undefined is what a recorder writes. */
export interface LogLayout {
  /** Text at the end of each line but the last. */
  newline(): string;
  /** Text at the very end. */
  end: string;
  /** Spelling of the JSON in the lines. */
  style?: JsonStyle;
  /** Where a byte is no UTF-8, as a share of the length. */
  corrupt?: number;
}

/** A bundle in memory. */
export interface RandomBundle {
  /** Schema of its events. */
  schema: Schema;
  /** The manifest. */
  manifest: Json;
  /** The lines of the log: objects, or raw text. */
  events: Json[];
  /** The payloads, by path. */
  payloads: Map<string, PayloadFile>;
  /** Forms of the shards by their numbers; sealed and compressed where none is given. */
  shards?: Map<string, DamagedForm>;
  /** Layout of the log. */
  layout?: LogLayout;
}

const encoder = new TextEncoder();

/** True for bytes that need no escape. */
export function isBytes(body: Json | Uint8Array): body is Uint8Array {
  return body instanceof Uint8Array;
}

function logText(bundle: RandomBundle): string {
  const { layout } = bundle;
  const lines = bundle.events.map((event) => render(event, layout?.style));
  if (layout === undefined) return lines.map((line) => `${line}\n`).join("");
  return lines.map((line, i) =>
    line + (i === lines.length - 1 ? layout.end : layout.newline())
  ).join("");
}

function logBytes(bundle: RandomBundle): Uint8Array {
  const bytes = encoder.encode(logText(bundle));
  const share = bundle.layout?.corrupt;
  if (share !== undefined) bytes[Math.floor(share * bytes.length)] = 0xff;
  return bytes;
}

/** Every string inside a value. */
function strings(value: Json, into: Set<string> = new Set()): Set<string> {
  if (typeof value === "string") into.add(value.replaceAll("./", ""));
  else if (Array.isArray(value)) value.forEach((v) => strings(v, into));
  else if (value instanceof Obj) {
    value.entries.forEach(([, member]) => strings(member, into));
  }
  return into;
}

/** Every file of the bundle with its bytes, payloads that no event names left out. */
export function bundleFiles(bundle: RandomBundle): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  files.set("manifest.json", encoder.encode(renderPretty(bundle.manifest)));
  files.set("trace.jsonl", logBytes(bundle));
  const named = strings(bundle.events);
  const raw = bundle.events.map((e) => e instanceof Raw ? e.text : "").join();
  const isNamed = (name: string) => named.has(name) || raw.includes(name);
  const records: PayloadFile[] = [];
  for (const file of bundle.payloads.values()) {
    if (file.storage !== undefined) {
      if (file.extra === true || isNamed(file.id)) records.push(file);
      continue;
    }
    if (!isNamed(file.path)) continue;
    const text = (body: Json) =>
      encoder.encode(
        file.style === undefined
          ? renderPretty(body)
          : render(body, file.style),
      );
    files.set(file.path, isBytes(file.body) ? file.body : text(file.body));
  }
  for (const [path, bytes] of shardFiles(records, bundle.shards)) {
    files.set(path, bytes);
  }
  return files;
}

/** Writes the bundle into `dir`, which is made anew. */
export function writeBundle(bundle: RandomBundle, dir: string): void {
  try {
    Deno.removeSync(dir, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  Deno.mkdirSync(join(dir, "payloads"), { recursive: true });
  for (const [path, bytes] of bundleFiles(bundle)) {
    Deno.writeFileSync(join(dir, path), bytes);
  }
}

function tryParse(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * The references to payloads inside an event, wherever they are. A reference without a path
 * has the id as its path: so do payloads that are records of shards.
 */
export function payloadRefs(value: Json): { id: string; path: string }[] {
  if (Array.isArray(value)) return value.flatMap(payloadRefs);
  if (!(value instanceof Obj)) return [];
  const id = value.get("raw_payload_id");
  const path = value.get("path");
  if (typeof id === "string" && typeof path === "string") {
    return [{ id, path }];
  }
  if (typeof id === "string") {
    return [{ id, path: id }, ...payloadRefs(value.get("parts") ?? null)];
  }
  return value.entries.flatMap(([, member]) => payloadRefs(member));
}

/** Reads a bundle from disk. Its log layout is lost: lines are returned as a recorder writes them. */
export function readBundle(dir: string): RandomBundle {
  const manifest = parseJson(Deno.readTextFileSync(join(dir, "manifest.json")));
  const events = Deno.readTextFileSync(join(dir, "trace.jsonl")).split("\n")
    .filter((line) => line.trim() !== "")
    .map(tryParse).filter((event) => event !== undefined);
  const version = manifest instanceof Obj ? manifest.get("schema_version") : 0;
  const schema = typeof version === "number" && version > 1 ? version : 1;
  const payloads = schema >= 3
    ? recordedPayloads(dir, events)
    : recordedFiles(dir, events);
  return { schema, manifest, events, payloads };
}

function recordedFiles(
  dir: string,
  events: readonly Json[],
): Map<string, PayloadFile> {
  const payloads = new Map<string, PayloadFile>();
  for (const { id, path } of events.flatMap(payloadRefs)) {
    if (payloads.has(path) || path.includes("..")) continue;
    const body = readPayload(join(dir, path));
    if (body !== undefined) payloads.set(path, { id, path, body });
  }
  return payloads;
}

function recordedPayloads(
  dir: string,
  events: readonly Json[],
): Map<string, PayloadFile> {
  return new Map(
    readStored(dir, events).map((
      each,
    ) => [each.id, { ...each, path: each.id }]),
  );
}

function readPayload(file: string): Json | Uint8Array | undefined {
  try {
    const bytes = Deno.readFileSync(file);
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    return tryParse(text) ?? bytes;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Numbers the events of schema 2 as that schema demands: 1, 2, 3 … */
export function renumber(events: readonly Json[]): Json[] {
  return events.map((event, i) =>
    event instanceof Obj && event.get("seq") !== undefined
      ? event.with("seq", i + 1)
      : event
  );
}
