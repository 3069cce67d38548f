/**
 * Damage to the bytes of a bundle: what a crash, a bad disk or a hostile sender does to files,
 * below and beside the perturbations of a session that `tests/support/bundles/random/mutate.ts` knows.
 *
 * @module
 */

import { EVENT_LOG_FILE, MANIFEST_FILE } from "../../../lib/format/manifest.ts";
import {
  type Json,
  Obj,
  Raw,
} from "../../support/bundles/random/items/json_text.ts";
import {
  parseJson,
  render,
  renderPretty,
} from "../../support/bundles/random/items/json_text.ts";
import { type Place, places } from "../../support/bundles/random/places.ts";
import type { Prng } from "../../support/bundles/random/prng.ts";
import { type BundleFiles, joined, linesOf, logOf } from "./files.ts";
import { NUMBERS, STRINGS } from "./extreme_values.ts";
import { closeShards, hasShards, openShards } from "./shard_records.ts";

type Files = Map<string, Uint8Array>;
type Damage = (p: Prng, files: Files) => void;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Which file: the log most often, since everything starts there. */
function anyFile(p: Prng, files: Files): string {
  const payloads = payloadsOf(files);
  const any = p.chance(0.5) ? EVENT_LOG_FILE : p.maybe(payloads);
  return p.chance(0.05) ? MANIFEST_FILE : any ?? EVENT_LOG_FILE;
}

function payloadsOf(files: Files): string[] {
  return [...files.keys()].filter((name) => name.startsWith("payloads/"));
}

function spliced(
  bytes: Uint8Array,
  from: number,
  to: number,
  middle: Uint8Array = new Uint8Array(),
): Uint8Array {
  return joined([bytes.subarray(0, from), middle, bytes.subarray(to)]);
}

const flipBytes: Damage = (p, files) => {
  const name = anyFile(p, files);
  const bytes = files.get(name)?.slice() ?? new Uint8Array();
  if (bytes.length === 0) return;
  for (let n = p.between(1, 4); n > 0; n--) {
    const at = p.int(bytes.length);
    bytes[at] = p.chance(0.5) ? p.int(256) : (bytes[at] ?? 0) ^ (1 << p.int(8));
  }
  files.set(name, bytes);
};

const shiftBytes: Damage = (p, files) => {
  const name = anyFile(p, files);
  const bytes = files.get(name) ?? new Uint8Array();
  const at = p.int(bytes.length + 1);
  const end = Math.min(bytes.length, at + p.between(1, p.pick([4, 40, 4000])));
  const other = p.int(bytes.length + 1);
  files.set(
    name,
    p.pick([
      () => spliced(bytes, at, end),
      () => spliced(bytes, other, other, bytes.subarray(at, end)),
      () => spliced(bytes, at, end, encoder.encode(p.pick(STRINGS))),
      () => bytes.subarray(0, at),
      () => joined([new Uint8Array([0xef, 0xbb, 0xbf]), bytes]),
    ])(),
  );
};

function editLines(edit: (p: Prng, lines: Uint8Array[]) => void): Damage {
  return (p, files) => {
    const lines = linesOf(logOf(files));
    if (lines.length === 0) return;
    edit(p, lines);
    files.set(EVENT_LOG_FILE, joined(lines));
  };
}

const dropLines = editLines((p, lines) => {
  lines.splice(p.int(lines.length), p.pick([1, 1, 1, 2, 5]));
});

const doubleLines = editLines((p, lines) => {
  const at = p.int(lines.length);
  const copies = lines.slice(at, at + p.pick([1, 1, 3]));
  lines.splice(p.chance(0.5) ? at : p.int(lines.length), 0, ...copies);
});

const swapLines = editLines((p, lines) => {
  const moved = lines.splice(p.int(lines.length), p.pick([1, 1, 3]));
  lines.splice(p.int(lines.length + 1), 0, ...moved);
});

const cutLines = editLines((p, lines) => {
  const at = p.int(lines.length);
  const [line = new Uint8Array()] = lines.splice(at);
  if (p.chance(0.5)) lines.push(line.subarray(0, p.int(line.length)));
});

const tearLine = editLines((p, lines) => {
  const at = p.int(lines.length);
  const line = lines[at] ?? new Uint8Array();
  const cut = p.int(line.length);
  const ends = ["", "\n", "\r\n", "\n\n", "\r", "\u2028"];
  const end = encoder.encode(p.pick(ends));
  const rest = p.chance(0.5) ? line.subarray(cut) : new Uint8Array();
  lines.splice(at, 1, joined([line.subarray(0, cut), end, rest]));
});

/** Changes one JSON text of the bundle: a line of the log, or a file. */
function editJson(edit: (p: Prng, value: Json, pool: Json[]) => Json): Damage {
  return (p, files) => {
    const name = anyFile(p, files);
    const lines = linesOf(logOf(files));
    const at = p.int(Math.max(1, lines.length));
    const isLog = name === EVENT_LOG_FILE;
    const source = isLog ? lines[at] : files.get(name);
    const value = parsed(source);
    if (value === undefined) return flipBytes(p, files);
    const pool = [value, parsed(p.maybe(lines)) ?? null];
    const text = unlessDeep(() => {
      const changed = edit(p, value, pool);
      return isLog ? `${render(changed)}\n` : renderPretty(changed);
    });
    if (text === undefined) return flipBytes(p, files);
    const bytes = encoder.encode(text);
    if (!isLog) files.set(name, bytes);
    else files.set(EVENT_LOG_FILE, joined(lines.with(at, bytes)));
  };
}

function parsed(bytes: Uint8Array | undefined): Json | undefined {
  if (bytes === undefined) return undefined;
  const text = decoder.decode(bytes);
  try {
    return unlessDeep(() => parseJson(text));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What `work` returns; nothing when a value nests deeper than recursive functions go. */
function unlessDeep<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    const isDeep = error instanceof RangeError &&
      error.message.includes("call stack");
    if (isDeep) return undefined;
    throw error;
  }
}

/** Sets, removes or replaces something at a place inside the value. */
function editPlace(
  edit: (p: Prng, place: Place, pool: Json[]) => void,
): Damage {
  return editJson((p, value, pool) => {
    const place = p.maybe(places(value));
    if (place !== undefined) edit(p, place, pool);
    return value;
  });
}

const removeKey = editPlace((_, place) => place.remove());

const changeType = editPlace((p, place) => {
  const { value } = place;
  place.set(p.pick<Json>([
    ...[null, true, false, 0, "", [], new Obj([])],
    ...[[value], new Obj([["type", value]]), new Obj([["value", value]])],
    typeof value === "string" ? [...value].length : render(value),
    value instanceof Obj ? value.entries.map(([, member]) => member) : "x",
  ]));
});

const changeNumber = editPlace((p, place) => {
  place.set(new Raw(p.pick(NUMBERS)));
});

const changeString = editPlace((p, place, pool) => {
  const strings = pool.flatMap(places).map(({ value }) => value)
    .filter((value) => typeof value === "string");
  place.set(p.chance(0.7) ? p.maybe(strings) ?? "" : p.pick(STRINGS));
});

const nest = editPlace((p, place) => {
  const depth = p.pick([10, 120, 127, 128, 2000, 20_000]);
  const [open, close] = p.pick([["[", "]"], ['{"a":', "}"]]);
  if (open === undefined || close === undefined) return;
  place.set(
    new Raw(open.repeat(depth) + render(place.value) + close.repeat(depth)),
  );
});

/** Every object of the value; the value itself is the first. */
function objectsOf(value: Json): Obj[] {
  return [value, ...places(value).map((place) => place.value)]
    .filter((each) => each instanceof Obj);
}

const renameKey = editJson((p, value) => {
  const entry = p.maybe(objectsOf(value).flatMap(({ entries }) => entries));
  if (entry === undefined) return value;
  entry[0] = p.pick([
    `${entry[0]}x`,
    entry[0].toUpperCase(),
    ...STRINGS.slice(0, 8),
    p.pick(objectsOf(value).flatMap(({ entries }) => entries))[0],
  ]);
  return value;
});

const repeatKey = editJson((p, value) => {
  const object = p.maybe(objectsOf(value).filter((o) => o.entries.length > 0));
  if (object === undefined) return value;
  const [key, member] = p.pick(object.entries);
  object.entries.push([key, p.chance(0.5) ? member : p.pick([null, 1, ""])]);
  return value;
});

/** Another value altogether, such as the payload of another kind of event. */
const replaceEntirely = editJson((p, value, pool) =>
  p.pick<Json>([
    ...[null, 0, "", [], new Obj([]), [value], new Raw("nul")],
    p.pick([...pool.flatMap(places).map((place) => place.value), value]),
  ])
);

const breakFile: Damage = (p, files) => {
  const payloads = payloadsOf(files);
  const name = p.maybe(payloads);
  if (name === undefined) return;
  const bytes = files.get(name) ?? new Uint8Array();
  const other = p.pick(payloads);
  p.pick([
    () => void files.delete(name),
    () => void files.set(name, new Uint8Array()),
    () => void files.set(name, bytes.subarray(0, p.int(bytes.length + 1))),
    () => void files.set(name, files.get(other) ?? bytes),
    () => {
      files.set(name, files.get(other) ?? bytes);
      files.set(other, bytes);
    },
  ])();
};

/** Sequence numbers 1, 2, 3 … as if nothing had happened to the log. */
function renumber(files: Files): void {
  const lines = linesOf(logOf(files)).map((line, i) => {
    const text = decoder.decode(line);
    // Bytes that are no UTF-8 must stay what they are.
    if (text.includes("\ufffd")) return line;
    return encoder.encode(text.replace(/"seq":\d+/, `"seq":${i + 1}`));
  });
  files.set(EVENT_LOG_FILE, joined(lines));
}

const DAMAGES: readonly (readonly [weight: number, damage: Damage])[] = [
  [5, flipBytes],
  [3, shiftBytes],
  [4, dropLines],
  [4, doubleLines],
  [4, swapLines],
  [2, cutLines],
  [2, tearLine],
  [5, removeKey],
  [3, renameKey],
  [2, repeatKey],
  [5, changeType],
  [3, changeNumber],
  [6, changeString],
  [2, nest],
  [2, replaceEntirely],
  [5, breakFile],
];

/** A damaged copy of the bundle; the original stays as it is. */
export function damaged(
  p: Prng,
  original: BundleFiles,
  times: number,
): BundleFiles {
  const opens = hasShards(original) && p.chance(0.6);
  const files = new Map(opens ? openShards(original) : original);
  for (let n = 0; n < times; n++) p.weighted(DAMAGES)(p, files);
  if (p.chance(0.5)) renumber(files);
  return opens ? closeShards(files) : files;
}
