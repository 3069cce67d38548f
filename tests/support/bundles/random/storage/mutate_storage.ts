/**
 * Perturbations of how payloads are stored: records moved, doubled, cut, left out, parts put
 * in place or taken out, references bent, shards damaged.
 *
 * @module
 */

import { isBytes, type PayloadFile, type RandomBundle } from "../bundle.ts";
import { inlineParts } from "./inline_parts.ts";
import { type Json, Obj, obj, Raw, render } from "../items/json_text.ts";
import { copyJson, type Place, places } from "../places.ts";
import { Part, partMark } from "./parts.ts";
import type { Prng } from "../prng.ts";
import { partIds, shardName, storedById } from "./stored.ts";

type Edit = (p: Prng, bundle: RandomBundle) => void;

function anyPayload(p: Prng, b: RandomBundle): PayloadFile | undefined {
  return p.maybe(
    [...b.payloads.values()].filter((f) => f.storage !== undefined),
  );
}

const move: Edit = (p, b) => {
  const [file, other] = [anyPayload(p, b), anyPayload(p, b)];
  if (file?.storage === undefined) return;
  file.storage.shard = p.weighted<() => Json>([
    [5, () => other?.storage?.shard ?? 1],
    [1, () => null],
    [1, () => p.pick<Json>([77, new Raw("18446744073709551616"), "1", -1])],
  ])();
};

const rekind: Edit = (p, b) => {
  const [file, other] = [anyPayload(p, b), anyPayload(p, b)];
  if (file?.storage === undefined) return;
  file.storage.kind = p.chance(0.8) ? other?.storage?.kind ?? "" : "unknown";
};

const truncate: Edit = (p, b) => {
  const file = anyPayload(p, b);
  if (file?.storage === undefined || isBytes(file.body)) return;
  const bytes = new TextEncoder().encode(render(file.body));
  const retained_bytes = p.int(bytes.length);
  file.body = bytes.slice(0, retained_bytes + (p.chance(0.1) ? 1 : 0));
  const original_bytes = bytes.length * (p.chance(0.1) ? 0 : 1);
  file.storage.capture = {
    status: "truncated",
    original_bytes,
    retained_bytes,
  };
};

const omit: Edit = (p, b) => {
  const file = anyPayload(p, b);
  if (file?.storage === undefined) return;
  file.storage.capture = { status: "omitted", original_bytes: p.int(99) };
  if (p.chance(0.9)) file.storage.shard = null;
};

const complete: Edit = (p, b) => {
  const cut = [...b.payloads.values()].filter((file) =>
    file.storage?.capture !== undefined
  );
  const file = p.maybe(cut);
  if (file?.storage !== undefined) delete file.storage.capture;
};

const double: Edit = (p, b) => {
  const file = anyPayload(p, b);
  const shard = p.chance(0.5)
    ? file?.storage?.shard
    : anyPayload(p, b)?.storage?.shard;
  if (file?.storage === undefined || shard === undefined) return;
  const path = `${file.path} again`;
  const storage = { ...file.storage, shard };
  b.payloads.set(path, { ...file, path, storage, extra: true });
};

const inline: Edit = (p, b) => {
  const split = [...b.payloads.values()].filter((file) =>
    !isBytes(file.body) && render(file.body).includes("\0")
  );
  const file = p.maybe(split);
  if (file === undefined) return;
  file.body = inlineParts(file, storedById(b.payloads.values()), partMark);
};

/** A value inside a body becomes a part of its own, or is given away to another part. */
const outline: Edit = (p, b) => {
  const file = anyPayload(p, b);
  if (file?.storage === undefined || isBytes(file.body)) return;
  const place = p.maybe(places(file.body));
  if (place === undefined) return;
  const known = [...b.payloads.values()].filter(({ storage }) =>
    storage?.kind === "model_item" || storage?.kind === "content_value"
  );
  const part = p.chance(0.4) ? p.maybe(known) : undefined;
  const isInside = part !== undefined &&
    allParts(part.id, b).includes(file.id);
  if (part !== undefined && part !== file && !isInside) {
    place.set(new Part(part.id));
    return;
  }
  const id = `outlined:${b.payloads.size}`;
  const kind = p.pick(["content_value", "model_item"]);
  const storage = { kind, shard: file.storage.shard };
  b.payloads.set(id, { id, path: id, body: place.value, storage });
  place.set(new Part(id));
};

/** The ids of a payload's parts, and of theirs. */
function allParts(id: string, b: RandomBundle): string[] {
  const file = b.payloads.get(id);
  if (file === undefined) return [];
  return partIds(file).flatMap((part) => [part, ...allParts(part, b)]);
}

function refPlaces(b: RandomBundle): Place[] {
  return b.events.flatMap(places).filter(({ value }) =>
    value instanceof Obj && value.get("raw_payload_id") !== undefined
  );
}

const bendReference: Edit = (p, b) => {
  const place = p.maybe(refPlaces(b));
  if (place === undefined || !(place.value instanceof Obj)) return;
  const ref = place.value;
  const parts = ref.get("parts");
  const list = Array.isArray(parts) ? parts : [];
  place.set(
    p.weighted<() => Json>([
      [3, () => ref.with("shard", p.pick<Json>([null, 1, 2, 77, "1"]))],
      [3, () => ref.with("parts", p.shuffle(list))],
      [2, () => ref.with("parts", list.slice(1))],
      [2, () => ref.with("parts", [...list, ...list.slice(0, 1)])],
      [1, () => ref.with("parts", [copyJson(ref)])],
      [1, () => ref.without("parts")],
      [3, () => ref.with("capture", unusualCapture(p))],
      [1, () => ref.without("capture")],
      [1, () => ref.with("parts", null)],
      [1, () => ref.without("shard")],
      [1, () => ref.entries.map(([, member]) => member)],
    ])(),
  );
};

function unusualCapture(p: Prng): Json {
  return p.pick<Json>([
    null,
    "complete",
    obj({ status: "complete", original_bytes: 4 }),
    obj({ status: "omitted" }),
    obj({ status: "omitted", original_bytes: 0 }),
    obj({ status: "truncated", original_bytes: 9 }),
    obj({ status: "truncated", original_bytes: 9, retained_bytes: 2 }),
    obj({ status: "truncated", original_bytes: -1, retained_bytes: 2 }),
    obj({ status: "lost" }),
    ["omitted", 5],
  ]);
}

const damageShard: Edit = (p, b) => {
  const names = [...b.payloads.values()].flatMap(({ storage }) =>
    shardName(storage?.shard ?? null) ?? []
  );
  const name = p.maybe(names);
  if (name === undefined) return;
  const form = b.shards?.get(name) ?? {};
  const share = p.int(1000) / 1000;
  const damaged = p.pick([
    { ...form, corrupt: share },
    { ...form, cut: share },
    { ...form, sealed: false },
    { ...form, tail: Uint8Array.of(9, 0, 1) },
    { ...form, frames: 3, skippable: true },
  ]);
  b.shards = new Map([...b.shards ?? [], [name, damaged]]);
};

/** The edits with their weights. */
export const STORAGE_EDITS: readonly (readonly [number, Edit])[] = [
  [3, move],
  [1, rekind],
  [4, truncate],
  [4, omit],
  [2, complete],
  [2, double],
  [3, inline],
  [5, outline],
  [4, bendReference],
  [3, damageShard],
];
