/**
 * Items that left the prompt: the mark of a history that was rewound.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { showLines } from "../../../lib/cli/commands/show/show_text.ts";
import { styleFor } from "../../../lib/cli/text/style.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { summarize } from "../../../lib/query/show/show.ts";
import { getTimeline } from "../../../lib/query/timeline/timeline.ts";
import { getTranscript } from "../../../lib/query/transcript/transcript.ts";
import { message, RawBundle } from "../../support/bundles/raw_bundle.ts";
import { inFolder } from "../../support/cli.ts";

const ONE = [message("user", "one"), message("assistant", "1")];
const TWO = [message("user", "two"), message("assistant", "2")];
const THREE = [message("user", "three")];

function opened(bundle: RawBundle, ask: (session: TraceSession) => void): void {
  inFolder((folder) => ask(openBundle(bundle.writeTo(join(folder, "b")))));
}

function turns(last: object[]): RawBundle {
  return new RawBundle(1)
    .request("a", { input: ONE.slice(0, 1) })
    .response("a", ONE.slice(1))
    .request("b", { input: [...ONE, ...TWO.slice(0, 1)] })
    .response("b", TWO.slice(1))
    .request("c", { input: last })
    .end();
}

Deno.test("a transcript marks where items left the prompt, before what followed them", () => {
  opened(turns([...ONE, ...THREE]), (session) => {
    const entries = getTranscript(session)?.entries ?? [];
    const at = entries.findIndex(({ type }) => type === "dropped_items");
    const mark = entries[at];
    assertEquals(
      mark?.type === "dropped_items"
        ? [mark.call.id, mark.items.map(({ handle }) => handle)]
        : [],
      ["c", ["item:3", "item:4"]],
    );
    const next = entries[at + 1];
    assertEquals(next?.type === "item" ? next.item.handle : null, "item:5");
  });
});

Deno.test("a timeline marks items that left the prompt at the first request without them", () => {
  opened(turns([...ONE, ...THREE]), (session) => {
    const marks = getTimeline(session).entries.flatMap(({ detail, ...entry }) =>
      detail.type === "dropped_items"
        ? [[entry.started_seq, detail.items.length, detail.call.id]]
        : []
    );
    const call = session.trace.inference_calls.get("c");
    assertEquals(marks, [[call?.execution.started_seq ?? null, 2, "c"]]);
  });
});

Deno.test("show names each request without the end of the history before it", () => {
  opened(turns([...ONE, ...THREE]), (session) => {
    const answer = summarize(session);
    assertEquals(
      answer.dropped_items.map(({ call, items }) => [
        call.id,
        items.map(({ handle }) => handle),
      ]),
      [["c", ["item:3", "item:4"]]],
    );
    const text = [...showLines(answer, "b", {
      width: 80,
      style: styleFor(false),
    })].join("\n");
    assertStringIncludes(
      text,
      "rewound or replaced before 1 request · no compaction recorded",
    );
    assertStringIncludes(text, "call:3 2 items · item:3, item:4");
  });
});

Deno.test("an answer that never was in a request has left, and what has only another id has not", () => {
  const item = (id: string, text: string) => ({ ...message("user", text), id });
  const call = {
    type: "function_call",
    id: "call",
    call_id: "c",
    name: "exec_command",
    arguments: "{}",
  };
  const output = {
    type: "function_call_output",
    id: "output",
    call_id: "c",
    output: "done",
  };
  const bundle = new RawBundle(3);
  bundle
    .request("a", { input: [item("1", "one"), item("2", "summary")] })
    .response("a", [call])
    .event({ type: "history_item_accepted", item_id: "call" })
    .event({
      type: "history_item_accepted",
      item_id: "output",
      tool_output_payload: bundle.payload("tool_result", output),
    })
    .request("b", { input: [item("1", "one"), item("3", "summary")] })
    .end();
  opened(bundle, (session) => {
    assertEquals(
      summarize(session).dropped_items.map(({ call, items }) => [
        call.id,
        items.map(({ id }) => session.trace.conversation_items.get(id)?.kind),
      ]),
      [["b", ["function_call", "function_call_output"]]],
    );
  });
});

Deno.test("outputs of other calls with the same call id have not left with an answer", () => {
  const called = (id: string) => ({
    type: "function_call",
    id,
    call_id: "c",
    name: "exec_command",
    arguments: JSON.stringify({ cmd: id }),
  });
  const output = (text: string) => ({
    type: "function_call_output",
    call_id: "c",
    output: text,
  });
  const [one, two, three] = ["one", "two", "three"].map((text) =>
    message("user", text)
  );
  const early = [one, called("early"), output("early"), two];
  const late = [one, three, called("late"), output("late")];
  for (const schema of [1, 3]) {
    const bundle = new RawBundle(schema)
      .request("a", { input: [one] })
      .response("a", [called("early")])
      .request("b", { input: early })
      .response("b", [called("dropped")])
      .request("c", { input: [one, three] })
      .response("c", [called("late")])
      .request("d", { input: late })
      .end();
    opened(bundle, (session) => {
      const texts = summarize(session).dropped_items.map(({ call, items }) => [
        call.id,
        items.map(({ id }) =>
          session.trace.conversation_items.get(id)?.body.parts.map((part) =>
            part.type === "text"
              ? part.text
              : part.type === "json"
              ? part.summary
              : ""
          ).join()
        ),
      ]);
      const answer = schema === 1 ? ['{"cmd":"dropped"}'] : [];
      assertEquals(texts, [
        ["c", ['{"cmd":"early"}', "early", "two", ...answer]],
      ]);
    });
  }
});

Deno.test("a history that only grows has no such mark", () => {
  for (const last of [[...ONE, ...TWO, ...THREE], [...ONE, ...TWO]]) {
    opened(turns(last), (session) => {
      const { entries } = getTimeline(session);
      assertEquals(
        entries.filter(({ kind }) => kind === "dropped_items"),
        [],
      );
      assertEquals(summarize(session).dropped_items, []);
    });
  }
});
