/**
 * Event lines of random shapes: the quick way of decoding and the exact one never disagree, and
 * never fail otherwise than in words of their own.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import fc from "../support/random_seed.ts";
import { DecodeError } from "../../lib/format/decode/decode.ts";
import type { DecodedLine } from "../../lib/format/events/event_decoder.ts";
import { V3_EVENTS } from "../../lib/schema/v3.ts";
import { decoderOf, SCHEMA_NUMBERS } from "./event_decoders.ts";
import { REF } from "./event_lines.ts";

const RUNS = 1500;

/** A reference that is one in every schema. */
const SHARD_REF = REF.replace(
  "{",
  '{"shard":1,"capture":{"status":"truncated","original_bytes":9,' +
    `"retained_bytes":5},"parts":[${REF.replace("{", '{"shard":null,')}],`,
);

/** What a sound line has under a key, as JSON text. */
function usual(key: string): string {
  if (key === "payloads") return `[${SHARD_REF}]`;
  if (/payload$/.test(key)) return SHARD_REF;
  switch (key) {
    case "kind":
      return '{"type":"mcp","server":"s","tool":"t"}';
    case "requester":
      return '{"type":"code_cell","runtime_cell_id":"1"}';
    case "summary":
      return '{"type":"generic","label":"l","input_preview":null}';
    case "status":
      return '"completed"';
    case "stripped_tool_output_ids":
      return '[[3,"id"]]';
    case "metadata":
      return '{"a":[1.50,{"b":"\\u0041"}]}';
    default:
      return `"${key}-1"`;
  }
}

const ATOMS: readonly string[] = [
  ..."null true false 0 -0 1 1.0 1e3 -1 01 1e400 +1 NaN".split(" "),
  ..."4294967296 9007199254740993 18446744073709551615".split(" "),
  ..."18446744073709551616 9223372036854775808".split(" "),
  ...['""', '"a"', '"\\u0061"', '"\\ud83d"', '"\\ud83d\\ude00"', '"\t"'],
  ...['"completed"', '"running"', '"__proto__"', '"\u2028"', '"\\/"', "'a'"],
  ...['{"type":"model"}', '{"type":"web","value":null}', '{"type":1}', REF],
];
const KEYS: readonly string[] = [
  ..."type seq value path kind raw_payload_id payload thread_id".split(" "),
  ..."shard capture parts original_bytes".split(" "),
  ..."__proto__ constructor toString unknown status".split(" "),
];

const space = fc.constantFrom("", "", "", "", " ", "\t", "  ");
const key = fc.constantFrom(...KEYS);
const value = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(...ATOMS),
    fc.array(tie("any"), { maxLength: 3 }).map((list) => `[${list.join(",")}]`),
    fc.array(fc.tuple(space, key, space, tie("any")), { maxLength: 3 })
      .map((members) => {
        const texts = members.map(([a, k, b, v]) => `${a}"${k}"${b}:${a}${v}`);
        return `{${texts.join(",")}}`;
      }),
  ),
})).any;

/** What becomes of the members of an object. */
const edits = fc.array(
  fc.record({
    at: fc.nat(40),
    how: fc.constantFrom("drop", "double", "add", "set", "swap", "respell"),
    key,
    value,
  }),
  { maxLength: 2 },
);
type Edit = typeof edits extends fc.Arbitrary<(infer E)[]> ? E : never;
type Member = readonly [key: string, text: string];

function edited(
  members: readonly Member[],
  changes: readonly Edit[],
): Member[] {
  const result = [...members];
  for (const { at, how, key, value } of changes) {
    const i = at % Math.max(1, result.length);
    const member = result[i];
    if (how === "add") result.splice(i, 0, [key, value]);
    if (member === undefined) continue;
    const [name, text] = member;
    if (how === "drop") result.splice(i, 1);
    if (how === "double") result.push([name, at % 2 === 0 ? text : value]);
    if (how === "set") result[i] = [name, value];
    if (how === "swap") result.push(...result.splice(i, 1));
    if (how === "respell") result[i] = [escapedKey(name), text];
  }
  return result;
}

/** The key as JSON source that spells its first character out. */
function escapedKey(name: string): string {
  const code = name.charCodeAt(0).toString(16).padStart(4, "0");
  return name === "" ? name : `\\u${code}${name.slice(1)}`;
}

function objectText(members: readonly Member[]): string {
  return `{${members.map(([k, v]) => `"${k}":${v}`).join(",")}}`;
}

const line = fc.record({
  type: fc.constantFrom(...Object.keys(V3_EVENTS)),
  inside: edits,
  around: edits,
  end: fc.constantFrom("", "", "", "", " ", "\r", "x", "\0", "{}"),
  cut: fc.oneof(
    { weight: 12, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  ),
}).map(({ type, inside, around, end, cut }) => {
  const fields = Object.keys(V3_EVENTS[type]?.fields ?? {})
    .map((k): Member => [k, usual(k)]);
  const payload = edited([["type", `"${type}"`], ...fields], inside);
  const envelope: Member[] = [
    ["schema_version", "2"],
    ["seq", "1"],
    ["wall_time_unix_ms", "5"],
    ["rollout_id", '"r"'],
    ["thread_id", "null"],
    ["codex_turn_id", '"U"'],
    ["payload", objectText(payload)],
  ];
  const text = objectText(edited(envelope, around)) + end;
  return cut === null ? text : text.slice(0, Math.floor(cut * text.length));
});

/** What a line decodes to; nothing when it is refused, for whichever of its faults. */
function decoded(decode: () => DecodedLine): DecodedLine | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

for (const schema of SCHEMA_NUMBERS) {
  Deno.test(`EventDecoder.decode() and .decodeExactly() agree on lines of any shape, schema ${schema}`, () => {
    const decoder = decoderOf(schema);
    const counts = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(line, (text) => {
        const quick = decoded(() => decoder.decode(text));
        assertEquals(quick, decoded(() => decoder.decodeExactly(text)));
        if (quick === undefined) counts.refused++;
        else counts.accepted++;
      }),
      { numRuns: RUNS },
    );
    assert(counts.accepted > RUNS / 20, JSON.stringify(counts));
    assert(counts.refused > RUNS / 20, JSON.stringify(counts));
  });
}
