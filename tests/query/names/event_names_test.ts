/**
 * What an event of a log is about, where it calls an object by another id than the graph does.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { DecodedEvent } from "../../../lib/format/event.ts";
import { EventIndex } from "../../../lib/query/session/event_index.ts";
import {
  findObject,
  objectsOf,
} from "../../../lib/query/session/resolve_object.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { inFolder } from "../../support/cli.ts";
import { RawBundle, THREAD } from "../../support/bundles/raw_bundle.ts";
import { startWork } from "../../support/work_cost.ts";

const OTHER = "00000000-0000-0000-0000-00000000000b";

function opened(
  bundle: RawBundle,
  test: (session: TraceSession) => void,
): void {
  inFolder((folder) => test(openBundle(bundle.writeTo(`${folder}/bundle`))));
}

function handlesAt(session: TraceSession, seq: number): string[] {
  const event = session.log?.at(seq);
  assert(event !== undefined, `no event ${seq}`);
  return objectsOf(session, event).map(({ handle }) => handle);
}

function cell(bundle: RawBundle, runtime_cell_id: string, call: string): void {
  bundle.event({
    type: "code_cell_started",
    runtime_cell_id,
    model_visible_call_id: call,
    source_js: "1",
  });
  bundle.event({
    type: "code_cell_ended",
    runtime_cell_id,
    status: "completed",
    response_payload: null,
  });
}

function cells(calls: readonly string[]): object {
  return {
    input: calls.map((call_id) => ({
      type: "custom_tool_call",
      name: "exec",
      input: "1",
      call_id,
    })),
  };
}

Deno.test("an event is found by its number, whatever the type of the number is", () => {
  const large = 2n ** 53n + 1n;
  const events = [1, 2, large, 2].map((seq, at) => ({
    line: at,
    event: { seq },
  }));
  const log = new EventIndex(events as unknown as readonly DecodedEvent[]);
  const lines = [1, 1n, 2, 2n, large, large - 1n, Number(large), 3, -1n]
    .map((seq) => log.at(seq)?.line);
  assertEquals(lines, [0, 0, 1, 1, 2, ...Array(4).fill(undefined)]);
});

Deno.test("an event about a cell is about that one, whatever other cells there are", () => {
  const bundle = new RawBundle(2);
  bundle.request("i", cells(["a", "b"]));
  cell(bundle, "1", "a");
  cell(bundle, "2", "b");
  opened(bundle, (session) => {
    assertEquals(handlesAt(session, 4), ["cell:1", "cell:1"]);
    assertEquals(handlesAt(session, 5), ["cell:1"]);
    assertEquals(handlesAt(session, 7), ["cell:2"]);
  });
});

Deno.test("an accepted item is one of that very id, in the thread of the event", () => {
  const assistant = (id: string) => ({
    type: "message",
    role: "assistant",
    content: [{ type: "output_text", text: id }],
    id,
  });
  const bundle = new RawBundle(2);
  bundle.event({
    type: "thread_started",
    thread_id: OTHER,
    agent_path: "/root/other",
  });
  bundle.request("i", { input: [assistant("msg")] });
  const accepted = (item_id: string, thread_id: string) =>
    bundle.event({ type: "history_item_accepted", item_id }, { thread_id });
  accepted("msg", THREAD);
  accepted("ms", THREAD);
  accepted("item:1", THREAD);
  accepted("msg", OTHER);
  opened(bundle, (session) => {
    const items = [5, 6, 7, 8].map((seq) => handlesAt(session, seq));
    assertEquals(items, [["item:1"], [], [], []]);
    assertEquals(findObject(session, "5").type, "found");
  });
});

Deno.test("finding what events are about takes no longer where there are very many cells", () => {
  const bundle = new RawBundle(2);
  const calls = Array.from({ length: 8_000 }, (_, at) => `call-${at}`);
  for (const call of calls) cell(bundle, call, call);
  bundle.request("i", cells(calls));
  opened(bundle, (session) => {
    const worked = startWork();
    const found = session.log?.events.flatMap((event) =>
      objectsOf(session, event)
    ) ?? [];
    assert(found.length > 3 * calls.length);
    assert(worked() < 3_000);
  });
});
