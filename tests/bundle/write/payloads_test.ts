/**
 * Payloads as records: which parts they have, what is stored once, and what limits leave.
 *
 * @module
 */

import { assert, assertEquals, assertThrows, fail } from "@std/assert";
import { ByteBudget, MemoryStore } from "../../../lib/bundle/write/store.ts";
import {
  separateStrings,
  SharedJson,
} from "../../../lib/bundle/write/json_members.ts";
import { PayloadShards } from "../../../lib/bundle/write/shards/payload_shards.ts";
import { SharedTexts } from "../../../lib/bundle/write/shared_texts.ts";
import type { RawPayloadKindName } from "../../../lib/format/payload.ts";
import { StoredPayloads } from "../../support/bundles/stored_payloads.ts";

const IMAGE = "data:image/png;base64,AAAA";

function payloads(maxPayloadBytes = Infinity, maxBytes?: number) {
  const store = new MemoryStore();
  const budget = new ByteBudget(maxBytes);
  const writer = new PayloadShards({ store, budget, maxPayloadBytes });
  const read = () => new StoredPayloads((name) => store.bytes(name));
  return {
    store,
    write: (kind: RawPayloadKindName, value: unknown) =>
      writer.write([writer.draft(kind, value)])[0] ?? fail("no reference"),
    text: (ref: Parameters<StoredPayloads["text"]>[0]) => read().text(ref),
    data: (ref: Parameters<StoredPayloads["data"]>[0]) => read().data(ref),
  };
}

function message(text: string, image?: string) {
  const content = [
    { type: "input_text", text },
    ...image === undefined ? [] : [{ type: "input_image", image_url: image }],
  ];
  return { type: "message", role: "user", content };
}

Deno.test("a payload without limits is one record of compact JSON", () => {
  const { write, data } = payloads();
  const value = {
    input: [message("é \u2028"), null, undefined, () => 1],
    n: 6.5e-6,
  };
  const ref = write("inference_request", value);
  assertEquals(ref, {
    raw_payload_id: "raw_payload:1",
    kind: { type: "inference_request" },
    shard: 1,
  });
  assertEquals(data(ref), JSON.stringify(value));
});

Deno.test("every item of a prepared prompt is a part, stored once", () => {
  const { write, text, data } = payloads();
  const [a, b] = [message("a"), message("b")];
  const one = write("prepared_prompt", { input: [a, b], tools: [] });
  const two = write("prepared_prompt", { input: [a, b, a], tools: [] });
  const part = (n: number) => ({
    raw_payload_id: `raw_payload:${n}`,
    kind: { type: "model_item" as const },
    shard: 1,
  });
  assertEquals(one.parts, [part(1), part(2)]);
  assertEquals(two.parts, [part(1), part(2), part(1)]);
  assertEquals([one.raw_payload_id, two.raw_payload_id], [
    "raw_payload:3",
    "raw_payload:4",
  ]);
  assertEquals(JSON.parse(data(one)), ['{"input":[', ",", '],"tools":[]}']);
  assertEquals(text(two), JSON.stringify({ input: [a, b, a], tools: [] }));
  assertEquals(Object.keys(two), ["raw_payload_id", "kind", "shard", "parts"]);
  const empty = write("prepared_prompt", { input: [] });
  assertEquals([empty.parts, text(empty)], [undefined, '{"input":[]}']);
});

Deno.test("images are parts wherever items are, and inline elsewhere", () => {
  const { write, text } = payloads();
  const item = message("look", IMAGE);
  const bodies: [RawPayloadKindName, object][] = [
    ["inference_request", { model: "m", input: [item, item] }],
    ["prepared_prompt", { input: [item] }],
    ["warmup_context", { input: [item] }],
    ["inference_response", { output_items: [item] }],
    ["compaction_checkpoint", {
      input_history: [item],
      replacement_history: [item],
    }],
    ["tool_result", { response_item: item }],
    ["protocol_event", item],
    ["compaction_request", { input: [item] }],
  ];
  const refs = bodies.map(([kind, body]) => write(kind, body));
  bodies.forEach(([, body], i) => {
    const [ref] = refs.slice(i);
    assertEquals(ref && text(ref), JSON.stringify(body));
  });
  const [first] = refs[0]?.parts ?? [];
  assertEquals(first, {
    raw_payload_id: "raw_payload:1",
    kind: { type: "content_value" },
    shard: 1,
  });
  const innermost = refs.map(({ parts }) =>
    parts?.map((part) => part.parts?.[0] ?? part)
  );
  assertEquals(innermost, [
    [first, first],
    [first],
    [first],
    [first],
    [first, first],
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("separateStrings() is not deceived by texts that look like JSON", () => {
  const tricky = [
    `,"image_url":"${IMAGE}"`,
    `{"image_url":"${IMAGE}"}`,
    `\\",\\"text\\":\\"`,
    "\\",
    ',"',
    '{"',
  ];
  for (const text of tricky) {
    const item = { a: [text, text], [text]: text, text, image_url: text };
    const json = JSON.stringify(item);
    assertEquals(separateStrings(json, Infinity), []);
    const [place] = separateStrings(json, 0);
    assertEquals(
      place && JSON.parse(json.slice(place.start, place.end)),
      text,
    );
  }
});

Deno.test("a limit cuts a payload to exactly that many bytes, also within a character", () => {
  const { write, data } = payloads(10);
  const cut = write("tool_result", "ééééé");
  assertEquals(cut.capture, {
    status: "truncated",
    original_bytes: 12,
    retained_bytes: 10,
  });
  assertEquals(data(cut), '"éééé\ufffd');
  assertEquals(write("tool_result", "12345678").capture, undefined);
  assertEquals(
    write("inference_request", { input: [], model: "0123456789" }).capture
      ?.status,
    "truncated",
  );
});

Deno.test("items are split when their list is too long, and only then", () => {
  const items = [message("a"), message("b")];
  const list = JSON.stringify(items).length;
  const body = { response_id: "r".repeat(500), output_items: items };
  assertEquals(
    payloads(list).write("inference_response", body).capture?.status,
    "truncated",
  );
  const { write, text } = payloads(list - 1);
  const split = write("inference_response", body);
  assertEquals(split.capture, undefined);
  assertEquals(split.parts?.map((part) => part.kind.type), [
    "model_item",
    "model_item",
  ]);
  assertEquals(text(split), JSON.stringify(body));
});

Deno.test("a long text is a part of its item, cut, and its item is complete", () => {
  const max = 60;
  const long = "x".repeat(500);
  const { write } = payloads(max);
  const ref = write("inference_request", {
    input: [
      message(long),
      { type: "function_call", arguments: long },
      message("", IMAGE + long),
    ],
  });
  const [withText, call, withImage] = ref.parts ?? [];
  const captures = (parts: typeof ref.parts) =>
    parts?.map(({ kind, capture }) => [kind.type, capture?.status]);
  assertEquals(withText?.capture, undefined);
  assertEquals(captures(withText?.parts), [["content_value", "truncated"]]);
  assertEquals(call?.capture?.status, "truncated");
  assertEquals(call?.parts, undefined);
  assertEquals(captures(withImage?.parts), [["content_value", "truncated"]]);
});

Deno.test("long base instructions of a prompt are a part", () => {
  const text = "be brief ".repeat(20);
  const body = {
    input: [1],
    base_instructions: { text, provenance: { type: "model" } },
  };
  const { write } = payloads(50);
  const ref = write("prepared_prompt", body);
  assertEquals(ref.parts?.map(({ kind }) => kind.type), [
    "model_item",
    "content_value",
  ]);
  const full = payloads(250);
  const ref2 = full.write("prepared_prompt", body);
  assertEquals(ref2.parts?.map(({ kind }) => kind.type), ["model_item"]);
  assertEquals(full.text(ref2), JSON.stringify(body));
});

Deno.test("a payload without room is omitted, with the length of all its parts", () => {
  const { write, store } = payloads(Infinity, 400);
  const item = message("x".repeat(50));
  const prompt = { input: [item], tools: ["y".repeat(1000)] };
  const ref = write("prepared_prompt", prompt);
  const { parts: [part] = [] } = ref;
  assertEquals(ref, {
    raw_payload_id: "raw_payload:2",
    kind: { type: "prepared_prompt" },
    shard: null,
    capture: {
      status: "omitted",
      original_bytes: JSON.stringify(prompt).length,
    },
    parts: part === undefined ? [] : [part],
  });
  assertEquals(part?.shard, 1);
  // Smaller ones still fit.
  assertEquals(write("tool_result", "small").shard, 2);
  assertEquals(store.names(), ["payloads/000001.zst", "payloads/000002.zst"]);
});

Deno.test("a SharedJson is written as the value that it holds", () => {
  const items = [message("a"), undefined, message("b")];
  const { write, text } = payloads();
  const list = new SharedJson(items);
  const expected = JSON.stringify({ model: "m", input: items });
  for (const kind of ["inference_request", "tool_result"] as const) {
    const model = new SharedJson("m");
    const ref = write(kind, { model, input: list, n: new SharedJson(() => 1) });
    assertEquals(text(ref), expected);
  }
});

Deno.test("what is no plain object is written as JSON.stringify writes it", () => {
  const { write, text } = payloads();
  class Request {
    input = [1];
    #secret = 2;
    get secret(): number {
      return this.#secret;
    }
  }
  const values = [
    new Request(),
    { toJSON: () => ({ input: [3] }) },
    new Map([["input", [1]]]),
    [1],
    "text",
    null,
    {},
    { input: "text", list: undefined },
  ];
  for (const value of values) {
    const ref = write("inference_request", value);
    assertEquals(text(ref), JSON.stringify(value));
  }
});

Deno.test("SharedTexts forgets what was not used for long", () => {
  const texts = new SharedTexts(20);
  const [a, b] = [texts.of("aaaa"), texts.of("bbbb")];
  for (const text of ["cccc", "aaaa", "dddd", "aaaa", "eeee"]) texts.of(text);
  assertEquals(texts.find("aaaa"), a);
  assert(texts.of("aaaa") === a);
  assertEquals(texts.find("bbbb"), undefined);
  assert(texts.of("bbbb") !== b);
});

Deno.test("SharedTexts does not confuse long texts with the same start and end", () => {
  const texts = new SharedTexts();
  const [one, two] = ["1", "2"].map((n) =>
    "x".repeat(2000) + n + "x".repeat(2000)
  );
  const first = texts.of(one ?? "");
  assert(texts.of(one ?? "") === first);
  const second = texts.of(two ?? "");
  assertEquals([first.text, second.text], [one, two]);
});

Deno.test("a payload with its parts is one write, and none of it is used again when that fails", () => {
  let writes = 0;
  let isBroken = false;
  class CountingStore extends MemoryStore {
    override createFile(name: string, content: Uint8Array): void {
      this.#count();
      super.createFile(name, content);
    }
    override append(name: string, content: Uint8Array): void {
      this.#count();
      super.append(name, content);
    }
    #count(): void {
      writes += 1;
      if (isBroken) throw new Error("disk full");
    }
  }
  const store = new CountingStore();
  const writer = new PayloadShards({
    store,
    budget: new ByteBudget(),
    maxPayloadBytes: Infinity,
  });
  const input = Array.from({ length: 50 }, (_, i) => ({ type: "item", i }));
  const write = () =>
    writer.write([writer.draft("prepared_prompt", { input: [...input] })])[0] ??
      fail("no reference");
  isBroken = true;
  assertThrows(write, Error, "disk full");
  isBroken = false;
  writes = 0;
  const first = write();
  assertEquals(writes, 1);
  const payloads = new StoredPayloads((name) => store.bytes(name));
  assertEquals(JSON.parse(payloads.text(first)), { input });
  const second = write();
  assertEquals(writes, 2);
  assertEquals(second.parts, first.parts);
});
