import { assert, assertEquals } from "@std/assert";
import { allRefs } from "../../lib/format/events/payload_ref.ts";
import type { RawPayloadRef } from "../../lib/format/payload.ts";
import { V3_PAYLOAD_KINDS } from "../../lib/schema/v3.ts";
import {
  line,
  outcome,
  payloadOf,
  protocolEvent,
  refusal,
} from "./event_lines.ts";

/** A reference with these keys besides its id and kind. */
const ref = (rest: string) =>
  `{"raw_payload_id":"p","kind":{"type":"tool_result"}${rest}}`;
const PLAIN: RawPayloadRef = {
  raw_payload_id: "p",
  kind: { type: "tool_result" },
  shard: 1,
};

function decoded(text: string): RawPayloadRef {
  const payload = payloadOf(protocolEvent(text), 3);
  assert(payload.type === "protocol_event_observed");
  return payload.event_payload;
}

const refused = (text: string) => refusal(line(protocolEvent(text)), 3);

Deno.test("schema 3 reads the shard of a payload, and ignores its path", () => {
  assertEquals(decoded(ref(',"shard":1')), PLAIN);
  assertEquals(decoded(ref(',"path":5,"path":"x","shard":1')), PLAIN);
  for (const absent of ["", ',"shard":null']) {
    assertEquals(decoded(ref(absent)), { ...PLAIN, shard: null });
  }
  assertEquals(decoded(ref(',"shard":-0')).shard, 0);
  const wide = decoded(ref(',"shard":18446744073709551615')).shard;
  assertEquals(wide, 18446744073709551615n);
  for (const shard of ["-1", "1.0", "1e0", '"1"', "18446744073709551616"]) {
    assertEquals(
      refused(ref(`,"shard":${shard}`)),
      "payload.event_payload.shard: expected an integer (u64)",
    );
  }
  refused(ref(',"shard":1,"shard":1'));
});

Deno.test("schema 3 reads how much of a payload was kept", () => {
  const capture = (text: string) => decoded(ref(`,"capture":${text}`)).capture;
  const truncated = {
    status: "truncated",
    original_bytes: 9,
    retained_bytes: 5,
  } as const;
  const texts = [
    '{"status":"truncated","original_bytes":9,"retained_bytes":5}',
  ];
  texts.push('{"z":1,"retained_bytes":5,"status":1,"original_bytes":9}');
  texts.push('["truncated",9,5]', "[1,9,5]");
  for (const text of texts) assertEquals(capture(text), truncated);
  const omitted = { status: "omitted", original_bytes: 9 } as const;
  for (const text of ['{"status":"omitted","original_bytes":9}', "[2,9]"]) {
    assertEquals(capture(text), omitted);
  }
  for (const text of ['{"status":"complete","z":1,"z":2}', "[0]"]) {
    assertEquals(decoded(ref(`,"shard":1,"capture":${text}`)), PLAIN);
  }
});

Deno.test("schema 3 refuses a capture that lacks something", () => {
  const faults: [string, string][] = [
    ["null", "expected an object, found null"],
    ['"complete"', "expected an object, found a string"],
    ["{}", "status: key is missing"],
    ["[]", "status: key is missing"],
    ['{"status":"gone"}', 'status: unknown variant "gone"'],
    ['{"status":"omitted"}', "original_bytes: key is missing"],
    ['["truncated",9]', 'array ends before its "retained_bytes"'],
    ['["complete",9]', "array has more than 1 elements"],
    [
      '{"status":"omitted","original_bytes":9.0}',
      "original_bytes: expected an integer (u64)",
    ],
    [
      '{"status":"omitted","status":"omitted","original_bytes":9}',
      "status: key occurs more than once",
    ],
  ];
  for (const [text, fault] of faults) {
    const separator = /^[\w]+:/.test(fault) ? "." : ": ";
    assertEquals(
      refused(ref(`,"capture":${text}`)),
      `payload.event_payload.capture${separator}${fault}`,
    );
  }
});

Deno.test("schema 3 reads parts, which are no references of the event itself", () => {
  const part = '["q",["model_item",null],2]';
  const nested = `["r",[1,null],null,["omitted",7],[${part},${part}]]`;
  const text = ref(`,"shard":1,"parts":[${part},${nested}]`);
  const q: RawPayloadRef = {
    raw_payload_id: "q",
    kind: { type: "model_item" },
    shard: 2,
  };
  const r: RawPayloadRef = {
    raw_payload_id: "r",
    kind: { type: "prepared_prompt" },
    shard: null,
    capture: { status: "omitted", original_bytes: 7 },
    parts: [q, q],
  };
  const full = { ...PLAIN, parts: [q, r] };
  const content = outcome(line(protocolEvent(text)), 3);
  assert(typeof content === "object");
  assertEquals(content.payloads, [full]);
  assertEquals([...allRefs(full)].map(({ raw_payload_id: id }) => id), [
    ..."prqqq",
  ]);
  assertEquals(decoded(ref(',"shard":1,"parts":[]')), PLAIN);
  for (const parts of ["null", "{}", "[null]", "[1]", `[["q"]]`]) {
    refused(ref(`,"parts":${parts}`));
  }
  refused(ref(',"parts":[],"parts":[]'));
});

Deno.test("schema 3 takes a reference as an array, which may end behind its shard", () => {
  const head = '"p",["tool_result",null]';
  for (const rest of ["1", '1,["complete"]', '1,["complete"],[]']) {
    assertEquals(decoded(`[${head},${rest}]`), PLAIN);
  }
  for (const rest of ["", ",1,null", ",1,[0],null", ",1,[0],[],1"]) {
    refused(`[${head}${rest}]`);
  }
});

Deno.test("schema 3 knows its payload kinds, by name and by place", () => {
  V3_PAYLOAD_KINDS.forEach((type, index) => {
    for (const kind of [`["${type}",null]`, `[${index},null]`]) {
      assertEquals(decoded(`["p",${kind},null]`).kind, { type });
    }
    assertEquals(
      decoded(`{"raw_payload_id":"p","kind":{"type":"${type}","value":null}}`),
      { raw_payload_id: "p", kind: { type }, shard: null },
    );
  });
  refused(`["p",[${V3_PAYLOAD_KINDS.length},null],null]`);
  refused('{"raw_payload_id":"p","kind":{"type":"model_item","value":1}}');
  refused('{"raw_payload_id":"p","kind":{"type":"nope"}}');
  refused('{"raw_payload_id":5,"kind":{"type":"model_item"}}');
  refusal(line(protocolEvent('["p",["model_item",null],"f"]')), 2);
});
