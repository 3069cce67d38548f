/**
 * Small inputs that ask for much work: it grows with their size, and not faster.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { LineReader } from "../../lib/bundle/log/line_reader.ts";
import { readEventLog } from "../../lib/bundle/log/event_log.ts";
import { LimitError, PayloadError, ReplayError } from "../../lib/errors.ts";
import { ExplainContext } from "../../lib/query/explain/explain_context.ts";
import { search } from "../../lib/query/search/search.ts";
import { compileTextPattern } from "../../lib/query/search/search_pattern.ts";
import { openBundle } from "../../lib/query/session/open_bundle.ts";
import { countDiagnostics } from "../../lib/query/session/session_diagnostics.ts";
import { SessionFollower } from "../../lib/query/timeline/follow/session_follower.ts";
import { getTimeline } from "../../lib/query/timeline/timeline.ts";
import { lostEvidence } from "../../lib/query/evidence/known_count.ts";
import { splitLosses } from "../../lib/query/session/newer_parts.ts";
import { StepColumn, StepRows } from "../../lib/report/build/step_rows.ts";
import { hasMoreObjects } from "../../lib/format/json/json_strict.ts";
import { replayBundle } from "../../lib/replay.ts";
import { message, RawBundle } from "../support/bundles/raw_bundle.ts";
import { inFolder } from "../support/cli.ts";
import { asSchema, testEvery } from "../support/every_schema.ts";
import { slowTest } from "../support/cases.ts";
import { TESTDATA } from "../support/paths.ts";

const SCHEMAS = [1, 2, 3].map(asSchema);

/** A bundle of `calls` tool calls that name one payload. */
function sharedInvocation(calls: number): RawBundle {
  const bundle = new RawBundle(2);
  const invocation_payload = bundle.payload("tool_invocation", {});
  for (let call = 0; call < calls; call++) {
    bundle.tool(`call-${call}`, { invocation_payload });
  }
  return bundle;
}

Deno.test("the events that name a payload are listed once for all objects that name it", () => {
  const reads = [10, 100].map((calls) => {
    let count = 0;
    inFolder((folder) => {
      const session = openBundle(
        sharedInvocation(calls).writeTo(`${folder}/bundle`),
      );
      const context = new ExplainContext(session);
      const [payload] = session.names.all("payload");
      assert(payload !== undefined);
      const all = context.evidence("payload", payload.id, "all");
      assertEquals(all.length, calls);
      for (const each of all) {
        assert("line" in each);
        const { line } = each;
        Object.defineProperty(each, "line", {
          get: () => (count++, line),
        });
      }
      new StepRows(context, new Map()).addUpstream(payload, new StepColumn());
    });
    return count;
  });
  const [few = 0, many = 0] = reads;
  // Each is compared once with its neighbour.
  assert(few >= 10 && few <= 30 && many <= 300, `${reads}`);
});

Deno.test("items that report results of agents are searched once for all agents", () => {
  const name = "0.164.0-agents_v2_sol_tree";
  const session = openBundle(join(TESTDATA, "upstream", name, "bundle"));
  const items = session.trace.conversation_items;
  const values = items.values.bind(items);
  let walks = 0;
  Object.defineProperty(items, "values", {
    value: () => (walks++, values()),
  });
  const rows = new StepRows(new ExplainContext(session), new Map());
  const [first, ...others] = session.names.all("thread");
  assert(first !== undefined && others.length > 1);
  rows.addDownstream(first, new StepColumn());
  const once = walks;
  for (const thread of others) {
    rows.addDownstream(thread, new StepColumn());
  }
  assert(once > 0);
  assertEquals(walks, once);
});

testEvery(
  SCHEMAS,
  "short lines that are no events are decoded only while they are explained",
  ({ events }) => {
    const lines = 5000;
    for (const text of ["{}", "x", '"', "\0"]) {
      const bytes = new TextEncoder().encode(`${text}\n`.repeat(lines));
      let [at, decoded, faults] = [0, 0, 0];
      const decoder = Object.create(events, {
        decode: {
          value: (line: string) => {
            decoded++;
            return events.decode(line);
          },
        },
      });
      const source = {
        readSync: (buffer: Uint8Array) => {
          if (at === bytes.length) return null;
          const piece = bytes.subarray(at, at + buffer.length);
          buffer.set(piece);
          at += piece.length;
          return piece.length;
        },
      };
      const onFault = () => (faults++, "skip" as const);
      assertEquals([...readEventLog(source, decoder, undefined, onFault)], []);
      assertEquals(faults, lines);
      assert(decoded <= 1000, `${decoded}`);
    }
  },
);

Deno.test("lines that are too long are skipped up to a gigabyte, as in a sparse file", () => {
  const gigabyte = 1024 ** 3;
  let left = 3 * gigabyte;
  const reader = new LineReader({
    readSync: (buffer) => {
      left -= buffer.length;
      return left > 0 ? buffer.length : null;
    },
  }, 1000);
  assertEquals(reader.next()?.tooLong, true);
  assertThrows(() => reader.next(), LimitError, "1 GB");
  assert(left > 1.9 * gigabyte);
});

Deno.test("hasMoreObjects() counts arrays and objects, not brackets in strings", () => {
  const text = '{"a{[":[{}],"b\\"{":"[[[["}';
  assertEquals([2, 3].map((max) => hasMoreObjects(text, max)), [true, false]);
});

testEvery(
  SCHEMAS,
  "a payload or a line with more objects than the limit is refused before it is parsed",
  ({ version }) => {
    inFolder((folder) => {
      const bundle = new RawBundle(version);
      bundle.request("a", { input: Array(50).fill(message("user", "x")) });
      const dir = bundle.writeTo(`${folder}/bundle`);
      const error = assertThrows(
        () => replayBundle(dir, { limits: { objects: 50 } }),
        ReplayError,
      );
      assert(error.cause instanceof PayloadError);
      assertEquals(error.cause.code, "payload_over_limit");
      replayBundle(dir, { limits: { objects: 500 } });
      assertThrows(
        () => replayBundle(dir, { limits: { objects: 1 } }),
        LimitError,
        "objects=1",
      );
    });
  },
);

testEvery(SCHEMAS, "a search counts hits up to a limit", ({ version }) => {
  inFolder((folder) => {
    const bundle = new RawBundle(version);
    const input = [message("user", "a".repeat(600_000))];
    bundle.request("a", { input }).request("b", {
      input: [...input, message("user", "another")],
    });
    const session = openBundle(bundle.writeTo(`${folder}/bundle`));
    const answer = search(session, compileTextPattern("a"));
    assertEquals(answer.has_more_hits, true);
    assert(answer.hit_count < 500_100, `${answer.hit_count}`);
    assertEquals(
      answer.objects.filter(({ object }) => object.kind === "item").length,
      2,
    );
    const few = search(session, compileTextPattern("another"));
    assertEquals(few.has_more_hits, false);
  });
});

/** A bundle in which an event of an LLM request is between two runs of faulty lines. */
function faultyLines(count: number, line: string): RawBundle {
  return new RawBundle(1).request("a", { input: [message("user", "hi")] })
    .rewrite((log) => {
      const run = `${line}\n`.repeat(count);
      const lines = log.trimEnd().split("\n");
      return `${lines.slice(0, -1).join("\n")}\n${run}${lines.at(-1)}\n${run}`;
    });
}

slowTest(
  "of many faulty lines all are counted, and the first of each run is kept",
  () => {
    for (
      const line of ["{", "{}", '{"no": "event", "of": "any", "kind": true}']
    ) {
      inFolder((folder) => {
        const dir = faultyLines(5000, line).writeTo(`${folder}/bundle`);
        const session = openBundle(dir);
        const { diagnostics } = session;
        assertEquals(countDiagnostics(diagnostics), 10_000);
        assertEquals(session.extent, {
          events: 10_003,
          skipped_events: 10_000,
        });
        assert(diagnostics.length < 1010, `${diagnostics.length} kept`);
        const { entries } = getTimeline(session, { kinds: ["loss"] });
        assertEquals(entries.length, diagnostics.length);
        assertEquals(
          entries.flatMap(({ detail }) =>
            detail.type === "loss" && detail.more_lines > 0
              ? [[detail.line, detail.more_lines]]
              : []
          ),
          // The request is the third event: after it begins another run.
          [[1003, 3999], [5004, 4999]],
        );
        assertEquals(lostEvidence(session).events, true);
        using follower = new SessionFollower(dir);
        const losses = [...follower.read()].flatMap(({ detail }) =>
          detail.type === "loss" ? [1 + detail.more_lines] : []
        );
        assertEquals(losses.reduce((sum, each) => sum + each), 10_000);
        assert(losses.length < 2010, `${losses.length} followed`);
      });
    }
  },
);

Deno.test("of many events of unknown types the count of each type is exact", () => {
  inFolder((folder) => {
    const bundle = new RawBundle(1);
    for (let event = 0; event < 3000; event++) {
      bundle.event({ type: event % 3 === 0 ? "third" : "rest" });
    }
    const session = openBundle(bundle.writeTo(`${folder}/bundle`));
    assertEquals(splitLosses(session.diagnostics).unknown_event_types, [
      { event_type: "third", count: 1000 },
      { event_type: "rest", count: 2000 },
    ]);
    assert(session.diagnostics.length < 1010);
  });
});

Deno.test("an event of a damaged line is known to be damaged, however many were before it", () => {
  inFolder((folder) => {
    const dir = faultyLines(3000, "\0".repeat(40))
      .rewrite((log) => log.replace('{"schema_version":1,"seq":3', "\0\0$&"))
      .writeTo(`${folder}/bundle`);
    const { log, diagnostics } = openBundle(dir);
    const line = log?.events.at(-1)?.line;
    assertEquals(line, 3003);
    assertEquals(
      diagnostics.filter((each) => each.line === line).map(({ code }) => code),
      ["nul_bytes"],
    );
    assertEquals(countDiagnostics(diagnostics), 6001);
  });
});
