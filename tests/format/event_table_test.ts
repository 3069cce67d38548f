import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  DecodeError,
  required,
  string,
} from "../../lib/format/decode/decode.ts";
import type { RawPayloadRef } from "../../lib/format/payload.ts";
import {
  EventDecoder,
  UnknownEventTypeError,
} from "../../lib/format/events/event_decoder.ts";
import {
  describeEvent,
  none,
} from "../../lib/format/events/event_description.ts";
import { withEvents } from "../../lib/format/events/event_table.ts";
import { EVENTS } from "../../lib/format/events/events.ts";
import {
  allRefs,
  payloadRef,
  payloadsByKey,
  shardRef,
} from "../../lib/format/events/payload_ref.ts";
import { V1_EVENTS } from "../../lib/schema/v1.ts";
import { V2_EVENTS } from "../../lib/schema/v2.ts";
import { V3_EVENTS, V3_PAYLOAD_KINDS } from "../../lib/schema/v3.ts";
import { decoderOf, SCHEMA_NUMBERS } from "./event_decoders.ts";
import { line, payloadOf, refusal } from "./event_lines.ts";

Deno.test("every schema has its events in the order of the format", () => {
  const all = Object.keys(EVENTS);
  const addedInV2 = [
    "recording_completed",
    "thread_resumed",
    "history_item_accepted",
  ];
  const addedInV3 = ["code_cell_wait_target_resolved"];
  const inV2 = all.filter((type) => !addedInV3.includes(type));
  assertEquals(Object.keys(V3_EVENTS), all);
  assertEquals(Object.keys(V2_EVENTS), inV2);
  assertEquals(
    Object.keys(V1_EVENTS),
    inV2.filter((type) => !addedInV2.includes(type)),
  );
  for (const table of [V1_EVENTS, V2_EVENTS, V3_EVENTS]) {
    for (const [key, { type, fields, payloadKinds }] of Object.entries(table)) {
      assertEquals(type, key);
      const keys = Object.keys(fields);
      const places = Object.keys(payloadKinds).map((key) => keys.indexOf(key));
      assertEquals(places, places.toSorted((a, b) => a - b), type);
      assert(!places.includes(-1), type);
    }
  }
});

Deno.test("withEvents() adds, changes, replaces and removes events", () => {
  const { other } = EVENTS;
  const table = withEvents(V1_EVENTS, [
    { add: EVENTS.recording_completed, after: null },
    { add: EVENTS.thread_resumed, after: "rollout_ended" },
    { remove: "rollout_started" },
    { change: "rollout_ended", fields: { status: required(() => "failed") } },
    { replace: { ...other, lost: "everything" } },
  ]);
  assertEquals(Object.keys(table).slice(0, 3), [
    "recording_completed",
    "rollout_ended",
    "thread_resumed",
  ]);
  assertEquals(table["other"]?.lost, "everything");
  assertEquals(Object.keys(V1_EVENTS)[0], "rollout_started");
  const decoder = new EventDecoder(table, shardRef(V3_PAYLOAD_KINDS));
  const { event } = decoder.decode(line('["rollout_ended","completed"]'));
  assertEquals(event.payload, { type: "rollout_ended", status: "failed" });
  const faults = [
    { add: other, after: null },
    { add: EVENTS.thread_resumed, after: "nope" },
    { remove: "nope" },
    { replace: EVENTS.thread_resumed },
    { change: "thread_resumed", fields: {} },
  ] as const;
  for (const fault of faults) {
    assertThrows(() => withEvents(V1_EVENTS, [fault]), RangeError);
  }
});

Deno.test("a schema may add an event that the unions do not name", () => {
  interface ContextTrimmed {
    type: "context_trimmed";
    thread_id: string;
    trimmed_payload: RawPayloadRef;
  }
  const trimmed = describeEvent<ContextTrimmed>("context_trimmed", {
    fields: {
      thread_id: required(string),
      trimmed_payload: required(payloadRef),
    },
    payloadKinds: { trimmed_payload: ["compaction_checkpoint"] },
    subjects: (event) => [{ space: "thread", id: event.thread_id }],
    lifecycle: none,
    phase: undefined,
    lost: "what was trimmed",
  });
  const decoder = new EventDecoder(
    withEvents(V3_EVENTS, [{ add: trimmed, after: "other" }]),
    shardRef(V3_PAYLOAD_KINDS),
  );
  const text = line('["context_trimmed","T",["p",["tool_result",null],1]]');
  const decoded = decoder.decode(text);
  const ref = { raw_payload_id: "p", kind: { type: "tool_result" }, shard: 1 };
  const { event, payloads, meaning } = decoded;
  assertEquals(Object.values(event.payload), ["context_trimmed", "T", ref]);
  assertEquals(payloads.flatMap((each) => [...allRefs(each)]).length, 1);
  assertEquals(meaning.subjects(event.payload, null), [
    { space: "thread", id: "T" },
  ]);
  assertEquals(meaning.lost, "what was trimmed");
  assertThrows(() => decoderOf(3).decode(text), UnknownEventTypeError);
});

Deno.test("payloadsByKey() pairs the references of an event with their keys", () => {
  const ref = (id: string) => `["${id}",["model_item",null],1]`;
  const keys = (payload: string) => {
    const decoded = decoderOf(3).decode(line(payload));
    return [...payloadsByKey({ ...decoded, line: 1, lineEnded: true })]
      .map(([key, { raw_payload_id: id }]) => [key, id]);
  };
  assertEquals(
    keys(
      `["inference_started","c","T","U","m","p",${ref("a")},${ref("b")},` +
        `${ref("c")},[]]`,
    ),
    [
      ["request_payload", "a"],
      ["prepared_prompt_payload", "b"],
      ["warmup_context_payload", "c"],
    ],
  );
  assertEquals(keys(`["history_item_accepted","x",null,${ref("a")}]`), [
    ["tool_output_payload", "a"],
  ]);
  assertEquals(keys(`["other","k","s",[${ref("a")},${ref("b")}],null]`), [
    ["payloads", "a"],
    ["payloads", "b"],
  ]);
});

Deno.test("EventDecoder.decode() throws an error of its own for an unknown type", () => {
  for (const schema of SCHEMA_NUMBERS) {
    const decoder = decoderOf(schema);
    for (const payload of ['["nope",1]', '{"x":{},"type":"nope"}']) {
      for (const decode of ["decode", "decodeExactly"] as const) {
        const error = assertThrows(
          () => decoder[decode](line(payload)),
          UnknownEventTypeError,
          'payload.type: unknown variant "nope"',
        );
        assert(error instanceof DecodeError);
        assertEquals(error.type, "nope");
        assertEquals(error.envelope, {
          schema_version: 1,
          seq: 3,
          wall_time_unix_ms: 5,
          rollout_id: "r",
          thread_id: null,
          codex_turn_id: "U",
        });
      }
    }
    const unsound = [
      line('["nope"]').replace('"seq":3', '"seq":-3'),
      line('["nope"]').replace('"seq":3', '"seq":3,"seq":3'),
      '[1,3,5,"r",null,"U",["nope"],1]',
      line('{"type":5}'),
    ];
    for (const text of unsound) {
      const error = assertThrows(() => decoder.decode(text), DecodeError);
      assert(!(error instanceof UnknownEventTypeError), text);
    }
  }
  assertThrows(
    () => decoderOf(1).decode(line('["__proto__"]')),
    UnknownEventTypeError,
  );
});

Deno.test("schema 3 adds fields to a request and to an accepted item", () => {
  const ref = (id: string) => `["${id}",["model_item",null],1]`;
  const started = (rest: string) =>
    `["inference_started","c","T","U","m","p",${ref("a")}${rest}]`;
  const of = (rest: string) => {
    const payload = payloadOf(started(rest), 3);
    assert(payload.type === "inference_started");
    return [
      payload.prepared_prompt_payload?.raw_payload_id,
      payload.warmup_context_payload?.raw_payload_id,
      payload.stripped_tool_output_ids,
    ];
  };
  assertEquals(of(`,${ref("b")}`), ["b", undefined, []]);
  assertEquals(of(`,${ref("b")},null`), ["b", undefined, []]);
  assertEquals(of(`,${ref("b")},${ref("w")},[[3,"x"],[-0,"y"]]`), [
    "b",
    "w",
    [[3, "x"], [0, "y"]],
  ]);
  const refused = ["", ",null", `,${ref("b")},null,null`];
  refused.push(...["[1]", '[[1,"a",2]]', '[["a",1]]', '[{"0":1}]', "{}"].map(
    (ids) => `,${ref("b")},null,${ids}`,
  ));
  for (const rest of refused) refusal(line(started(rest)), 3);
  const accepted = ['["history_item_accepted","x"]'];
  accepted.push('{"type":"history_item_accepted","item_id":"x"}');
  for (const text of accepted) {
    assertEquals(payloadOf(text, 3), {
      type: "history_item_accepted",
      item_id: "x",
      agent_message_payload: null,
      tool_output_payload: null,
    });
  }
  refusal(line('["history_item_accepted","x",null,null,1]'), 3);
  // Earlier schemas do not know the keys, whatever their values.
  const file = '{"raw_payload_id":"a","kind":["tool_result",null],"path":"f"}';
  const old = payloadOf(
    '{"type":"inference_started","inference_call_id":"c","thread_id":"T",' +
      '"codex_turn_id":"U","model":"m","provider_name":"p",' +
      `"request_payload":${file},"prepared_prompt_payload":5,` +
      '"stripped_tool_output_ids":null,"stripped_tool_output_ids":1}',
    2,
  );
  assert(old.type === "inference_started");
  assertEquals(old.prepared_prompt_payload, null);
  assertEquals(old.stripped_tool_output_ids, []);
});
