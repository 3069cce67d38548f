/**
 * Oddities of the files themselves, which do not change their content: order of keys,
 * white space, unknown keys, line ends. A few do change it, and must be refused.
 *
 * @module
 */

import type { RandomBundle } from "../bundle.ts";
import { type Json, type JsonStyle, Obj, Raw } from "../items/json_text.ts";
import type { Prng } from "../prng.ts";

function spacedStyle(p: Prng): JsonStyle {
  return {
    space: () => p.chance(0.9) ? "" : p.pick([" ", "\t", "  "]),
    quote: (text) => p.chance(0.9) ? JSON.stringify(text) : escaped(text),
  };
}

/** The text with each UTF-16 unit escaped. */
function escaped(text: string): string {
  const units = Array.from(
    { length: text.length },
    (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, "0")}`,
  );
  return `"${units.join("")}"`;
}

/** Every object of an event with its keys in another order, perhaps with unknown ones added. */
function shuffled(p: Prng, value: Json): Json {
  if (Array.isArray(value)) return value.map((e) => shuffled(p, e));
  if (!(value instanceof Obj)) return value;
  const entries = value.entries.map(
    ([key, member]): [string, Json] => [key, shuffled(p, member)],
  );
  if (p.chance(0.1)) {
    entries.push(["unknown", 1]);
    if (p.chance(0.3)) entries.push(["unknown", null]);
  }
  return new Obj(p.chance(0.5) ? p.shuffle(entries) : entries);
}

/** `"value": null` beside the type of a payload reference, which is allowed there. */
function withNullValue(value: Json): Json {
  if (!(value instanceof Obj)) return value;
  return new Obj(value.entries.map(([key, member]): [string, Json] => {
    const isKind = key === "kind" && member instanceof Obj &&
      value.get("raw_payload_id") !== undefined;
    if (!isKind) return [key, withNullValue(member)];
    return [key, member.with("value", null)];
  }));
}

/** Paths of payloads in a roundabout spelling that leads to the same files. */
function withDetours(p: Prng, value: Json): Json {
  if (Array.isArray(value)) return value.map((e) => withDetours(p, e));
  if (!(value instanceof Obj)) return value;
  return new Obj(value.entries.map(([key, member]): [string, Json] => {
    const isPath = key === "path" && typeof member === "string" &&
      p.chance(0.3);
    if (!isPath) return [key, withDetours(p, member)];
    return [key, p.pick([`./${member}`, member.replace("/", "/./")])];
  }));
}

/** Objects as the lists of their values, which the reference takes as well. */
function asList(value: Json): Json {
  return value instanceof Obj
    ? value.entries.map(([, member]) => member)
    : value;
}

function eventAsList(p: Prng, event: Json): Json {
  if (!(event instanceof Obj)) return event;
  const payload = event.get("payload");
  if (payload === undefined) return event;
  if (p.chance(0.5)) return asList(event);
  return event.with("payload", asList(payload));
}

/** Something a reader must refuse, or at least handle with care. */
function faulty(p: Prng, bundle: RandomBundle): void {
  const at = p.int(bundle.events.length);
  const event = bundle.events[at];
  if (!(event instanceof Obj)) return;
  const seq = event.get("seq") ?? 1;
  const faults: readonly Json[] = [
    new Raw("{"),
    new Raw("{} {}"),
    new Raw("\ufeff{}"),
    new Raw("[]"),
    new Obj([...event.entries, ["seq", seq]]),
    event.with("seq", new Raw("18446744073709551615")),
    event.with("seq", new Raw("18446744073709551616")),
    event.with("seq", new Raw("-1")),
    event.with("seq", new Raw("1.0")),
    event.with("seq", 0),
    event.with("schema_version", bundle.schema === 3 ? 4 : 3),
    event.with("schema_version", new Raw("4294967296")),
    event.with("rollout_id", "another"),
    event.with("wall_time_unix_ms", new Raw("1e3")),
    event.with("wall_time_unix_ms", new Raw("9223372036854775807")),
    event.without("thread_id"),
    event.without("rollout_id"),
    event.with("thread_id", 5),
  ];
  bundle.events[at] = p.pick(faults);
}

function unusualManifest(p: Prng, bundle: RandomBundle): void {
  const { manifest } = bundle;
  if (!(manifest instanceof Obj)) return;
  const [key] = p.pick(manifest.entries);
  bundle.manifest = p.pick([
    new Obj(p.shuffle(manifest.entries)),
    manifest.with("unknown", [1]),
    manifest.with("raw_event_log", "elsewhere.jsonl"),
    manifest.with("payloads_dir", "elsewhere"),
    manifest.with("started_at_unix_ms", new Raw("-9223372036854775808")),
    manifest.without(key),
    manifest.with("schema_version", p.pick([0, 1, 2, 3])),
    new Obj([...manifest.entries, [key, manifest.get(key) ?? null]]),
  ]);
}

/** Changes the files of a bundle to a layout of their own. */
export function unusualLayout(p: Prng, original: RandomBundle): RandomBundle {
  const bundle = { ...original };
  if (p.chance(0.6)) {
    bundle.events = bundle.events.map((event) => shuffled(p, event));
  }
  if (p.chance(0.15)) bundle.events = bundle.events.map(withNullValue);
  else if (p.chance(0.08)) {
    bundle.events = original.events.map((e) =>
      p.chance(0.2) ? eventAsList(p, e) : e
    );
  }
  if (p.chance(0.05)) {
    bundle.events = bundle.events.map((event) => withDetours(p, event));
  }
  if (p.chance(0.15) && bundle.events.length > 0) {
    bundle.events = [...bundle.events];
    faulty(p, bundle);
  }
  if (p.chance(0.2)) unusualManifest(p, bundle);
  if (p.chance(0.6)) {
    bundle.layout = {
      newline: () =>
        p.weighted([[8, "\n"], [3, "\r\n"], [1, "\n\n"], [1, "\n \t\n"]]),
      end: p.pick(["\n", "", "\r\n", "\n\n", "\n  "]),
      style: spacedStyle(p),
    };
    if (p.chance(0.03)) bundle.layout.corrupt = p.int(1000) / 1000;
  }
  if (p.chance(0.4)) {
    const compact: JsonStyle = {
      space: () => "",
      quote: (text) => JSON.stringify(text),
    };
    const style = p.chance(0.5) ? compact : spacedStyle(p);
    bundle.payloads = new Map(
      [...bundle.payloads].map(([path, file]) => [path, { ...file, style }]),
    );
  }
  return bundle;
}
