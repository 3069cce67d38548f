/**
 * The links of a graph, against every list of its state.json read by hand.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import { GraphLinks } from "../../../lib/query/evidence/links/graph_links.ts";
import { getEvidence } from "../../../lib/query/evidence/links/evidence.ts";
import { OBJECT_KINDS } from "../../../lib/query/session/names/object_kind.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import {
  casesBelow,
  type ConformanceCase,
} from "../../reduce/reference/conformance.ts";
import { CORPUS } from "../../support/cases.ts";
import { TESTDATA } from "../../support/paths.ts";

const CASES = [
  ...casesBelow(join(TESTDATA, "upstream")),
  ...existsSync(CORPUS) ? casesBelow(CORPUS) : [],
].filter(({ folder }) => existsSync(join(folder, "expected.state.json")));

interface Execution {
  started_seq: number;
}
/** As much of a state.json as is read. */
interface State {
  conversation_items: Record<string, unknown>;
  inference_calls: Record<
    string,
    { execution: Execution; request_item_ids: string[] }
  >;
  compactions: Record<string, { input_item_ids: string[] }>;
  raw_payloads: Record<string, { parts?: { raw_payload_id: string }[] }>;
  [map: string]: unknown;
}

function stateOf({ folder }: ConformanceCase): State {
  const path = join(folder, "expected.state.json");
  return JSON.parse(Deno.readTextFileSync(path));
}

/** The same graph with lists that share nothing, as a loader of files may give it. */
function withPlainLists({ trace }: TraceSession): GraphLinks {
  const plain = (ids: readonly string[]) => ({
    length: ids.length,
    at: (index: number) => ids[index],
    toJSON: () => [...ids],
    [Symbol.iterator]: () => ids[Symbol.iterator](),
  });
  return new GraphLinks({
    ...trace,
    inference_calls: new Map(
      [...trace.inference_calls].sort(([a], [b]) => a < b ? -1 : 1).map(
        ([id, call]) => [id, {
          ...call,
          request_item_ids: plain([...call.request_item_ids]),
        }],
      ),
    ),
    compactions: new Map(
      [...trace.compactions].map(([id, compaction]) => [id, {
        ...compaction,
        input_item_ids: plain([...compaction.input_item_ids]),
      }]),
    ),
  });
}

Deno.test("links report which requests carried an item, for every item of every recorded case", () => {
  assert(CASES.length > 10);
  for (const each of CASES) {
    const session = openBundle(each.bundle);
    const state = stateOf(each);
    const calls = Object.entries(state.inference_calls).sort(([, a], [, b]) =>
      a.execution.started_seq - b.execution.started_seq
    );
    const graphs = [new GraphLinks(session.trace), withPlainLists(session)];
    for (const item of Object.keys(state.conversation_items)) {
      const expected = calls
        .filter(([, call]) => call.request_item_ids.includes(item))
        .map(([id]) => id);
      const compactions = Object.entries(state.compactions)
        .filter(([, { input_item_ids: ids }]) => ids.includes(item))
        .map(([id]) => id);
      for (const { carriers } of graphs) {
        const { count, first, last } = carriers.requests(item);
        const where = `${each.name} ${item}`;
        assertEquals(count, expected.length, where);
        assertEquals(first?.inference_call_id, expected[0], where);
        assertEquals(last?.inference_call_id, expected.at(-1), where);
        assertEquals(
          carriers.everyRequest(item).map((call) => call.inference_call_id),
          expected,
          where,
        );
        assertEquals(
          carriers.compactions(item).map((one) => one.compaction_id).sort(),
          compactions.sort(),
          where,
        );
      }
    }
  }
});

/** Every string in `value` that is a key of one of the graph's maps, histories left out. */
function idsIn(value: unknown, known: ReadonlySet<string>): string[] {
  if (typeof value === "string") return known.has(value) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((one) => idsIn(one, known));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    HISTORIES.has(key) ? [] : idsIn(member, known)
  );
}

/** Lists that the links leave out, texts that may look like ids, and ids that are no names. */
const HISTORIES = new Set([
  "request_item_ids",
  "input_item_ids",
  "conversation_item_ids",
  "body",
  "summary",
  "model_observations",
  "mcp_call_id",
  "model_visible_call_id",
  "code_mode_runtime_tool_id",
  "resolved_wait_runtime_cell_id",
  "call_id",
]);

const MAPS = [
  "threads",
  "codex_turns",
  "conversation_items",
  "inference_calls",
  "code_cells",
  "tool_calls",
  "terminal_sessions",
  "terminal_operations",
  "compactions",
  "compaction_requests",
  "interaction_edges",
] as const;

Deno.test("links hold every id that an object of state.json names, and nothing else", () => {
  for (const each of CASES) {
    const { trace } = openBundle(each.bundle);
    const links = new GraphLinks(trace);
    const state = stateOf(each);
    const maps = [...MAPS, "raw_payloads"].map((name) => state[name] ?? {});
    const known = new Set(maps.flatMap((map) => Object.keys(map)));
    const expected = new Set<string>();
    for (const name of MAPS) {
      for (const [id, object] of Object.entries(state[name] ?? {})) {
        for (const named of idsIn(object, known)) {
          if (named !== id) expected.add(`${id} > ${named}`);
        }
      }
    }
    // Parts of parts are named by the part, which is a payload of its own.
    for (const [id, { parts = [] }] of Object.entries(state.raw_payloads)) {
      for (const part of parts) expected.add(`${id} > ${part.raw_payload_id}`);
    }
    const found = new Set<string>();
    for (const kind of OBJECT_KINDS) {
      for (const id of known) {
        for (const { from, role } of links.to(kind, id)) {
          // Reported by bodies and items' own threads, which are not read here.
          if (role !== "body_payload" && from.id !== id) {
            found.add(`${from.id} > ${id}`);
          }
        }
      }
    }
    // An item's thread lists it: that direction is enough.
    for (const [id, item] of trace.conversation_items) {
      if (!found.has(`${id} > ${item.thread_id}`)) {
        expected.delete(`${id} > ${item.thread_id}`);
      }
    }
    assertEquals([...found].sort(), [...expected].sort(), each.name);
  }
});

Deno.test("evidence of every object is there, in order, and names payloads of the bundle", () => {
  for (const each of CASES) {
    const session = openBundle(each.bundle);
    const links = new GraphLinks(session.trace);
    for (const kind of OBJECT_KINDS) {
      for (const ref of session.names.all(kind)) {
        const evidence = getEvidence(session, links, ref);
        const where = `${each.name} ${ref.handle}`;
        assert(evidence.length > 0, where);
        const lines = evidence.map(({ line }) => Number(line));
        assertEquals(lines, lines.toSorted((a, b) => a - b), where);
        for (const { seq, payloads } of evidence) {
          assertEquals(session.log?.at(seq)?.event.seq, seq);
          for (const { id, path } of payloads) {
            // A payload of schema 3 has no file of its own.
            const { shard } = session.trace.raw_payloads.get(id) ?? {};
            assert(
              shard !== undefined || existsSync(join(each.bundle, path ?? "?")),
              where,
            );
          }
        }
      }
    }
  }
});
