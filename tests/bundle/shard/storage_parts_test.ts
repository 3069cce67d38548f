/**
 * Payloads that are put together from parts: how deep, how many, how large, and how unusual they may
 * be.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { limitsWith } from "../../../lib/bundle/limits.ts";
import { checkBundle } from "../../../lib/check/check.ts";
import {
  BundleFormatError,
  LimitError,
  PayloadError,
  ReplayError,
} from "../../../lib/errors.ts";
import type { RawPayloadRef } from "../../../lib/format/payload.ts";
import {
  omittedRef,
  payloadFault,
  type RefKeys,
  replayTolerantly,
  ShardBundle,
} from "./shard_bundle.ts";
import { memoryTaken, startWork } from "../../support/work_cost.ts";
import { slowTest } from "../../support/cases.ts";

const FILE = "payloads/000001.zst";
const MEGABYTE = 1024 * 1024;

/** The code of the fault that a strict replay ends with; null when it does not. */
function codeOf(bundle: ShardBundle): string | null {
  return bundle.inFolder((dir) => {
    const { reduction } = checkBundle(dir);
    const code = reduction.refused_by?.code ?? null;
    if (code === null) bundle.replay();
    else assertThrows(() => bundle.replay());
    assertEquals(replayTolerantly(dir).diagnostics[0]?.code ?? null, code);
    return code;
  });
}

/** The text that a payload is put together to. */
function textOf(bundle: ShardBundle, ref: RawPayloadRef): string {
  return bundle.read((payloads) =>
    new TextDecoder().decode(payloads.bytes(ref))
  );
}

/** A payload whose parts nest `depth` deep, each an array with the next one. */
function nested(bundle: ShardBundle, depth: number): RawPayloadRef {
  let ref = bundle.put("p0", '"innermost"');
  for (let n = 1; n <= depth; n++) {
    ref = bundle.compose(`p${n}`, ["[", `,${n}]`], [ref]);
  }
  return ref;
}

Deno.test("a payload is put together from the texts of its parts", () => {
  const bundle = new ShardBundle();
  const one = bundle.put("one", ' {"a": 1.50} ', { shard: 3 });
  const two = bundle.compose("two", ["[", ", ", "]"], [one, one], { shard: 2 });
  const ref = bundle.compose("p", ['{"x":', ',"y":', "}"], [two, one]);
  const inner = ' {"a": 1.50} ';
  const text = `{"x":[${inner}, ${inner}],"y":${inner}}`;
  assertEquals(textOf(bundle, ref), text);
  bundle.read((payloads) => {
    assertEquals(payloads.open(ref).source(), text);
    const record = new TextDecoder().decode(payloads.recordBytes(ref));
    assertEquals(record, JSON.stringify(['{"x":', ',"y":', "}"]));
    assertEquals(payloads.size(ref), text.length);
    assertEquals(payloads.fileOf(ref), FILE);
  });
  assertEquals(codeOf(bundle.observe(ref).completion()), null);
});

Deno.test("a missing part is put in as a marker that names it", () => {
  const bundle = new ShardBundle();
  const id = 'a "quoted"\\\u0000\u001f\u007f\u2028é';
  const ref = bundle.compose("p", ["[", ",", "]"], [
    omittedRef(id),
    bundle.put("cut", "{", {
      capture: { status: "truncated", original_bytes: 9, retained_bytes: 1 },
    }),
  ]);
  assertEquals(
    textOf(bundle, ref),
    `[{"$trace_unavailable":${
      JSON.stringify(id)
    }},{"$trace_unavailable":"cut"}]`,
  );
  assertEquals(codeOf(bundle.observe(ref).completion()), null);
});

Deno.test("the parts of a missing part do not matter", () => {
  const bundle = new ShardBundle();
  const hidden = bundle.put("hidden", "1");
  const part = { ...omittedRef("part"), parts: [hidden] };
  const ref = bundle.compose("p", ["[", "]"], [part]);
  assertEquals(textOf(bundle, ref), '[{"$trace_unavailable":"part"}]');
  assertEquals(codeOf(bundle.observe(ref)), null);
});

Deno.test("parts nest as deep as an event may nest", () => {
  const bundle = new ShardBundle();
  const ref = nested(bundle, 60);
  bundle.observe(ref).completion();
  assertEquals(codeOf(bundle), null);
  assertEquals(bundle.replay().raw_payloads.size, 61);
  // An event may nest to 127, as any text that is interpreted.
  const deeper = new ShardBundle();
  deeper.observe(nested(deeper, 100));
  const error = assertThrows(() => deeper.replay(), BundleFormatError);
  assertEquals(error.line, 3);
});

Deno.test("parts nested 100 and 2000 deep are put together", () => {
  for (const depth of [100, 2000]) {
    const bundle = new ShardBundle();
    const ref = nested(bundle, depth);
    const numbers = Array.from({ length: depth }, (_, i) => `,${i + 1}]`);
    const text = `${"[".repeat(depth)}"innermost"${numbers.join("")}`;
    assertEquals(textOf(bundle, ref), text);
    // What is only checked may nest deeper than what is interpreted.
    bundle.read((payloads) => payloads.verify(ref));
    bundle.read((payloads) => {
      if (depth < 127) return assert(Array.isArray(payloads.open(ref).value));
      const [code] = payloadFault(() => payloads.open(ref));
      assertEquals(code, "payload_not_json");
    });
  }
});

slowTest("a payload of 100,000 parts is put together in time", () => {
  const bundle = new ShardBundle();
  const parts = Array.from(
    { length: 100_000 },
    (_, n) => bundle.put(`part:${n}`, `${n}`),
  );
  const fragments = ["[", ...parts.slice(1).map(() => ","), "]"];
  const ref = bundle.compose("p", fragments, parts);
  bundle.observe(ref).completion();
  const worked = startWork();
  const trace = bundle.replay();
  assertEquals(trace.raw_payloads.size, 100_001);
  assertEquals(textOf(bundle, ref).length, 588_891);
  assert(worked() < 20_000);
});

slowTest(
  "a part in 100,000 places counts as often, before memory is taken",
  () => {
    const bundle = new ShardBundle();
    const part = bundle.put("part", JSON.stringify("x".repeat(MEGABYTE)));
    const parts: RawPayloadRef[] = Array(100_000).fill(part);
    const fragments = ["[", ...parts.slice(1).map(() => ","), "]"];
    const ref = bundle.compose("p", fragments, parts);
    bundle.read((payloads) => {
      const before = memoryTaken();
      const worked = startWork();
      const [code, id, file] = payloadFault(() => payloads.open(ref));
      assertEquals([code, id, file], ["payload_over_limit", "p", FILE]);
      const grown = memoryTaken() - before;
      assert(grown < 400 * MEGABYTE, `${grown / MEGABYTE} MiB`);
      assert(worked() < 10_000);
    });
    // The final check does not need the complete text.
    assertEquals(codeOf(bundle.observe(ref).completion()), null);
    const limited = bundle.read(
      (payloads) => payloadFault(() => payloads.open(ref))[0],
      { limits: limitsWith({ payload: 2 * MEGABYTE }) },
    );
    assertEquals(limited, "payload_over_limit");
  },
);

Deno.test("a text that the final check has to put together counts as well", () => {
  const bundle = new ShardBundle();
  const part = bundle.put("part", JSON.stringify("x".repeat(MEGABYTE)));
  const parts: RawPayloadRef[] = Array(100_000).fill(part);
  // Inside a string, so that the fragments alone do not answer.
  const fragments = ['"', ...parts.slice(1).map(() => ","), '"'];
  bundle.observe(bundle.compose("p", fragments, parts)).completion();
  const before = memoryTaken();
  const error = assertThrows(() => bundle.replay(), PayloadError);
  assertEquals([error.code, error.rawPayloadId], ["payload_over_limit", "p"]);
  assert(error.cause instanceof LimitError);
  assertEquals(error.cause.limit, "payload");
  assert(memoryTaken() - before < 600 * MEGABYTE);
});

Deno.test("a ring of parts is a conflict of references", () => {
  const bundle = new ShardBundle();
  const ends = bundle.compose("a", ["[", "]"], []);
  const { parts: _, ...a } = ends;
  const b = bundle.compose("b", ["[", "]"], [a]);
  for (
    const ring of [{ ...a, parts: [b] }, {
      ...b,
      parts: [{ ...a, parts: [b] }],
    }]
  ) {
    const ringed = new ShardBundle().observe(ring);
    const error = assertThrows(() => ringed.replay(), ReplayError);
    assertEquals(error.code, "conflicting_payload");
    const { trace } = ringed.tolerate();
    assertEquals(trace.raw_payloads.size, 0);
  }
});

Deno.test("a payload that is a part of itself is a conflict of references", () => {
  const bundle = new ShardBundle();
  const { parts: _, ...self } = bundle.compose("a", ["[", "]"], []);
  bundle.observe({ ...self, parts: [self] });
  assertEquals(codeOf(bundle), "conflicting_payload");
});

Deno.test("every part counts against the limit on payloads", () => {
  const bundle = new ShardBundle();
  const parts = Array.from({ length: 20 }, (_, n) => bundle.put(`${n}`, "1"));
  const inner = bundle.compose(
    "inner",
    ["[", ...Array(19).fill(","), "]"],
    parts,
  );
  bundle.observe(bundle.compose("p", ["[", "]"], [inner])).completion();
  bundle.replay({ payloads: 22 });
  const error = assertThrows(() => bundle.replay({ payloads: 21 }), LimitError);
  assertEquals([error.limit, error.line], ["payloads", 3]);
});

/** Records of payloads with two parts that are no fragments. */
const NO_FRAGMENTS: Readonly<Record<string, string | Uint8Array>> = {
  "too few": '["[","]"]',
  "too many": '["[",",","]",""]',
  "none": "[]",
  "no list": '{"0":"[","1":",","2":"]"}',
  "a string": '"[,]"',
  "a number among them": '["[",1,"]"]',
  "null among them": '["[",null,"]"]',
  "a list among them": '["[",[","],"]"]',
  "a lone surrogate": '["[",",\\"\\ud800\\",","]"]',
  "no JSON": '["[",",","]"',
  "text behind": '["[",",","]"] x',
  "not UTF-8": Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d),
  "empty": "",
};

for (const [what, record] of Object.entries(NO_FRAGMENTS)) {
  Deno.test(`a payload with parts needs fragments: ${what}`, () => {
    const bundle = new ShardBundle();
    const part = bundle.put("part", "1");
    const ref = bundle.put("p", record, { parts: [part, part] });
    bundle.read((payloads) => {
      assertEquals(payloadFault(() => payloads.open(ref)), [
        "payload_not_json",
        "p",
        FILE,
      ]);
    });
    assertEquals(codeOf(bundle.observe(ref)), "payload_not_json");
    assertEquals(payloadFault(() => bundle.replay()), [
      "payload_not_json",
      "p",
      FILE,
    ]);
  });
}

/** Fragments around `1` and `"a"`: whether they make one JSON value. */
const COMPOSED: readonly (readonly [
  fragments: readonly [string, string, string],
  isJson: boolean,
])[] = [
  [["[", ",", "]"], true],
  [['{"a":', ',"b":', "}"], true],
  [[" [ ", "\n,", " ]\t"], true],
  // As a text, a part may be anything that fits.
  [["[1", "2,", "]"], true],
  [["[", "e3,", "]"], true],
  [["[-", ",", "]"], true],
  [['["', '",', "]"], true],
  [["[", ",{", ":2}]"], true],
  [['["\\u000', '",', "]"], true],
  [["[", ",[", "]]"], true],
  // And where it does not fit, it breaks what is around it.
  [["[", "", "]"], false],
  [["[", ',"', '"]'], false],
  [["[", ",", ""], false],
  [["", "", ""], false],
  [["{", ":", "}"], false],
  [["[", ",,", "]"], false],
  [["[", "]", ""], false],
  [['["\\', '",', "]"], false],
  [["[", '],"b":[', "]"], false],
];

for (const [fragments, isJson] of COMPOSED) {
  Deno.test(`fragments around 1 and "a": ${JSON.stringify(fragments)}`, () => {
    const text = `${fragments[0]}1${fragments[1]}"a"${fragments[2]}`;
    const parsed = () => JSON.parse(text);
    if (isJson) parsed();
    else assertThrows(parsed, SyntaxError);
    const bundle = new ShardBundle();
    const parts = [bundle.put("one", "1"), bundle.put("a", '"a"')];
    const ref = bundle.compose("p", fragments, parts);
    assertEquals(textOf(bundle, ref), text);
    assertEquals(
      codeOf(bundle.observe(ref)),
      isJson ? null : "payload_not_json",
    );
  });
}

Deno.test("a part must be a JSON value of its own, even where the composed value is one", () => {
  const bundle = new ShardBundle();
  const half = bundle.put("half", '"a"]');
  const ref = bundle.compose("p", ["[", ""], [half]);
  assertEquals(textOf(bundle, ref), '["a"]');
  bundle.observe(ref);
  assertEquals(payloadFault(() => bundle.replay()), [
    "payload_not_json",
    "half",
    FILE,
  ]);
});

/** Fragments around numbers, and whether they make one JSON value. */
const LIKE_A_LIST: readonly (readonly [
  fragments: readonly string[],
  isJson: boolean,
])[] = [
  [["[", ",", "]"], true],
  [["[", ",", ",", "]"], true],
  [["[", ",", ",", ",", "]"], true],
  [["[", "]"], true],
  [["[", ",", ", ", "]"], true],
  // The parts are numbers: without a comma they make one of more digits.
  [["[", ",", "", "]"], true],
  [["[", ",", ",,", "]"], false],
  [["[", ",", "],[", "]"], false],
  [["[", ";", "]"], false],
  [["[", ",", ";", "]"], false],
  [["{", ",", "]"], false],
  [["[", ",", "}"], false],
  [["[", ",", "]", "]"], false],
  [["[", "[", ",", "]"], false],
];

for (const [fragments, isJson] of LIKE_A_LIST) {
  Deno.test(`fragments like those of a list before: ${JSON.stringify(fragments)}`, () => {
    const bundle = new ShardBundle();
    const part = bundle.put("part", "1");
    const parts: RawPayloadRef[] = Array(fragments.length - 1).fill(part);
    // The first payload to be checked makes the list known.
    const known = bundle.compose("known", ["[", ",", "]"], [part, part]);
    const ref = bundle.compose("p", fragments, parts);
    bundle.observe(known, ref);
    assertEquals(codeOf(bundle), isJson ? null : "payload_not_json");
  });
}

Deno.test("a payload that was read in pieces is read again in one", () => {
  const bundle = new ShardBundle();
  const keys: RefKeys = { shard: 2 };
  const part = bundle.put("part", '{"n":1}', keys);
  const ref = bundle.compose("p", ["[", ",", "]"], [part, part]);
  bundle.read((payloads) => {
    for (let n = 0; n < 3; n++) {
      assertEquals(payloads.open(part).value, { n: 1 });
      assertEquals(payloads.open(ref).value, [{ n: 1 }, { n: 1 }]);
    }
  });
});
