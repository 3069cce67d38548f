/**
 * Payloads in shards: records that are missing, cut or contradict their references, and shards
 * that cannot be read.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { checkBundle } from "../../../lib/check/check.ts";
import { ReplayError } from "../../../lib/errors.ts";
import type { PayloadCapture } from "../../../lib/format/payload.ts";
import {
  OMITTED,
  omittedRef,
  payloadFault,
  ShardBundle,
  shardRefTo,
} from "./shard_bundle.ts";
import { shardBytes, type ShardForm } from "../../support/bundles/shards.ts";

const FILE = "payloads/000001.zst";

function truncated(
  original_bytes: number | bigint,
  retained_bytes: number | bigint,
): PayloadCapture {
  return { status: "truncated", original_bytes, retained_bytes };
}

/** A bundle with one payload that only the final check reads. */
function observed(
  data: string | Uint8Array,
  keys: object = {},
): ShardBundle {
  const bundle = new ShardBundle();
  return bundle.observe(bundle.put("p", data, keys));
}

/** The code that a strict replay, a tolerant one and a check report; null for none. */
function codeOf(bundle: ShardBundle): string | null {
  let strict: string | null = null;
  try {
    bundle.replay();
  } catch (error) {
    assert(error instanceof Error && "code" in error, `${error}`);
    strict = `${error.code}`;
  }
  const { diagnostics } = bundle.tolerate();
  const found = diagnostics.map(({ code }) => `${code}`);
  assertEquals(found[0] ?? null, strict);
  const report = bundle.inFolder((dir) => checkBundle(dir));
  assertEquals(report.reduction.refused_by?.code ?? null, strict);
  return strict;
}

Deno.test("a record is found by its id, whatever else is in its shard", () => {
  const bundle = new ShardBundle();
  const refs = ["", "p", "P", "p\0", "é", "\ud83d\ude00", "\ufeff", "\ufeffp"]
    .map((id) => bundle.put(id, JSON.stringify(`record of ${id}`)));
  bundle.put("unnamed", new Uint8Array([0xff, 0x00]));
  bundle.observe(...refs).completion().replay();
  bundle.read((payloads) => {
    for (const ref of refs) {
      const { value } = payloads.open(ref);
      assertEquals(value, `record of ${ref.raw_payload_id}`);
    }
  });
});

Deno.test("the same id in two shards is two records", () => {
  const bundle = new ShardBundle();
  const first = bundle.put("p", "1", { shard: 1 });
  const second = bundle.put("p", "2", { shard: 2 });
  bundle.read((payloads) => {
    assertEquals(payloads.open(first).value, 1);
    assertEquals(payloads.open(second).value, 2);
  });
});

Deno.test("a shard may have any number of 64 bits", () => {
  for (const shard of [0, 7, 999_999, 1_000_000, 2 ** 53, 2n ** 64n - 1n]) {
    const bundle = new ShardBundle();
    const ref = bundle.put("p", "1", { shard });
    const value = bundle.read((payloads) => payloads.open(ref).value);
    assertEquals(value, 1, `${shard}`);
  }
});

Deno.test("a record that is not there is missing", () => {
  const bundle = new ShardBundle();
  bundle.put("q", "1");
  bundle.observe(shardRefTo("p"));
  assertEquals(codeOf(bundle), "payload_missing");
  assertEquals(payloadFault(() => bundle.replay()), [
    "payload_missing",
    "p",
    FILE,
  ]);
});

Deno.test("a shard that is not there cannot be read", () => {
  const bundle = new ShardBundle().observe(shardRefTo("p", { shard: 5 }));
  assertEquals(payloadFault(() => bundle.replay()), [
    "payload_unreadable",
    "p",
    "payloads/000005.zst",
  ]);
  assertEquals(codeOf(bundle), "payload_unreadable");
});

Deno.test("faults are reported in the order of shards, then of ids", () => {
  const bundle = new ShardBundle();
  bundle.put("q", "1", { shard: 10 });
  bundle.put("q", "1", { shard: 9 });
  bundle.observe(
    shardRefTo("b", { shard: 10 }),
    shardRefTo("z", { shard: 9 }),
    shardRefTo("é", { shard: 9 }),
    shardRefTo("nowhere", { shard: null }),
    shardRefTo("a", { shard: 10 }),
  );
  const { diagnostics } = bundle.tolerate();
  assertEquals(diagnostics.map(({ ids }) => ids["raw_payload_id"]), [
    "nowhere",
    "z",
    "é",
    "a",
    "b",
  ]);
});

const CAPTURES: readonly (readonly [
  what: string,
  data: string | Uint8Array,
  capture: PayloadCapture,
  code: string | null,
])[] = [
  ["cut JSON", '{"a":[', truncated(9, 6), null],
  [
    "bytes that are not UTF-8",
    new Uint8Array([0xe2, 0x82]),
    truncated(3, 2),
    null,
  ],
  ["nothing", "", truncated(1, 0), null],
  ["as a bigint", "ab", truncated(2n ** 64n - 1n, 2), null],
  ["fewer bytes", '"a', truncated(9, 3), "payload_capture_mismatch"],
  ["more bytes", '"abc', truncated(9, 3), "payload_capture_mismatch"],
  ["all of it", '"abc"', truncated(5, 5), "payload_capture_mismatch"],
  ["more than all", '"abc"', truncated(4, 5), "payload_capture_mismatch"],
  [
    "a length beyond 2^53",
    "",
    truncated(2n ** 64n - 1n, 2n ** 64n - 2n),
    "payload_capture_mismatch",
  ],
  ["an omitted one", "1", OMITTED, "payload_capture_mismatch"],
];

for (const [what, data, capture, code] of CAPTURES) {
  Deno.test(`a payload that was captured in part: ${what}`, () => {
    assertEquals(codeOf(observed(data, { capture })), code);
  });
}

Deno.test("an omitted payload has no shard, and any other has one", () => {
  const omitted = new ShardBundle().observe(omittedRef("p"));
  assertEquals(codeOf(omitted), null);
  assertEquals(omitted.replay().recording_status, "unclosed");
  assertEquals(
    omitted.completion().replay().recording_status,
    "closed_with_partial_payloads",
  );
  for (const keys of [{ capture: truncated(9, 3) }, {}]) {
    const { shard: _, ...ref } = shardRefTo("p", keys);
    for (const unstored of [ref, { ...ref, shard: null }]) {
      const bundle = new ShardBundle().observe(unstored);
      assertEquals(codeOf(bundle), "payload_capture_mismatch");
    }
  }
});

Deno.test("a payload that was not kept is not opened", () => {
  const bundle = new ShardBundle();
  const cut = bundle.put("cut", '{"a', { capture: truncated(9, 3) });
  bundle.read((payloads) => {
    for (const ref of [cut, omittedRef("left out")]) {
      const [code, id] = payloadFault(() => payloads.open(ref));
      assertEquals([code, id], ["payload_not_recorded", ref.raw_payload_id]);
      const [again] = payloadFault(() => payloads.openRequest(ref, "thread"));
      assertEquals(again, "payload_not_recorded");
    }
    const [code] = payloadFault(() => payloads.bytes(omittedRef("left out")));
    assertEquals(code, "payload_not_recorded");
    const text = new TextDecoder().decode(payloads.bytes(cut));
    assertEquals([text, payloads.size(cut)], ['{"a', 3]);
  });
});

const NOT_JSON: Readonly<Record<string, string | Uint8Array>> = {
  "not UTF-8": new Uint8Array([0x22, 0xff, 0x22]),
  "a byte order mark": '\ufeff"a"',
  "empty": "",
  "two values": "1 2",
  "a lone surrogate": '{"a":"\\ud800"',
  "cut": '{"a":',
};

for (const [what, data] of Object.entries(NOT_JSON)) {
  Deno.test(`a record that is no JSON value: ${what}`, () => {
    const bundle = observed(data);
    assertEquals(codeOf(bundle), "payload_not_json");
    assertEquals(payloadFault(() => bundle.replay()), [
      "payload_not_json",
      "p",
      FILE,
    ]);
  });
}

Deno.test("an open shard is enough until the recording is completed", () => {
  const open = observed("1");
  open.shard(1).form = { sealed: false };
  assertEquals(codeOf(open), null);
  open.completion();
  assertEquals(codeOf(open), "shard_not_sealed");
  open.shard(1).form = {};
  assertEquals(codeOf(open), null);
});

Deno.test("only the shards that payloads are read from must be sealed", () => {
  const bundle = observed("1");
  bundle.put("unnamed", "1", { shard: 2 });
  bundle.shard(2).form = { sealed: false };
  bundle.observe(omittedRef("left out"));
  assertEquals(codeOf(bundle.completion()), null);
});

Deno.test("a truncated payload needs a sealed shard as any other", () => {
  const bundle = observed('"a', { capture: truncated(9, 2) }).completion();
  bundle.shard(1).form = { sealed: false };
  assertEquals(codeOf(bundle), "shard_not_sealed");
});

/** Shards that cannot be read, by what is wrong with them. */
const MALFORMED: Readonly<Record<string, () => Uint8Array>> = {
  "no zstd": () => new TextEncoder().encode('{"a":1}'),
  "text after the last frame": () => {
    const bytes = shardBytes([{ id: "p", data: "1" }]);
    return Uint8Array.from([...bytes, 0x0a]);
  },
  "a wrong checksum": () => {
    const bytes = shardBytes([{ id: "p", data: "1" }]);
    const last = bytes.length - 1;
    bytes[last] = (bytes[last] ?? 0) ^ 1;
    return bytes;
  },
  "one id twice": () =>
    shardBytes([
      { id: "p", data: "1" },
      { id: "q", data: "1" },
      { id: "q", data: "1" },
    ]),
  "an id that is not UTF-8": () =>
    shardBytes([
      { id: "p", data: "1" },
      { id: Uint8Array.of(0xff), data: "1" },
    ]),
  "part of a record at its end": () =>
    shardBytes([{ id: "p", data: "1" }], { tail: Uint8Array.of(1, 0, 9) }),
  "a record that claims 2^64 - 1 bytes": () =>
    shardBytes([{ id: "p", data: "1" }], {
      tail: Uint8Array.of(1, 0, ...Array(8).fill(0xff), 0x71),
    }),
};

for (const [what, bytes] of Object.entries(MALFORMED)) {
  Deno.test(`a shard that is malformed: ${what}`, () => {
    const bundle = new ShardBundle().observe(shardRefTo("p"), shardRefTo("r"));
    const write = (dir: string) => {
      Deno.mkdirSync(`${dir}/payloads`, { recursive: true });
      Deno.writeFileSync(`${dir}/${FILE}`, bytes());
      return dir;
    };
    bundle.inFolder((dir) => {
      const { findings, reduction } = checkBundle(write(dir));
      assertEquals(reduction.refused_by?.code, "shard_malformed");
      // It is a fault of every payload in it.
      const malformed = findings.filter(({ code }) =>
        code === "shard_malformed"
      );
      assertEquals(malformed.map(({ ids }) => ids["raw_payload_id"]), [
        "p",
        "r",
      ]);
    });
  });
}

Deno.test("part of a record at the end of an open shard is ignored", () => {
  const bundle = observed("1");
  const form: ShardForm = { sealed: false, tail: Uint8Array.of(1, 0, 9) };
  bundle.shard(1).form = form;
  assertEquals(codeOf(bundle), null);
});

Deno.test("a shard in any number of frames is read", () => {
  for (const form of [{ frames: 5 }, { frames: 3, skippable: true }]) {
    const bundle = observed(JSON.stringify("x".repeat(1000)));
    bundle.shard(1).form = form;
    assertEquals(codeOf(bundle.completion()), null);
  }
});

Deno.test("a payload that an event needs is refused with the event", () => {
  const bundle = new ShardBundle();
  const data = JSON.stringify({ input: [] });
  bundle.event({
    type: "inference_started",
    inference_call_id: "i",
    thread_id: "00000000-0000-0000-0000-00000000000a",
    codex_turn_id: "turn",
    model: "m",
    provider_name: "p",
    request_payload: bundle.put("r", data.slice(0, -1), {
      kind: { type: "inference_request" },
    }),
    prepared_prompt_payload: bundle.put("q", "{}", {
      kind: { type: "prepared_prompt" },
    }),
  });
  const error = assertThrows(() => bundle.replay(), ReplayError);
  assertEquals([error.code, error.line], ["payload_error", 3]);
  assertEquals(payloadFault(() => bundle.replay()), [
    "payload_not_json",
    "r",
    FILE,
  ]);
});

const KEYS = { kind: { type: "tool_result" } } as const;

Deno.test("references to one payload must agree in everything that is known", () => {
  const bundle = new ShardBundle();
  const part = bundle.put("part", "1");
  const ref = bundle.compose("p", ["[", "]"], [part]);
  const { parts: _, ...bare } = ref;
  const same = [
    { ...ref, capture: { status: "complete" }, unknown: [1] },
    { ...ref, parts: [{ ...part, parts: [], path: "x" }] },
  ];
  bundle.observe(ref, ...same, part);
  assertEquals(codeOf(bundle.completion()), null);
  const different: object[] = [
    bare,
    { ...ref, ...KEYS },
    { ...ref, shard: 2 },
    { ...ref, shard: null, capture: OMITTED },
    { ...ref, capture: truncated(9, 3) },
    { ...ref, parts: [] },
    { ...ref, parts: [part, part] },
    { ...ref, parts: [{ ...part, ...KEYS }] },
    { ...ref, parts: [{ ...part, parts: [shardRefTo("x")] }] },
  ];
  for (const other of different) {
    const conflicting = new ShardBundle();
    conflicting.put("part", "1");
    conflicting.compose("p", ["[", "]"], [part]);
    conflicting.observe(ref, other);
    const error = assertThrows(() => conflicting.replay(), ReplayError);
    assertEquals(error.code, "conflicting_payload", JSON.stringify(other));
    // The event is skipped completely: none of its references counts.
    const { trace, diagnostics } = conflicting.tolerate();
    assertEquals(diagnostics.map(({ code }) => code), ["conflicting_payload"]);
    assertEquals([...trace.raw_payloads.keys()].sort(), ["p", "part"]);
    assertEquals(trace.raw_payloads.get("p"), ref);
  }
});
