/**
 * What `explain` calls things: names of tools as the model wrote them, notifications of code
 * cells, errors of tools and of the program, against the payload files.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import type { ExplainAnswer } from "../../../lib/query/explain/explain_answer.ts";
import { explain } from "../../../lib/query/explain/explain.ts";
import { GraphLinks } from "../../../lib/query/evidence/links/graph_links.ts";
import type { ObjectKind } from "../../../lib/query/session/names/object_kind.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { casesBelow } from "../../reduce/reference/conformance.ts";
import { CORPUS } from "../../support/cases.ts";
import { TESTDATA } from "../../support/paths.ts";
import { eventsOf, rawEvents, rawPayload } from "../../support/log_oracle.ts";

const HAS_CORPUS = existsSync(CORPUS);
const CASES = [
  ...casesBelow(join(TESTDATA, "upstream")),
  ...HAS_CORPUS ? casesBelow(CORPUS) : [],
].map(({ name, bundle }) => {
  const session = openBundle(bundle);
  return { name, bundle, session, links: new GraphLinks(session.trace) };
}).filter(({ session }) =>
  session.diagnostics.every(({ severity }) => severity !== "loss")
);

function explained(
  { session, links }: { session: TraceSession; links: GraphLinks },
  kind: ObjectKind,
  id: string,
): ExplainAnswer {
  const answer = explain(session, session.names.ref(kind, id), { links });
  assert(answer !== null, id);
  return answer;
}

function factOf({ facts }: ExplainAnswer, name: string) {
  return facts.find((fact) => fact.name === name)?.value;
}

Deno.test("a call is named as the answer that holds it names it", () => {
  let compared = 0;
  for (const one of CASES) {
    for (
      const { payload } of eventsOf(
        rawEvents(one.bundle),
        "inference_completed",
      )
    ) {
      if (payload.response_payload === null) continue;
      const { output_items: items = [] } = rawPayload(
        one.bundle,
        payload.response_payload,
      );
      const ids = one.session.trace.inference_calls
        .get(payload.inference_call_id)?.response_item_ids ?? [];
      for (const { type, name, call_id: call } of items) {
        if (type !== "function_call") continue;
        const id = ids.find((each) =>
          one.session.trace.conversation_items.get(each)?.call_id === call
        );
        if (
          id === undefined || one.links.to("item", id, "call_item").length === 0
        ) {
          continue;
        }
        const { text } = explained(one, "item", id);
        const [, outcome = ""] = /^call of ([^,:]+)/.exec(text) ?? [];
        assert(
          outcome === name || outcome.endsWith(`.${name}`),
          `${one.name} ${id}: ${text} is not ${name}`,
        );
        compared++;
      }
    }
  }
  assert(compared > 20, `${compared} compared`);
});

Deno.test("what notify() sends is distinguished from what its cell answered", () => {
  let sent = 0;
  for (const one of CASES) {
    const { trace } = one.session;
    for (const cell of trace.code_cells.values()) {
      const words = Array.from(
        cell.source_js.matchAll(/\bnotify\("([^"]+)"\)/g),
        ([, text]) => text,
      );
      // A text that is made up at runtime is not in the source.
      if (words.length === 0 && cell.source_js.includes("notify(")) continue;
      const { comparisons } = explained(one, "code_cell", cell.code_cell_id);
      const compared = comparisons.flatMap(({ shown }) =>
        shown.in.map(({ id }) => id)
      );
      for (const id of cell.output_item_ids) {
        const [part] = trace.conversation_items.get(id)?.body.parts ?? [];
        const text = part?.type === "text" ? part.text : "";
        const isSent = words.includes(text);
        const outcome = factOf(explained(one, "item", id), "provenance");
        assertEquals(
          outcome,
          isSent ? "cell_notification" : "code_cell",
          `${one.name} ${id}`,
        );
        if (!isSent) continue;
        assert(!compared.includes(id), `${one.name} ${id}`);
        sent++;
      }
    }
  }
  if (HAS_CORPUS) assert(sent >= 4, `${sent} sent`);
});

Deno.test("words that a tool puts around an output, or its own error, are not attributed to a process", () => {
  const seen = { formatted: 0, error: 0 };
  for (const one of CASES) {
    const ends = eventsOf(rawEvents(one.bundle), "tool_call_ended");
    for (
      const [id, { tool_call_id: tool }] of one.session.trace
        .terminal_operations
    ) {
      const ref = ends.find(({ payload }) => payload.tool_call_id === tool)
        ?.payload.result_payload;
      const result = ref ? rawPayload(one.bundle, ref) : {};
      const output = result.response_item?.output ?? result.error;
      const answer = explained(one, "terminal_operation", id);
      const bytes = (text: string) => new TextEncoder().encode(text).length;
      if (typeof output !== "string") continue;
      if (factOf(answer, "formatted_output_bytes") !== undefined) {
        assert(output.includes("Output:\n"), output);
        assertEquals(factOf(answer, "formatted_output_bytes"), bytes(output));
        seen.formatted++;
      } else if (factOf(answer, "tool_own_error") !== undefined) {
        assertEquals(factOf(answer, "tool_own_error"), output);
        seen.error++;
      } else {
        assert(
          factOf(answer, "stdout_bytes") !== bytes(output) || output === "",
        );
      }
    }
  }
  assert(seen.formatted > 2 && seen.error > 0, JSON.stringify(seen));
});

Deno.test("the payload of an error that the user was shown has its message and whose fault it was", () => {
  let found = 0;
  for (const one of CASES) {
    const events = rawEvents(one.bundle);
    for (
      const { seq, payload } of eventsOf(events, "protocol_event_observed")
    ) {
      if (payload.event_type !== "error") continue;
      const { raw_payload_id: id } = payload.event_payload;
      const { message } = rawPayload(one.bundle, payload.event_payload);
      const answer = explained(one, "payload", id);
      const outcome = String(factOf(answer, "protocol_message"));
      assertEquals(
        outcome,
        message.replace(/\s+/g, " ").trim().slice(0, outcome.length),
      );
      assertEquals(answer.failures.length, 1);
      const failed = events.findLast((event) =>
        event.seq < seq && event.payload.type.endsWith("_failed") &&
        message.includes(event.payload.error)
      )?.payload;
      if (failed === undefined) continue;
      const about = failed.compaction_request_id ?? failed.inference_call_id;
      const [kind, object] = failed.compaction_request_id === undefined
        ? ["inference_call", about] as const
        : ["compaction_request", about] as const;
      assert(
        answer.upstream.some((step) => step.object?.id === object),
        one.name,
      );
      const { downstream: leads } = explained(one, kind, object);
      const step = leads.find(({ relation }) =>
        relation === "reported_to_user_in"
      );
      assertEquals(step?.object?.id, id);
      found++;
    }
  }
  if (HAS_CORPUS) assert(found > 2, `${found} found`);
});
