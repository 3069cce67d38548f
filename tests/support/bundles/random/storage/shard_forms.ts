/**
 * The shard files of a random session: frames, open ends, records that no event names, and
 * now and then damage.
 *
 * @module
 */

import { CAN_COMPRESS } from "../../zstd_frames.ts";
import type { PayloadFile } from "../bundle.ts";
import { render } from "../items/json_text.ts";
import type { Prng } from "../prng.ts";
import { type DamagedForm, shardName } from "./stored.ts";
import { anyJson } from "../items/values.ts";

/** What the shards must fit. */
export interface ShardNeeds {
  /** True when the log is closed, so that every shard must be sealed. */
  closed: boolean;
  /** Probability that something is wrong. */
  faulty: number;
}

function form(p: Prng, isLast: boolean, { closed }: ShardNeeds): DamagedForm {
  const plain = !CAN_COMPRESS || p.chance(0.2);
  const drawn: DamagedForm = {
    coding: plain ? "plain" : "compressed",
    checksum: p.chance(0.9),
    contentSize: p.chance(0.15),
    emptyLastBlock: p.chance(0.5),
    skippable: p.chance(0.05),
    frames: p.weighted([[12, 1], [2, 2], [1, 5]]),
    // The shard with the largest number alone may be open, and that in an open log.
    sealed: closed || !isLast || p.chance(0.5),
  };
  const blockBytes = p.weighted([[4, undefined], [1, 7], [1, 300]]);
  if (plain && blockBytes !== undefined) drawn.blockBytes = blockBytes;
  if (drawn.sealed === false && p.chance(0.4)) drawn.tail = tornRecord(p);
  return drawn;
}

/** The beginning of a record. */
function tornRecord(p: Prng): Uint8Array {
  const record = new TextEncoder().encode(
    "\x0d\0\x09\0\0\0\0\0\0\0raw_payload:9999[1,2,3,4]",
  );
  return record.subarray(0, p.between(1, record.length - 1));
}

/** Something that makes the file wrong, or unlike what the log contains.*/
function damage(p: Prng, drawn: DamagedForm): void {
  p.pick([
    () => void (drawn.corrupt = p.int(1000) / 1000),
    () => void (drawn.cut = p.int(1000) / 1000),
    () => void (drawn.sealed = false),
    () => void (drawn.tail = tornRecord(p)),
  ])();
}

/** A record that no event names: its data need not be JSON. */
function extraRecord(
  p: Prng,
  payloads: Map<string, PayloadFile>,
  used: readonly PayloadFile[],
): void {
  const shard = p.pick(used).storage?.shard ?? null;
  const twin = p.chance(0.3) ? p.pick(used) : undefined;
  if (
    twin !== undefined &&
    shardName(twin.storage?.shard ?? null) === shardName(shard)
  ) return;
  const id = twin?.id ?? `extra:${payloads.size}`;
  const path = `${id} in ${render(shard)}`;
  payloads.set(path, {
    id,
    path,
    body: p.chance(0.5) ? Uint8Array.of(0x7b, 0xff) : anyJson(p),
    storage: { kind: "protocol_event", shard },
    extra: true,
  });
}

/** Draws the forms of all shards, and adds records that nothing refers to. */
export function finishShards(
  p: Prng,
  payloads: Map<string, PayloadFile>,
  needs: ShardNeeds,
): Map<string, DamagedForm> {
  const used = [...payloads.values()].filter((file) =>
    shardName(file.storage?.shard ?? null) !== undefined
  );
  if (used.length > 0) {
    for (let n = p.weighted([[10, 0], [1, 1], [1, 3]]); n > 0; n--) {
      extraRecord(p, payloads, used);
    }
  }
  const names = [
    ...new Set(used.map((f) => shardName(f.storage?.shard ?? null) ?? "")),
  ];
  const last = names.toSorted((a, b) => BigInt(a) < BigInt(b) ? -1 : 1).at(-1);
  const forms = new Map(
    names.map((name) => [name, form(p, name === last, needs)]),
  );
  if (p.chance(needs.faulty)) {
    const drawn = p.maybe([...forms.values()]);
    if (drawn !== undefined) damage(p, drawn);
  }
  return forms;
}
