/**
 * `search`: which hits in payloads are copies of the text of an object of the graph, against the
 * files.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { ObjectHit } from "../../../lib/query/search/search_answer.ts";
import { compileTextPattern } from "../../../lib/query/search/search_pattern.ts";
import { search } from "../../../lib/query/search/search.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { printed, upstreamBundle } from "../../cli/commands/command_golden.ts";
import { everyCase, type GoldenCase, slowTest } from "../../support/cases.ts";
import { rawPayload } from "../../support/log_oracle.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Maps = Record<string, Record<string, Json>>;

const WORDS = ["fail", "exec", "the", "er"];
const MAPS: Record<string, string> = {
  item: "conversation_items",
  tool_call: "tool_calls",
  code_cell: "code_cells",
  terminal_operation: "terminal_operations",
};

/** Every text in a document, keys included, by its path. */
function textsIn(value: Json, path = ""): [string, string][] {
  if (Array.isArray(value)) {
    return value.flatMap((each, index) => textsIn(each, `${path}[${index}]`));
  }
  if (typeof value !== "object" || value === null) {
    return [[path, String(value)]];
  }
  return Object.entries(value).flatMap(([key, member]) => {
    const inner = path === "" ? key : `${path}.${key}`;
    return [[inner, key] as [string, string], ...textsIn(member, inner)];
  });
}

interface Evidence {
  readonly maps: Maps;
  readonly objects: readonly ObjectHit[];
  readonly textsAt: (payload: string) => [string, string][];
  readonly isTruncated: (payload: string) => boolean;
  /** The events of the log that name an id: they hold what the graph does not. */
  readonly loggedTexts: (id: string) => Json;
}

/** What is found in a bundle, beside its files. */
function getEvidence({ bundle, state }: GoldenCase, word: string): Evidence {
  const maps: Maps = JSON.parse(Deno.readTextFileSync(state ?? ""));
  const session = openBundle(bundle);
  const { objects } = search(session, compileTextPattern(word), {
    maxHits: 1e6,
  });
  const textsAt = (payload: string) => {
    const ref = session.trace.raw_payloads.get(payload);
    // What was kept of a truncated payload is not a document.
    return ref === undefined || ref.capture !== undefined
      ? []
      : textsIn(rawPayload(bundle, ref));
  };
  const isTruncated = (payload: string) =>
    session.trace.raw_payloads.get(payload)?.capture !== undefined;
  const loggedTexts = (id: string): Json =>
    Deno.readTextFileSync(join(bundle, "trace.jsonl")).split("\n")
      .filter((line) => line.includes(JSON.stringify(id)))
      .map((line) => JSON.parse(line));
  return { maps, objects, textsAt, isTruncated, loggedTexts };
}

function eachCase(check: (evidence: Evidence, where: string) => void): void {
  for (const each of everyCase()) {
    if (each.state === undefined) continue;
    for (const word of WORDS) check(getEvidence(each, word), each.name);
  }
}

slowTest(
  "what a payload copies is complete in the object that reports it",
  () => {
    let copies = 0;
    eachCase(({ maps, objects, textsAt, isTruncated, loggedTexts }, where) => {
      for (const { object, hits, copied_hit_count: count } of objects) {
        const copied = hits.filter(({ copy_of: reporter }) =>
          reporter !== null
        );
        assertEquals(copied.length, count);
        if (copied.length === 0) continue;
        assertEquals(object.kind, "payload");
        if (isTruncated(object.id)) continue;
        const texts = textsAt(object.id);
        for (const { field, copy_of: reporter } of copied) {
          assert(reporter !== null);
          const result = textsIn(
            maps[MAPS[reporter.kind] ?? ""]?.[reporter.id] ??
              loggedTexts(reporter.id),
          ).map(([, text]) => text);
          const isReported = texts.filter(([path]) => path === field)
            .some(([, text]) => result.some((each) => each.includes(text)));
          assert(
            isReported,
            `${where}: ${object.handle} ${field} ${reporter.handle}`,
          );
          const found = objects.find((each) => each.object.id === reporter.id);
          assert(found !== undefined && found.hit_count > 0, where);
          copies++;
        }
      }
    });
    assert(copies > 300, `${copies}`);
  },
);

slowTest(
  "no hit in a request is listed that an item of the request contains word for word",
  () => {
    let own = 0;
    eachCase(({ maps, objects, textsAt }, where) => {
      const items = new Map(Object.entries(maps["conversation_items"] ?? {}));
      const calls = Object.values<Json>(maps["inference_calls"] ?? {});
      for (const { object, label, hits } of objects) {
        if (label !== "inference_request") continue;
        const call = calls.find((each) =>
          JSON.stringify(each).includes(
            `"raw_request_payload_id":"${object.id}"`,
          )
        ) as { request_item_ids: string[] } | undefined;
        const words = new Set(
          call?.request_item_ids.flatMap((id) =>
            textsIn(items.get(id) ?? null)
              .filter(([path]) => /^body\.parts\[\d+\]\.\w+$/.test(path))
              .map(([, text]) => text)
          ),
        );
        const texts = textsAt(object.id);
        for (const { field, copy_of: reporter } of hits) {
          if (reporter !== null) continue;
          own++;
          const [full] = texts.filter(([path]) => path === field)
            .map(([, text]) => text);
          const isStated = (full ?? "").length >= 24 && words.has(full ?? "");
          assert(!isStated, `${where}: ${object.handle} ${field}`);
        }
      }
    });
    assert(own > 100, `${own}`);
  },
);

Deno.test("search lists a tool by its name, and folds what payloads repeat", async () => {
  const bundle = upstreamBundle("0.169.0-mcp");
  const { stdout } = await printed(["search", bundle, "boom"]);
  assertStringIncludes(stdout, "2 hits in 2 objects");
  assertStringIncludes(stdout, "kind.tool  boom\n  also in payload:16");
  assertStringIncludes(
    stdout,
    `all about one: rollout-trace explain ${bundle} tool:3\n`,
  );
  assert(!/^payload:/m.test(stdout));
  for (const more of [["--copies"], ["--in", "items,arguments,payloads"]]) {
    const all = await printed(["search", bundle, "boom", ...more]);
    assertStringIncludes(all.stdout, "9 hits in 8 objects");
    assert(/^payload:16 /m.test(all.stdout));
    assert(!all.stdout.includes("also in"));
  }
});
