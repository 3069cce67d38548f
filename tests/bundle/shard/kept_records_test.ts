/**
 * A session that keeps the small records of its shards answers as one that reads them again.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { KeptRecords } from "../../../lib/bundle/payloads/kept_records.ts";
import { ShardRecords } from "../../../lib/bundle/shard/shard_records.ts";
import type { RawPayloadRef } from "../../../lib/format/payload.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { someCases } from "../../support/cases.ts";
import {
  shardContent,
  type ShardRecord,
} from "../../support/bundles/shards.ts";
import { ShardBundle } from "./shard_bundle.ts";

/** Why there is no text of a payload whose shard is gone. */
const FAULT = /^(Payload|BundleFormat)Error: /;

function shardOf(records: readonly ShardRecord[]): ShardRecords {
  return new ShardRecords({ bytes: shardContent(records), isSealed: true });
}

/** The text of a payload, or why it cannot be read. */
function outcomeOf(read: () => Uint8Array): string {
  try {
    return new TextDecoder().decode(read());
  } catch (error) {
    return String(error);
  }
}

Deno.test("a session that keeps records reads small ones without their shards", () => {
  const bundle = new ShardBundle();
  const small = bundle.put("small", '"small"');
  const long = bundle.put("long", JSON.stringify("long".repeat(8000)));
  const other = bundle.put("small", '"other"', { shard: 2 });
  const list = bundle.compose("list", ["[", ",", "]"], [small, small]);
  bundle.observe(small, long, list).completion();
  bundle.inFolder((dir) => {
    const { payloads } = openBundle(dir, { keepsRecords: true });
    const again = openBundle(dir).payloads;
    assert(payloads !== null && again !== null);
    const read = (ref: RawPayloadRef) => outcomeOf(() => payloads.bytes(ref));
    // No event names shard 2, so nothing has read it.
    assertEquals(read(other), '"other"');
    Deno.removeSync(join(dir, "payloads"), { recursive: true });
    assertEquals(read(small), '"small"');
    assertEquals(read(list), '["small","small"]');
    assertEquals(payloads.size(list), '["small","small"]'.length);
    assertMatch(read(long), FAULT);
    const unkept = outcomeOf(() => again.bytes(small));
    assertMatch(unkept, FAULT);
  });
});

Deno.test("a session that may grow keeps no records", () => {
  const bundle = new ShardBundle();
  const small = bundle.put("small", '"small"');
  bundle.observe(small);
  bundle.inFolder((dir) => {
    const how = { keepsRecords: true, mayGrow: true };
    const { payloads } = openBundle(dir, how);
    assert(payloads !== null);
    Deno.removeSync(join(dir, "payloads"), { recursive: true });
    const read = outcomeOf(() => payloads.bytes(small));
    assertMatch(read, FAULT);
  });
});

Deno.test("records are kept until there is no room, a shard completely or not at all", () => {
  const kept = new KeptRecords(4000);
  const record = (id: string, length: number) => ({
    id,
    data: id.repeat(length),
  });
  kept.keep("1", shardOf([record("a", 1000), record("b", 1000)]));
  kept.keep("2", shardOf([record("c", 1000), record("d", 1000)]));
  kept.keep("3", shardOf([record("e", 1000), record("f", 0)]));
  const found = (shard: number, id: string) => {
    const data = kept.find(shard, id);
    return data && new TextDecoder().decode(data);
  };
  assertEquals(found(1, "a"), "a".repeat(1000));
  assertEquals(found(1, "b"), "b".repeat(1000));
  assertEquals([found(2, "c"), found(2, "d")], [undefined, undefined]);
  assertEquals([found(3, "e"), found(3, "f")], ["e".repeat(1000), ""]);
  assertEquals([found(1, "e"), found(4, "a")], [undefined, undefined]);
});

Deno.test("many small records count with the memory for their places", () => {
  const kept = new KeptRecords(4000);
  const many = Array.from(
    { length: 100 },
    (_, n) => ({ id: `${n}`, data: "" }),
  );
  kept.keep("1", shardOf(many));
  assertEquals(kept.find(1, "0"), undefined);
});

Deno.test("every payload of a session is the same whether records are kept or not", () => {
  let compared = 0;
  for (const { name, bundle, state } of someCases()) {
    if (state === undefined) continue;
    const { trace, payloads } = openBundle(bundle);
    const kept = openBundle(bundle, { keepsRecords: true }).payloads;
    assert(payloads !== null && kept !== null);
    for (const [id, ref] of trace.raw_payloads) {
      assertEquals(
        outcomeOf(() => kept.bytes(ref)),
        outcomeOf(() => payloads.bytes(ref)),
        `${name} ${id}`,
      );
      compared++;
    }
  }
  assert(compared > 0, `${compared} payloads were compared`);
});
