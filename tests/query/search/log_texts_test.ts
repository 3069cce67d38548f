/**
 * `search` in what only the log holds: errors, reasons, results of agents; and ciphertext by its
 * ends.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import {
  anyCase,
  firstMatch,
} from "../../../lib/report/page/ui/content/first_match.ts";
import { explain } from "../../../lib/query/explain/explain.ts";
import type { SearchScope } from "../../../lib/query/search/search_answer.ts";
import { compileTextPattern } from "../../../lib/query/search/search_pattern.ts";
import { search } from "../../../lib/query/search/search.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { endsIn, endsOf } from "../../../lib/text/abbreviated.ts";
import { message, RawBundle, TURN } from "../../support/bundles/raw_bundle.ts";
import { everyCase } from "../../support/cases.ts";
import { inFolder } from "../../support/cli.ts";
import { eventsOf, rawEvents } from "../../support/log_oracle.ts";
import { TESTDATA } from "../../support/paths.ts";

const CIPHERTEXTS = [
  `gAAA${"Z7z".repeat(40)}Tt1=`,
  `gAAA${"k9Q".repeat(40)}CwHs`,
];
const REFUSED = '{"error":{"message":"The encrypted content gAAA...CwHs ' +
  'could not be verified.","code":"invalid_encrypted_content"}}';

/** `handle field` of every hit. */
function hitsIn(
  bundle: string,
  text: string,
  ...scopes: SearchScope[]
): string[] {
  const { objects } = search(openBundle(bundle), compileTextPattern(text), {
    ...scopes.length === 0 ? {} : { scopes },
  });
  return objects.flatMap(({ object, hits }) =>
    hits.map(({ field }) => `${object.handle} ${field}`)
  );
}

Deno.test("search finds the error of every failed request", () => {
  const dropped = join(TESTDATA, "upstream", "0.164.0-stream_drop", "bundle");
  assertEquals(hitsIn(dropped, "stream disconnected", "errors"), [
    "call:1 error",
    "call:2 error",
    "call:3 error",
    "call:5 error",
  ]);
  let compared = 0;
  for (const { bundle, state } of everyCase()) {
    if (state === undefined) continue;
    const session = openBundle(bundle);
    const events = eventsOf(
      rawEvents(bundle),
      "inference_failed",
      "inference_cancelled",
      "compaction_request_failed",
    );
    for (const { payload } of events) {
      const text = String(payload.error ?? payload.reason);
      const id = payload.inference_call_id ?? payload.compaction_request_id;
      const { objects } = search(session, compileTextPattern(text), {
        scopes: ["errors"],
      });
      assert(objects.some(({ object }) => object.id === id), `${bundle} ${id}`);
      compared++;
    }
  }
  assert(compared > 5, `${compared}`);
});

Deno.test("search takes events with any number of texts", () => {
  inFolder((folder) => {
    const metadata = Array.from({ length: 150_000 }, () => "a");
    const other = { type: "other", kind: "k", payloads: [], metadata };
    const bundle = new RawBundle(2)
      .event({ ...other, summary: "first" })
      .event({ ...other, summary: "second" });
    bundle.writeTo(folder);
    assertEquals(hitsIn(folder, "second", "events"), [
      "thread:1 event[seq 4].summary",
    ]);
  });
});

Deno.test("search finds the result of an agent that only the log holds, and other events", () => {
  inFolder((folder) => {
    const bundle = new RawBundle(2).event({
      type: "other",
      kind: "feature",
      summary: "a needle of another kind",
      payloads: [],
      metadata: { deep: ["a needle inside"] },
    });
    bundle.event({
      type: "protocol_event_observed",
      event_type: "warning",
      event_payload: bundle.payload("protocol_event", {
        message: "a needle that warns",
      }),
    });
    bundle.writeTo(folder);
    assertEquals(hitsIn(folder, "needle", "events"), [
      "thread:1 event[seq 3].summary",
      "thread:1 event[seq 3].metadata.deep[0]",
    ]);
    assertEquals(hitsIn(folder, "needle", "errors"), ["payload:1 message"]);
    assertEquals(hitsIn(folder, "needle").length, 3);
  });
  const agents = join(TESTDATA, "upstream", "0.164.0-agents_v2", "bundle");
  const [result] = eventsOf(rawEvents(agents), "agent_result_observed");
  assert(result !== undefined);
  const text = String(result.payload.message);
  assertEquals(hitsIn(agents, text, "events").map((each) => each.slice(0, 5)), [
    "edge:",
  ]);
});

Deno.test("search and explain find the ciphertext that an error names by its ends", () => {
  const [first, second] = CIPHERTEXTS;
  const reasoning = [first, second].map((encrypted_content, index) => ({
    type: "reasoning",
    id: `rs${index}`,
    summary: [],
    encrypted_content,
  }));
  inFolder((folder) => {
    const prompt = [message("user", "go")];
    const bundle = new RawBundle(2).request("c1", { input: prompt })
      .response("c1", reasoning)
      .request("c2", { input: [...prompt, ...reasoning] })
      .event({
        type: "inference_failed",
        inference_call_id: "c2",
        error: REFUSED,
      })
      .event({
        type: "codex_turn_ended",
        codex_turn_id: TURN,
        status: "failed",
      });
    bundle.writeTo(folder);
    assertEquals(hitsIn(folder, "gAAA...CwHs", "items"), [
      "item:3 body.parts[0].value",
    ]);
    assertEquals(hitsIn(folder, "gAAA…CwHs"), ["item:3 body.parts[0].value"]);
    assertEquals(hitsIn(folder, "gAAA...none"), []);
    const session = openBundle(folder);
    const call = session.names.all("inference_call")[1];
    assert(call !== undefined);
    const steps = explain(session, call)?.downstream ?? [];
    assertEquals(
      steps.filter(({ relation }) => relation === "error_names")
        .map(({ object }) => object?.handle),
      ["item:3"],
    );
  });
});

Deno.test("endsOf() takes nothing but two ends", () => {
  assertEquals(endsOf("gAAA...CwHs"), { start: "gAAA", end: "CwHs" });
  for (const text of ["wait...", "...end", "a...b", "see gAAA...CwHs", "abc"]) {
    assertEquals(endsOf(text), null, text);
  }
  assertEquals(endsIn("content gAAA...CwHs could"), [
    { start: "gAAA", end: "CwHs" },
  ]);
});

Deno.test("a match is where it is, also after letters that lower case makes longer", () => {
  const wanted = anyCase("needle");
  assert(wanted !== undefined);
  const text = "İİİ a NEEDLE, a needle";
  const match = firstMatch(text, wanted);
  assert(match !== undefined);
  assertEquals(text.slice(match.start, match.end), "NEEDLE");
  assertEquals(match.count, 2);
  assertEquals(firstMatch("İ", wanted), undefined);
  assertEquals(anyCase(""), undefined);
  const [found] = compileTextPattern("needle").matches(text);
  assertEquals(text.slice(found?.start, found?.end), "NEEDLE");
});
