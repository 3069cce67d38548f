/**
 * Values in what schema 3 stores in pieces: fragments and parts, truncated payloads, open shards.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { readShard } from "../../../lib/bundle/shard/shard_records.ts";
import { checkBundle } from "../../../lib/check/check.ts";
import { LimitError } from "../../../lib/errors.ts";
import { redactBundle } from "../../../lib/export/redact/redact_bundle.ts";
import { type ShardRecord, writeShards } from "../../support/bundles/shards.ts";
import { inFolderAsync, namesIn } from "../../support/cli.ts";
import { textsOf } from "./planted_bundle.ts";

const THREAD = "thread";
const TOKEN = `ghp_${"aB3dE6gH9".repeat(4)}`;

interface Ref {
  raw_payload_id: string;
  kind: { type: string };
  shard: number;
  capture?: object;
  parts?: Ref[];
}

function ref(id: string, more: Partial<Ref> = {}): Ref {
  const kind = { type: "protocol_event" };
  return { raw_payload_id: id, kind, shard: 1, ...more };
}

/** Writes a bundle of schema 3 with an event for each payload, of one shard. */
function putBundle(
  folder: string,
  refs: readonly Ref[],
  records: readonly ShardRecord[],
  sealed = true,
): void {
  Deno.mkdirSync(join(folder, "payloads"), { recursive: true });
  Deno.writeTextFileSync(
    join(folder, "manifest.json"),
    JSON.stringify({
      schema_version: 3,
      trace_id: "trace",
      rollout_id: THREAD,
      root_thread_id: THREAD,
      started_at_unix_ms: 1,
      raw_event_log: "trace.jsonl",
      payloads_dir: "payloads",
    }),
  );
  const payloads = [
    { type: "rollout_started", trace_id: "trace", root_thread_id: THREAD },
    ...refs.map((event_payload) => ({
      type: "protocol_event_observed",
      event_type: "warning",
      event_payload,
    })),
  ];
  const lines = payloads.map((payload, at) =>
    JSON.stringify({
      schema_version: 3,
      seq: at + 1,
      wall_time_unix_ms: at,
      rollout_id: THREAD,
      thread_id: null,
      codex_turn_id: null,
      payload,
    })
  );
  Deno.writeTextFileSync(join(folder, "trace.jsonl"), `${lines.join("\n")}\n`);
  writeShards(folder, [[1, records, { sealed }]]);
}

/** Redacts a bundle, and returns the texts of the copy. */
async function textsAfter(
  refs: readonly Ref[],
  records: readonly ShardRecord[],
  see: (copy: string) => void = () => {},
  sealed = true,
): Promise<string> {
  let texts = "";
  await inFolderAsync(async (folder) => {
    const [source, copy] = [join(folder, "source"), join(folder, "copy")];
    putBundle(source, refs, records, sealed);
    const before = checkBundle(source).findings.map(({ code }) => code);
    const { receipt } = await redactBundle(source, copy);
    assertEquals(receipt.second_scan?.left_over, []);
    assertEquals(checkBundle(copy).findings.map(({ code }) => code), before);
    texts = [...textsOf(copy).values()].join("\n");
    see(copy);
  });
  return texts;
}

Deno.test("a value that begins in a fragment and ends in a part is replaced in both", async () => {
  const part = ref("p:1");
  const texts = await textsAfter(
    [part, ref("p:2", { parts: [part] })],
    [
      { id: "p:1", data: "2345234523452345" },
      { id: "p:2", data: JSON.stringify(['{"note":"AKIA', ' x"}']) },
    ],
  );
  assert(!texts.includes("23452345"), texts);
  assert(texts.includes("[secret:aws-access-key:1]"), texts);
});

Deno.test("a part is the value of the key before it", async () => {
  const part = ref("p:1");
  const texts = await textsAfter(
    [part, ref("p:2", { parts: [part] })],
    [
      { id: "p:1", data: '"hunter2-Zq9!x"' },
      { id: "p:2", data: JSON.stringify(['{"password":', "}"]) },
    ],
  );
  assert(!texts.includes("hunter2"), texts);
});

Deno.test("the start of a value is replaced where a text was truncated inside it", async () => {
  const cut = TOKEN.slice(0, 20);
  const texts = await textsAfter(
    [ref("p:1"), ref("p:2")],
    [
      { id: "p:1", data: JSON.stringify({ text: `it is ${TOKEN}` }) },
      {
        id: "p:2",
        data: JSON.stringify({ text: `it is ${cut}`, preview: `${cut}...` }),
      },
    ],
  );
  assert(!texts.includes(TOKEN.slice(0, 12)), texts);
});

Deno.test("a truncated payload keeps its length, and an open shard stays open", async () => {
  const data = `{"a":"${TOKEN}","b":"${TOKEN}","c":"tr`;
  const capture = {
    status: "truncated",
    original_bytes: 1000,
    retained_bytes: data.length,
  };
  for (const sealed of [true, false]) {
    const texts = await textsAfter(
      [ref("p:1", { capture })],
      [{ id: "p:1", data }],
      (copy) => {
        const file = Deno.readFileSync(join(copy, "payloads", "000001.zst"));
        const records = readShard(file, 1e6);
        assertEquals(records.isSealed, sealed);
        assertEquals(records.find("p:1")?.length, data.length);
      },
      sealed,
    );
    assert(!texts.includes(TOKEN.slice(0, 20)), texts);
  }
});

Deno.test("a record that is larger than a payload may be is refused, and so is what parts make", async () => {
  const part = ref("p:1");
  const open = { id: "p:1", data: "1".repeat(600) };
  const fragments = ['{"a":"', ...Array(7).fill(""), '"}'];
  const composed = ref("p:2", { parts: fragments.slice(1).map(() => part) });
  const bundles: readonly [string, Ref[], ShardRecord[]][] = [
    ["one record", [part], [
      { id: "p:1", data: `{"a":"${"b".repeat(2000)}"}` },
    ]],
    ["composed", [part, composed], [
      open,
      { id: "p:2", data: JSON.stringify(fragments) },
    ]],
  ];
  for (const [name, refs, records] of bundles) {
    await inFolderAsync(async (folder) => {
      const [source, copy] = [join(folder, "source"), join(folder, "copy")];
      putBundle(source, refs, records);
      const limits = { payload: 1500 };
      const error = await assertRejects(
        () => redactBundle(source, copy, { limits }),
        LimitError,
        "payload=1500",
        name,
      );
      assertEquals(error.limit, "payload");
      assertEquals(namesIn(folder), ["source"]);
    });
  }
});

Deno.test("a shard is copied of which a record has a part in a shard that is missing", async () => {
  await inFolderAsync(async (folder) => {
    const [source, copy] = [join(folder, "source"), join(folder, "copy")];
    const part = ref("raw_payload:3", { shard: 2 });
    putBundle(
      source,
      [ref("raw_payload:1", { parts: [part] }), ref("raw_payload:2")],
      [
        { id: "raw_payload:1", data: JSON.stringify(['{"token":', "}"]) },
        { id: "raw_payload:2", data: JSON.stringify({ text: `see ${TOKEN}` }) },
      ],
    );
    const { isWritten, receipt } = await redactBundle(source, copy);
    assert(isWritten);
    assertEquals(receipt.not_copied, []);
    const path = join(copy, "payloads/000001.zst");
    assertEquals(
      textsOf(copy).get(`${path}#raw_payload:2`),
      JSON.stringify({ text: "see [secret:github-token:1]" }),
    );
  });
});
