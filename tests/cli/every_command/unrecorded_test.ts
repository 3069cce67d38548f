/**
 * What a recorder omitted or truncated, in the answers about recorded sessions.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { printed, upstreamBundle } from "../commands/command_golden.ts";
import {
  answerAt,
  factOf,
  type Json,
  memberOf,
  textOf,
} from "./unrecorded_answers.ts";

/** Omitted: the first request; truncated: a text of the second, and its response. */
const LIMITS = "testdata/bundles/schema_3_limits";

/** An image that is stored once, as a part of requests. */
const SHARDS = "testdata/bundles/schema_3_shards";

const TRUNCATED = upstreamBundle("0.171.0-lim_p300");

const WEBSOCKET = upstreamBundle("0.171.0-websocket");

const CELLS = upstreamBundle("0.171.0-code_wait_two_cells");

const OMITTED = { status: "omitted", original_bytes: 40_459 };

const PROMPT = "not recorded: 40,459 bytes over the limit";

const OF_AN_OMITTED_PROMPT: readonly (readonly [readonly string[], string])[] =
  [
    [["show", LIMITS], `prompt       ${PROMPT}`],
    [["show", LIMITS], "3 payloads were omitted and 2 truncated"],
    [["list", LIMITS], PROMPT],
    [["timeline", LIMITS], `request ${PROMPT}`],
    [["transcript", LIMITS], PROMPT],
    [["transcript", LIMITS, "--at", "call:1"], PROMPT],
    [["context", LIMITS, "--at", "call:1"], `prompt ${PROMPT}`],
    [["explain", LIMITS, "call:1"], `request                    ${PROMPT}`],
    [["explain", LIMITS, "call:1"], "unknown: what was new in it was not"],
    [["explain", LIMITS, "turn:1"], `turn began with   ${PROMPT}`],
    [["diff", LIMITS, "call:1", "call:2"], `call:1 was ${PROMPT}`],
    [["diff", LIMITS, "call:1", "--prepared"], `payload:2 was ${PROMPT}`],
    [["diff", LIMITS, "call:1", "--prepared"], "what differs is unknown"],
    [["payload", LIMITS, "call:1"], "40,459 bytes over the limit"],
    [["stats", LIMITS], "usage reported by 1 of 2 requests"],
    [["check", LIMITS], "truncated 2 payloads and omitted 3 payloads"],
  ];

for (const [args, line] of OF_AN_OMITTED_PROMPT) {
  const [question, , ...words] = args;
  const asked = [question, ...words].join(" ");
  Deno.test(`${asked} reports about a prompt that was omitted: ${line}`, async () => {
    const text = await textOf(args);
    assertStringIncludes(text, line);
    assert(!/none was recorded|never asked|no answer/.test(text), text);
  });
}

Deno.test("search prints how many payloads it could not search", async () => {
  const text = await textOf(["search", LIMITS, "nowhere"], 1);
  const { stderr } = await printed(["search", LIMITS, "nowhere"]);
  const all = text + stderr;
  // A prompt that was prepared for a recorded request is not searched anyway.
  assertStringIncludes(all, "2 payloads were omitted by the recorder's limits");
  assertStringIncludes(all, "2 payloads were truncated");
});

Deno.test("payload of one that was omitted prints nothing and ends with 1", async () => {
  for (const more of [[], ["--raw"], ["--record"]]) {
    const { stdout, stderr, code } = await printed(
      ["payload", LIMITS, "payload:2", ...more],
    );
    assertEquals([stdout, code], ["", 1]);
    assertStringIncludes(stderr, `payload:2 (inference_request) was ${PROMPT}`);
  }
});

const CAPTURES: readonly (readonly [
  readonly string[],
  readonly (string | number)[],
])[] = [
  [["show", LIMITS], ["prompt_capture"]],
  [["list", LIMITS], ["bundles", 0, "prompt_capture"]],
  [["transcript", LIMITS, "--at", "call:1"], ["entries", 0, "capture"]],
  [["context", LIMITS, "--at", "call:1"], ["context", "request_capture"]],
  [["diff", LIMITS, "call:1", "call:2"], ["a", "request_capture"]],
  [["diff", LIMITS, "call:1", "--prepared"], ["call", "request_capture"]],
];

for (const [args, path] of CAPTURES) {
  Deno.test(`${args[0]} --json has the size at ${path.join(".")}`, async () => {
    assertEquals(await answerAt(args, path), OMITTED);
  });
}

Deno.test("timeline --json has the size of a request and of a response", async () => {
  const entries = await answerAt(["timeline", LIMITS], ["entries"]);
  assert(Array.isArray(entries));
  const details = entries.map((entry) => memberOf(entry, "detail"))
    .filter((detail) => memberOf(detail, "type") === "inference_call");
  assertEquals(
    details.map((detail) => memberOf(detail, "request_capture")),
    [OMITTED, null],
  );
  assertEquals(
    details.map((detail) => memberOf(detail, "response_capture")),
    [null, { status: "truncated", original_bytes: 400, retained_bytes: 26 }],
  );
});

Deno.test("explain --json knows no figures of what was omitted", async () => {
  for (const name of ["items_sent", "items_new_in_it"]) {
    const fact = await factOf(LIMITS, "call:1", name);
    assertEquals(fact, { name, value: null, unit: null, object: null });
  }
  for (const name of ["items_answered", "tools_asked_for", "input_tokens"]) {
    const fact = await factOf(LIMITS, "call:2", name);
    assertEquals(fact, { name, value: null, unit: null, object: null });
  }
});

Deno.test("a truncated text is shown with the bytes kept of all", async () => {
  const kept = "text truncated: 15 of 900 bytes kept";
  const asked = [
    ["timeline", LIMITS],
    ["transcript", LIMITS],
    ["explain", LIMITS, "item:2"],
  ];
  for (const args of asked) assertStringIncludes(await textOf(args), kept);
  const answer = "not recorded: truncated, 26 of 400 bytes kept";
  const others = [
    ["show", LIMITS],
    ["timeline", LIMITS],
    ["transcript", LIMITS],
    ["explain", LIMITS, "call:2"],
    ["context", LIMITS, "--at", "call:2"],
  ];
  for (const args of others) assertStringIncludes(await textOf(args), answer);
});

Deno.test("payload prints what was kept of a truncated payload, byte for byte", async () => {
  const text = await textOf(["payload", LIMITS, "payload:5"]);
  assertStringIncludes(text, "truncated: 15 of 900 bytes kept");
  const { stdout, code } = await printed(
    ["payload", LIMITS, "payload:5", "--raw"],
  );
  assertEquals([stdout, code], [`"a very long te`, 0]);
});

Deno.test("a prepared prompt is reached by explain, payload and diff", async () => {
  const fact = await factOf(SHARDS, "call:2", "prepared_prompt");
  assertEquals(memberOf(memberOf(fact, "object"), "handle"), "payload:13");
  const text = await textOf(["payload", SHARDS, "payload:13"]);
  assertStringIncludes(text, "prepared_prompt");
  assertStringIncludes(text, "prepared prompt payload of call:2");
  assertStringIncludes(
    await textOf(["payload", SHARDS, "call:2"]),
    "payload:13",
  );
  const diff = await textOf(["diff", SHARDS, "call:2", "--prepared"]);
  assertStringIncludes(diff, "call:2: prepared payload:13 → sent payload:10");
  assertStringIncludes(diff, "input: 3 the same");
  const asked = ["diff", SHARDS, "call:2", "--prepared"];
  assertEquals(await answerAt(asked, ["type"]), "prepared");
  assertEquals(await answerAt(asked, ["input", "kept"]), 3);
});

Deno.test("diff --prepared finds base instructions that were truncated on both sides", async () => {
  const text = await textOf(["diff", TRUNCATED, "call:1", "--prepared"]);
  assertStringIncludes(
    text,
    "+ base instructions: item:1  developer · (text truncated: 300 of 17,343",
  );
  assertStringIncludes(text, "base instructions: sent as an item of the input");
  assertEquals(
    await answerAt(["diff", TRUNCATED, "call:1", "--prepared"], ["same"]),
    null,
  );
});

Deno.test("a warm-up context is what the request added for the model", async () => {
  const fact = await factOf(WEBSOCKET, "call:1", "warmup_context");
  assertEquals(memberOf(memberOf(fact, "object"), "handle"), "payload:9");
  const diff = ["diff", WEBSOCKET, "call:1", "--prepared"];
  assertEquals(
    await answerAt(diff, ["sent_payload", "handle"]),
    "payload:9",
  );
  assertEquals(await answerAt(diff, ["same"]), true);
  assertStringIncludes(
    await textOf(["context", WEBSOCKET, "--at", "call:1"]),
    "after a warm-up",
  );
  const read = await textOf(["payload", WEBSOCKET, "payload:9"]);
  assertStringIncludes(read, "warmup_context");
});

Deno.test("an output is known from its acceptance on", async () => {
  const fact = await factOf(SHARDS, "item:3", "known_from_its_acceptance");
  assertEquals(memberOf(memberOf(fact, "object"), "handle"), "payload:8");
  const text = await textOf(["explain", SHARDS, "item:3"]);
  assertStringIncludes(text, "before a request showed it");
  assertStringIncludes(
    text,
    "seq 10  line 10  history_item_accepted  payload:8",
  );
});

Deno.test("a wait names its cell, and the cell its waits", async () => {
  const timeline = await textOf(["timeline", CELLS]);
  assert(/tool:5\s+wait · .*waits for cell:1/.test(timeline), timeline);
  const entries = await answerAt(["timeline", CELLS], ["entries"]);
  assert(Array.isArray(entries));
  const targets = entries.map((entry) =>
    memberOf(memberOf(memberOf(entry, "detail"), "waits_for"), "handle")
  ).filter((handle) => typeof handle === "string");
  assertEquals(targets.toSorted(), ["cell:1", "cell:2"]);
  const cell = await textOf(["explain", CELLS, "cell:1"]);
  assertStringIncludes(cell, "waited for by tool:5");
});

Deno.test("payload --raw puts the text together from a record and its parts", async () => {
  const raw = async (...words: string[]) => {
    const { stdout, code } = await printed(["payload", SHARDS, ...words]);
    assertEquals(code, 0);
    return stdout;
  };
  const text = await raw("payload:10", "--raw");
  const fragments: Json = JSON.parse(await raw("payload:10", "--record"));
  const part = await raw("payload:9", "--raw");
  assert(Array.isArray(fragments));
  assertEquals(fragments.length, 2);
  assertEquals(text, fragments.join(part));
  assertStringIncludes(part, "data:image/png;base64,");
  assertEquals(JSON.parse(text).input.length, 3);

  const parts = await answerAt(
    ["payload", SHARDS, "payload:10"],
    ["payloads", 0, "parts"],
  );
  assert(Array.isArray(parts), JSON.stringify(parts));
  assertEquals(
    parts.map((each) => memberOf(memberOf(each, "payload"), "handle")),
    ["payload:9"],
  );
  const shown = await textOf(["payload", SHARDS, "payload:10"]);
  assertStringIncludes(shown, "payloads/000003.zst");
  assertStringIncludes(shown, "payload:9  content_value");
  assertStringIncludes(shown, "1 part, own record");
});
