/**
 * Payloads of schema 3 in the graph: how they are printed and read, their parts, references.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { existsSync, walkSync } from "@std/fs";
import { basename, join } from "@std/path";
import type { RawPayloadRef } from "../../lib/format/payload.ts";
import { readerOf } from "../../lib/graph/codec/read.ts";
import { rolloutTrace } from "../../lib/graph/codec/rollout_trace.ts";
import type { RolloutTrace } from "../../lib/graph/rollout_trace.ts";
import { GraphLinks } from "../../lib/query/evidence/links/graph_links.ts";
import { decodeState } from "../../lib/query/session/state_file.ts";
import { CORPUS, slowTest } from "../support/cases.ts";
import { FULL_PAYLOAD, smallGraph } from "./small_graph.ts";
import { rulesFor, rulesOf, stateText } from "../support/state_text.ts";

const KIND = { type: "inference_request" } as const;

Deno.test("a payload of schema 3 is printed as the reference reducer prints it", () => {
  const state = stateText(smallGraph(3, FULL_PAYLOAD));
  assert(state.endsWith(`"raw_payloads": {
    "p": {
      "raw_payload_id": "p",
      "kind": {
        "type": "inference_request"
      },
      "shard": 7,
      "capture": {
        "status": "truncated",
        "original_bytes": 9,
        "retained_bytes": 4
      },
      "parts": [
        {
          "raw_payload_id": "q",
          "kind": {
            "type": "model_item"
          },
          "shard": 8
        },
        {
          "raw_payload_id": "r",
          "kind": {
            "type": "content_value"
          },
          "shard": null,
          "capture": {
            "status": "omitted",
            "original_bytes": 18446744073709551615
          }
        }
      ]
    }
  }
}`));
  const { path: _, ...expected } = FULL_PAYLOAD;
  const { raw_payloads: read } = decodeState(state, rulesOf);
  assertEquals(read, new Map([["p", expected]]));
});

Deno.test("parts that are nested deeply are printed and read", () => {
  const depth = 127;
  const chain = Array.from({ length: depth }, (_, i) => `raw_payload:${i}`)
    .reduceRight<RawPayloadRef | undefined>(
      (inner, id) => ({
        raw_payload_id: id,
        kind: KIND,
        shard: 1,
        ...inner === undefined ? {} : { parts: [inner] },
      }),
      undefined,
    );
  assert(chain !== undefined);
  const trace = smallGraph(3, chain);
  const state = stateText(trace);
  assert(state === JSON.stringify(JSON.parse(state), null, 2));
  const read = readerOf(rolloutTrace, rulesFor(trace))(JSON.parse(state));
  assertEquals(read.raw_payloads, trace.raw_payloads);
});

slowTest("a payload with 100 000 parts is printed and read", () => {
  const parts = Array.from({ length: 100_000 }, (_, i): RawPayloadRef => ({
    raw_payload_id: `raw_payload:${i}`,
    kind: { type: "content_value" },
    shard: i,
  }));
  const trace = smallGraph(3, {
    raw_payload_id: "p",
    kind: KIND,
    shard: 0,
    parts,
  });
  const state = stateText(trace);
  assert(state === JSON.stringify(JSON.parse(state), null, 2));
  assert(stateText(decodeState(state, rulesOf)) === state);
});

Deno.test("a payload refers to its parts, and only to the nearest ones", () => {
  const inner: RawPayloadRef = { raw_payload_id: "c", kind: KIND, shard: 1 };
  const middle = { ...inner, raw_payload_id: "b", parts: [inner, inner] };
  const outer = { ...inner, raw_payload_id: "a", parts: [middle] };
  const trace: RolloutTrace = {
    ...smallGraph(3, outer),
    raw_payloads: new Map(
      [outer, middle, inner].map((each) => [each.raw_payload_id, each]),
    ),
  };
  const links = new GraphLinks(trace);
  const from = (id: string) =>
    links.to("payload", id, "part_payload").map(({ from }) => from.id);
  assertEquals([from("a"), from("b"), from("c")], [[], ["a"], ["b", "b"]]);
});

const SCHEMA_3 = existsSync(join(CORPUS, "0.171.0"))
  ? Array.from(walkSync(join(CORPUS, "0.171.0")), ({ path }) => path)
    .filter((path) => basename(path) === "expected.state.json").sort()
  : [];

Deno.test({
  name: "every recorded state of schema 3 is read and written again",
  ignore: SCHEMA_3.length === 0,
  fn() {
    let prompts = 0;
    for (const file of SCHEMA_3) {
      const state = Deno.readTextFileSync(file);
      const trace = decodeState(state, rulesOf);
      assert(stateText(trace) === state, file);
      const links = new GraphLinks(trace);
      for (const call of trace.inference_calls.values()) {
        const id = call.prepared_prompt_payload_id;
        assert(id !== undefined, file);
        const found = links.to("payload", id, "prepared_prompt_payload");
        assert(found.some(({ from }) => from.id === call.inference_call_id));
        prompts++;
      }
    }
    assert(prompts > 100);
  },
});
