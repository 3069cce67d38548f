/**
 * The data of a report: packed and unpacked it is the same, and nothing is stored twice.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import fc from "../support/random_seed.ts";
import {
  type ItemIdStorage,
  SharedItemIdList,
} from "../../lib/graph/item_id_list.ts";
import type { ConversationPart } from "../../lib/graph/conversation.ts";
import { openBundle } from "../../lib/query/session/open_bundle.ts";
import { buildReport } from "../../lib/report/build/build_report.ts";
import { VectorPool } from "../../lib/report/build/vector_pool.ts";
import { inertJson } from "../../lib/report/html/inert_json.ts";
import {
  type FlatColumn,
  packFlatTable,
} from "../../lib/report/build/flat_column.ts";
import {
  packTable,
  StringTable,
  unpackTable,
} from "../../lib/report/packed_table.ts";
import { Model } from "../../lib/report/page/model/model.ts";
import { escapeText } from "../../lib/report/page/ui/escape.ts";
import { recorded } from "./report_file.ts";

const OPTIONS = {
  version: "0",
  payloads: "used",
  maxPayloadBytes: 1 << 20,
} as const;

function wordsOf(part: ConversationPart): string {
  switch (part.type) {
    case "text":
    case "summary":
      return part.text;
    case "encoded":
      return part.value;
    case "json":
      return part.summary;
    case "code":
      return part.source;
    case "payload_ref":
      return "";
  }
}

function modelOf(name: string): Model {
  const { data, texts } = buildReport(openBundle(recorded(name)), OPTIONS);
  const blocks = new Map([
    ["report", inertJson(data)],
    ...texts.map((each, i) => [`texts-${i}`, inertJson(each)] as const),
  ]);
  return new Model((id) => blocks.get(id));
}

Deno.test("rows are the same after packing and unpacking", () => {
  const row = fc.record({
    text: fc.option(fc.string()),
    list: fc.array(fc.string()),
    number: fc.double({ noNaN: true, noDefaultInfinity: true }),
    flag: fc.boolean(),
    nested: fc.jsonValue(),
    integer: fc.option(fc.maxSafeInteger()),
    name: fc.nat().map((number) => `item:${number}.json`),
    digits: fc.constantFrom("item:7", "item:07", "item:7:8", "item:", null),
    tuple: fc.tuple(fc.string(), fc.integer()),
    tuples: fc.array(fc.tuple(fc.constantFrom("a", "b"), fc.nat())),
    record: fc.option(fc.record({ a: fc.nat(), b: fc.option(fc.string()) })),
    same: fc.constant("same"),
  });
  fc.assert(fc.property(fc.array(row), (rows) => {
    const strings = new StringTable();
    const packed = JSON.parse(inertJson(packTable(rows, strings)));
    const all: string[] = JSON.parse(inertJson(strings.all()));
    assertEquals(
      unpackTable(packed, all),
      JSON.parse(JSON.stringify(rows)),
    );
  }));
});

Deno.test("lists collected one after the other are packed as rows with arrays are", () => {
  const step = fc.tuple(
    fc.nat(2),
    fc.nat(),
    fc.array(fc.nat(), { maxLength: 2 }),
  );
  const row = fc.record({
    events: fc.array(fc.nat(), { maxLength: 3 }),
    steps: fc.array(step, { maxLength: 3 }),
  });
  // Lists of one length are stored as tuples.
  const even = fc.record({
    events: fc.tuple(fc.nat()),
    steps: fc.tuple(step, step),
  });
  fc.assert(fc.property(fc.oneof(fc.array(row), fc.array(even)), (rows) => {
    const steps = rows.flatMap((each) => [...each.steps]);
    const lengths = (lists: readonly (readonly unknown[])[]) =>
      lists.map((each) => each.length);
    const columns: Record<string, FlatColumn> = {
      events: {
        lengths: lengths(rows.map(({ events }) => events)),
        elements: rows.flatMap(({ events }) => [...events]),
      },
      steps: {
        lengths: lengths(rows.map((each) => each.steps)),
        elements: {
          places: [
            steps.map(([first]) => first),
            steps.map(([, second]) => second),
            {
              lengths: lengths(steps.map(([, , events]) => events)),
              elements: steps.flatMap(([, , events]) => events),
            },
          ],
        },
      },
    };
    const strings = new StringTable();
    assertEquals(
      packFlatTable(rows.length, columns, strings),
      packTable(rows, strings),
    );
  }));
});

Deno.test("a string is stored once, however often rows have it", () => {
  const strings = new StringTable();
  const idOf = (length: number) => `id-${"x".repeat(length)}`;
  const rows = Array.from({ length: 100 }, (_, i) => ({
    id: idOf(i % 7),
    list: [idOf(i % 2), idOf(i % 3)],
  }));
  const packed = JSON.stringify(packTable(rows, strings));
  assertEquals(strings.all().length, 7);
  assert(!packed.includes("id-"));
});

Deno.test("names, times and pointers that follow each other take a few bytes a row", () => {
  const strings = new StringTable();
  const rows = Array.from({ length: 1000 }, (_, i) => ({
    id: `raw_payload:${i + 1}`,
    at: 1_795_383_978_092 + i,
    about: [["payload", `raw_payload:${i + 1}`]],
    parts: i % 2 === 0 ? null : [{ type: "text", text: i, label: null }],
  }));
  const packed = JSON.stringify(packTable(rows, strings));
  assertEquals(strings.all(), []);
  assert(packed.length < 1000 * 12, `${packed.length} bytes`);
});

Deno.test("lists of one storage share a vector, also where their items are not all held", () => {
  const rows = new Map([["a", 0], ["b", 1], ["d", 2]]);
  const pool = new VectorPool(rows);
  const ids = ["a", "b", "c", "d"];
  const storage: ItemIdStorage = {
    length: ids.length,
    idAt: (index) => ids[index] ?? "",
  };
  assertEquals(pool.intern(new SharedItemIdList(storage, 2), "t"), [0, 2]);
  assertEquals(pool.intern(new SharedItemIdList(storage, 4), "t"), [0, 4]);
  assertEquals(pool.all(), [[0, 1, -1, 2]]);
});

Deno.test("plain lists of a thread share a vector as long as one continues the other", () => {
  const pool = new VectorPool(new Map([["a", 0], ["b", 1], ["c", 2]]));
  assertEquals(pool.intern(["a"], "t"), [0, 1]);
  assertEquals(pool.intern(["a", "b"], "t"), [0, 2]);
  assertEquals(pool.intern(["a"], "t"), [0, 1]);
  assertEquals(pool.intern(["a", "c"], "t"), [1, 2]);
  assertEquals(pool.intern(["a", "b"], "other"), [2, 2]);
  assertEquals(pool.all(), [[0, 1], [0, 2], [0, 1]]);
});

Deno.test("nothing in the data can end the element it is in", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const text = inertJson(value);
    assert(!/[<>&\u2028\u2029]/.test(text));
    assertEquals(JSON.parse(text), JSON.parse(JSON.stringify(value)));
  }));
  assertEquals(
    inertJson("</script><!--\u2028"),
    '"\\u003c/script\\u003e\\u003c!--\\u2028"',
  );
});

Deno.test("data that is almost ASCII is written as ASCII, other data unchanged", () => {
  const few = `${"a line of code\n".repeat(20)}✓ 😀`;
  const text = inertJson(few);
  assert(/^[\x20-\x7e]+$/.test(text), text);
  assertEquals(JSON.parse(text), few);
  assertEquals(inertJson("漢字 <b>"), '"漢字 \\u003cb\\u003e"');
});

Deno.test("the page reads the graph as it was reduced", () => {
  for (
    const name of ["0.164.0-agents_v2_sol_tree", "0.169.0-code_mode_tools"]
  ) {
    const { trace } = openBundle(recorded(name));
    const model = modelOf(name);
    assertEquals(
      model.rows.items.map(({ id }) => id),
      [...trace.conversation_items.keys()],
    );
    for (const [id, call] of trace.inference_calls) {
      const row = model.call(id);
      assert(row !== undefined);
      const list = model.list(row.request);
      assertEquals(
        Array.from({ length: list.length }, (_, i) => list.at(i)?.id),
        call.request_item_ids.toJSON(),
      );
      assertEquals<unknown>(row.usage, call.usage);
      assertEquals(row.status, call.execution.status);
    }
    for (const item of trace.conversation_items.values()) {
      const parts = model.item(item.item_id)?.parts ?? [];
      assertEquals(
        parts.map(({ text }) => model.text(text)),
        item.body.parts.map(wordsOf),
      );
    }
    for (const [id, tool] of trace.tool_calls) {
      const row = model.tool(id);
      assertEquals(row?.call_item_ids, tool.model_visible_call_item_ids);
      assertEquals(row?.output_item_ids, tool.model_visible_output_item_ids);
    }
    for (const [id, edge] of trace.interaction_edges) {
      const row = model.row("edge", id);
      assertEquals(row?.carried_item_ids, edge.carried_item_ids);
      assertEquals(row?.kind, edge.kind);
    }
  }
});

Deno.test("what steers reading is spelled out, and lines stay lines", () => {
  assertEquals(
    escapeText("a\u202eb\u0000c\u001b[2J\td\r\ne"),
    "a\\u202eb\\u0000c\\u001b[2J\td\ne",
  );
  // What takes no place is seen as well; what joins the parts of one sign stays.
  assertEquals(escapeText("a\u00adb\u{e0041}"), "a\\u00adb\\udb40\\udc41");
  assertEquals(
    escapeText("\u{1f469}\u200d\u{1f4bb}"),
    "\u{1f469}\u200d\u{1f4bb}",
  );
});

Deno.test("a tool has one name on the page: that of the figures is that of its calls", () => {
  const { data, rows } = modelOf("0.169.0-mcp");
  const ofCalls = new Set(rows.tools.map(({ label }) => label));
  assert(ofCalls.has("mcp lab/echo"));
  assertEquals(new Set(data.stats.tools.map(({ group }) => group)), ofCalls);
  assertEquals(new Set(data.show.tools.map(({ tool }) => tool)), ofCalls);
});
