/**
 * Small perturbations of a bundle: events dropped, doubled, swapped, their ids and statuses
 * changed, their payloads bent. Most break the session in a way the reducer must notice.
 *
 * @module
 */

import { isBytes, type RandomBundle, renumber } from "./bundle.ts";
import { type Json, Obj, Raw } from "./items/json_text.ts";
import { STORAGE_EDITS } from "./storage/mutate_storage.ts";
import { copyJson, type Place, places } from "./places.ts";
import type { Prng } from "./prng.ts";
import { storedById, updateReferences } from "./storage/stored.ts";
import { anyJson, INTEGERS, NUMBERS } from "./items/values.ts";

type Edit = (p: Prng, bundle: RandomBundle) => void;

const STATUSES: readonly string[] = [
  "running",
  "completed",
  "failed",
  "cancelled",
  "aborted",
  "terminated",
  "yielded",
];

/** A deep copy of a bundle. */
export function copyBundle(bundle: RandomBundle): RandomBundle {
  const payloads = new Map(
    [...bundle.payloads].map(([path, file]) => [path, {
      ...file,
      body: isBytes(file.body) ? file.body : copyJson(file.body),
      ...file.storage === undefined ? {} : { storage: { ...file.storage } },
    }]),
  );
  return {
    ...bundle,
    ...bundle.shards === undefined ? {} : { shards: new Map(bundle.shards) },
    manifest: copyJson(bundle.manifest),
    events: bundle.events.map(copyJson),
    payloads,
  };
}

const drop: Edit = (p, b) => {
  b.events.splice(p.int(b.events.length), 1);
};

const double: Edit = (p, b) => {
  const event = p.pick(b.events);
  const at = p.chance(0.5)
    ? b.events.indexOf(event) + 1
    : p.int(b.events.length + 1);
  b.events.splice(at, 0, copyJson(event));
};

const swap: Edit = (p, b) => {
  const at = p.int(b.events.length);
  b.events.splice(at, 0, ...b.events.splice(at + 1, 1));
};

const move: Edit = (p, b) => {
  const moved = b.events.splice(p.int(b.events.length), 1);
  b.events.splice(p.int(b.events.length + 1), 0, ...moved);
};

const cut: Edit = (p, b) => {
  b.events.splice(p.int(b.events.length));
};

/** Ids are exchanged for ids that are under the same key elsewhere in the log. */
const retarget: Edit = (p, b) => {
  const all = b.events.flatMap(places);
  const ids = all.filter((place) =>
    /_id$|^path$/.test(place.key) && typeof place.value === "string" &&
    place.key !== "rollout_id" && place.key !== "path"
  );
  const place = p.maybe(ids);
  if (place === undefined) return;
  const others = ids.filter((other) => other.key === place.key);
  place.set(p.chance(0.9) ? p.pick(others).value : null);
};

/** A reference to a payload is exchanged for another one as a unit. */
const reref: Edit = (p, b) => {
  const refs = b.events.flatMap(places).filter(({ value }) =>
    value instanceof Obj && value.get("raw_payload_id") !== undefined
  );
  p.maybe(refs)?.set(copyJson(p.pick(refs).value));
};

const restate: Edit = (p, b) => {
  const statuses = b.events.flatMap(places).filter((place) =>
    place.key === "status"
  );
  p.maybe(statuses)?.set(p.pick(STATUSES));
};

const bendEvent: Edit = (p, b) => {
  bend(p, p.maybe(b.events.flatMap(places)));
};

const bendPayload: Edit = (p, b) => {
  const file = p.maybe([...b.payloads.values()]);
  if (file === undefined || isBytes(file.body)) return;
  bend(p, p.maybe(places(file.body)));
};

/** Lists inside lists: the reference stops beyond a depth of 127. */
function nested(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}

function bend(p: Prng, place: Place | undefined): void {
  if (place === undefined) return;
  p.pick([
    () => place.remove(),
    () => place.set(null),
    () => place.set(anyJson(p, 1)),
    () => place.set(new Raw(p.pick(NUMBERS))),
    () => place.set(new Raw(p.pick(INTEGERS))),
    () => place.set(""),
    () => place.set(new Raw('"\\ud83d"')),
    () => place.set(new Raw(nested(p.between(118, 130)))),
    () =>
      place.set(
        typeof place.value === "string" ? `${place.value}x` : [place.value],
      ),
  ])();
}

/** Two elements of a list inside a payload change places, or one is doubled. */
const shuffleList: Edit = (p, b) => {
  const file = p.maybe([...b.payloads.values()]);
  if (file === undefined || isBytes(file.body)) return;
  const lists = places(file.body).map((place) => place.value)
    .filter((value): value is Json[] => Array.isArray(value))
    .filter((list) => list.length > 0);
  const list = p.maybe(lists);
  if (list === undefined) return;
  const at = p.int(list.length);
  const [element] = list.slice(at, at + 1);
  if (element === undefined) return;
  if (p.chance(0.5)) list.splice(at, 1);
  list.splice(p.int(list.length + 1), 0, copyJson(element));
};

const breakFile: Edit = (p, b) => {
  const file = p.maybe([...b.payloads.values()]);
  if (file === undefined) return;
  const text = (t: string) => new TextEncoder().encode(t);
  if (p.chance(0.2)) {
    b.payloads.delete(file.path);
    return;
  }
  file.body = p.pick([
    text(""),
    text("{"),
    text("{} x"),
    text("\ufeff{}"),
    text('{"a":"\\ud800"}'),
    text("NaN"),
    text("[1,]"),
    text('{"a":01}'),
    text('{"a":"\t"}'),
    text(nested(128)),
    new Uint8Array([0x22, 0xff, 0x22]),
  ]);
};

const EDITS: readonly (readonly [number, Edit])[] = [
  [4, drop],
  [4, double],
  [4, swap],
  [4, move],
  [2, cut],
  [6, retarget],
  [3, reref],
  [3, restate],
  [2, bendEvent],
  [5, bendPayload],
  [4, shuffleList],
  [1, breakFile],
];

/** Makes the references follow the payloads as they are now stored. */
function updateAll(bundle: RandomBundle, original: RandomBundle): void {
  const before = storedById(original.payloads.values());
  const after = storedById(bundle.payloads.values());
  bundle.events = bundle.events.map((event) =>
    updateReferences(event, before, after)
  );
}

/** A changed copy of the bundle. */
export function mutate(
  p: Prng,
  original: RandomBundle,
  edits: number,
): RandomBundle {
  const bundle = copyBundle(original);
  const isStored = bundle.schema >= 3;
  const table = isStored ? [...EDITS, ...STORAGE_EDITS] : EDITS;
  for (let n = 0; n < edits && bundle.events.length > 0; n++) {
    p.weighted(table)(p, bundle);
  }
  if (isStored && p.chance(0.85)) updateAll(bundle, original);
  if (bundle.schema >= 2 && p.chance(0.95)) {
    bundle.events = renumber(bundle.events);
  }
  return bundle;
}
