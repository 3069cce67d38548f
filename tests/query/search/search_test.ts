/**
 * `search`: what it finds, against the evidence searched by other means.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "../../support/random_seed.ts";
import {
  type PatternOptions,
  searchPattern,
} from "../../../lib/cli/commands/search/search_pattern.ts";
import { UsageError } from "../../../lib/cli/args/usage_error.ts";
import { JsonTexts, textOf } from "../../../lib/query/search/json_texts.ts";
import type { SearchAnswer } from "../../../lib/query/search/search_answer.ts";
import {
  compileRegexPattern,
  compileTextPattern,
} from "../../../lib/query/search/search_pattern.ts";
import { search } from "../../../lib/query/search/search.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { inFolder } from "../../support/cli.ts";
import { everyCase, slowTest } from "../../support/cases.ts";
import { RawBundle } from "../../support/bundles/raw_bundle.ts";
import { rawPayload } from "../../support/log_oracle.ts";
import { rawRequests } from "../../support/request_oracle.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A part of an item's body, as the file has it. */
type Part = { type: string } & Record<string, string>;

const WORDS = ["fail", "exec", "the", "call_", "er"] as const;

/** Every key and every scalar of a document, with its path. */
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

function countIn(texts: readonly string[], word: string): number {
  const counts = texts.map((text) => text.toLowerCase().split(word).length - 1);
  return counts.reduce((sum, count) => sum + count, 0);
}

function countsOf(answer: SearchAnswer, kind: string): Map<string, number> {
  return new Map(
    answer.objects.filter(({ object }) => object.kind === kind)
      .map(({ object, hit_count }) => [object.id, hit_count]),
  );
}

Deno.test("search counts in items what their texts hold", () => {
  let found = 0;
  for (const { bundle, state } of everyCase()) {
    if (state === undefined) continue;
    const session = openBundle(bundle);
    const file = JSON.parse(Deno.readTextFileSync(state));
    for (const word of WORDS) {
      const expected = new Map<string, number>();
      for (const [id, item] of Object.entries<Json>(file.conversation_items)) {
        const { parts } = (item as { body: { parts: Part[] } }).body;
        const texts = parts.map((part) =>
          part.type === "payload_ref"
            ? part["label"]
            : part["text"] ?? part["value"] ?? part["summary"] ?? part["source"]
        ).map(String);
        const count = countIn(texts, word);
        if (count > 0) expected.set(id, count);
      }
      const answer = search(session, compileTextPattern(word), {
        scopes: ["items"],
      });
      const actual = countsOf(answer, "item");
      assertEquals(
        [...actual].sort(),
        [...expected].sort(),
        `${word} in ${bundle}`,
      );
      found += actual.size;
    }
  }
  assert(found > 100);
});

slowTest(
  "search counts in payloads what their files hold, and of requests what is new",
  () => {
    let found = 0;
    for (const { bundle, state } of everyCase()) {
      if (state === undefined) continue;
      const session = openBundle(bundle);
      for (const word of WORDS) {
        const actual = countsOf(
          search(session, compileTextPattern(word), { scopes: ["payloads"] }),
          "payload",
        );
        const result = new Map<string, Set<string>>();
        const recorded = rawRequests(bundle).values().filter(({ input }) =>
          input.capture === undefined
        );
        // A prompt that was prepared for a recorded request repeats it, as parts repeat their composed payload.
        const prepared = new Set(
          [...recorded].map(({ event: { payload } }) =>
            payload.prepared_prompt_payload?.raw_payload_id
          ),
        );
        for (const [id, ref] of session.trace.raw_payloads) {
          const { kind } = ref;
          if (ref.capture !== undefined) continue;
          const isPart = /^(?:model_item|content_value)$/.test(kind.type);
          if (isPart || prepared.has(id)) {
            assertEquals(
              actual.get(id),
              undefined,
              `${word} in ${bundle} ${id}`,
            );
            continue;
          }
          const texts = textsIn(rawPayload(bundle, ref)).map(([, text]) =>
            text
          );
          const count = countIn(texts, word);
          found += actual.get(id) ?? 0;
          if (
            !/^(?:(?:inference|compaction)_request|warmup_context)$/.test(
              kind.type,
            )
          ) {
            assertEquals(
              actual.get(id) ?? 0,
              count,
              `${word} in ${bundle} ${id}`,
            );
            continue;
          }
          const thread = threadOf(bundle, id);
          const known = result.get(thread) ?? new Set();
          const holding = texts.filter((text) => countIn([text], word) > 0);
          const fresh = holding.filter((text) => !known.has(text));
          const least = countIn([...new Set(fresh)], word);
          const counted = actual.get(id) ?? 0;
          assert(counted <= count, `${word} in ${bundle} ${id}`);
          assert(counted >= least, `${word} in ${bundle} ${id}: ${counted}`);
          holding.forEach((text) => known.add(text));
          result.set(thread, known);
        }
      }
    }
    assert(found > 1000);
  },
);

/** The thread of the event that names a payload, read from the log as it is. */
function threadOf(bundle: string, id: string): string {
  const line = Deno.readTextFileSync(`${bundle}/trace.jsonl`).split("\n")
    .find((each) => each.includes(`"raw_payload_id":"${id}"`));
  return String(JSON.parse(line ?? "{}").thread_id);
}

Deno.test("search does not report again what a request repeats", () => {
  inFolder((folder) => {
    const bundle = new RawBundle(2);
    const assistant = (text: string) => ({
      type: "message",
      role: "user",
      content: [{ type: "input_text", text }],
    });
    bundle.request("a", {
      model: "m",
      input: [assistant("needle one")],
      tools: [],
    });
    bundle.request("b", {
      model: "m",
      input: [assistant("needle one"), assistant("needle two")],
      tools: [],
    });
    bundle.request("c", {
      model: "m",
      input: [assistant("needle one"), assistant("needle three")],
      tools: ["needle"],
    });
    bundle.writeTo(`${folder}/bundle`);
    const answer = search(
      openBundle(`${folder}/bundle`),
      compileTextPattern("needle"),
      { scopes: ["payloads"] },
    );
    assertEquals(
      answer.objects.map(({ hits }) => hits.map(({ field }) => field)),
      [
        ["input[0].content[0].text"],
        ["input[1].content[0].text"],
        ["input[1].content[0].text", "tools[0]"],
      ],
    );
  });
});

Deno.test("search finds a text that is quoted as JSON inside JSON", () => {
  const assistant = 'print "hi"\n';
  for (let depth = 0, text = assistant; depth < 3; depth++) {
    const [match] = compileTextPattern(assistant).matches(`… ${text} …`);
    assertEquals(match, { start: 2, end: 2 + text.length });
    text = JSON.stringify(text).slice(1, -1);
  }
});

Deno.test("search takes small letters for any case, and capitals as they are", () => {
  const all = (pattern: string, text: string) =>
    [...compileTextPattern(pattern).matches(text)].length;
  assertEquals(all("straße", "STRASSE Straße straße"), 2);
  assertEquals(all("error", "Error ERROR error"), 3);
  assertEquals(all("Error", "Error ERROR error"), 1);
  assertEquals(all("a.c", "abc a.c"), 1);
  assertThrows(() => compileTextPattern(""), RangeError);
});

Deno.test("search takes a path for a text, and an expression only with isRegex", async () => {
  const text = { isRegex: false, isFixed: false, ignoreCase: false };
  const regex = { ...text, isRegex: true };
  const typeOf = async (word: string, options: PatternOptions) => {
    const { type, text, caseSensitive } = await searchPattern(word, options);
    return [type, text, caseSensitive];
  };
  assertEquals(await typeOf("a+b", regex), ["regex", "a+b", true]);
  assertEquals(await typeOf("a+b", { ...regex, ignoreCase: true }), [
    "regex",
    "a+b",
    false,
  ]);
  assertEquals(await typeOf("/w/a.txt", text), ["text", "/w/a.txt", false]);
  assertEquals(await typeOf("/a+b/", text), ["text", "/a+b/", false]);
  assertEquals(await typeOf("Error", { ...text, ignoreCase: true }), [
    "text",
    "Error",
    false,
  ]);
  for (const word of ["", "(", "(?=a)b", "(a)\\1"]) {
    await assertRejects(() => searchPattern(word, regex), UsageError);
  }
  await assertRejects(
    () => searchPattern("a", { ...regex, isFixed: true }),
    UsageError,
  );
  assertEquals([...(await searchPattern("a/b*", regex)).matches("xa/bb a/")], [
    { start: 1, end: 5 },
    { start: 6, end: 8 },
  ]);
  assertEquals([...(await searchPattern("x*", regex)).matches("axxb")], [
    { start: 1, end: 3 },
  ]);
});

Deno.test("an expression that would take for ever elsewhere is answered", async () => {
  const text = `${"a".repeat(50_000)}!`;
  for (const word of ["^(a+)+$", "(a|aa)+$", "(.*)(.*)(.*)x"]) {
    const pattern = await searchPattern(word, {
      isRegex: true,
      isFixed: false,
      ignoreCase: false,
    });
    assertEquals([...pattern.matches(text)], []);
  }
});

Deno.test("the texts of any JSON are found, with their paths", () => {
  fc.assert(fc.property(fc.json({ maxDepth: 4 }), (json) => {
    for (const text of [json, JSON.stringify(JSON.parse(json), null, 2)]) {
      const bytes = new TextEncoder().encode(text);
      const texts = new JsonTexts(bytes);
      const found: string[] = [];
      for (let each = texts.next(); each !== undefined; each = texts.next()) {
        found.push(textOf(bytes, each));
      }
      const expected = textsIn(JSON.parse(json)).map(([, each]) => each);
      assertEquals(found, expected.map(numberAsIn(found)));
    }
  }));
});

/** Numbers are as they are spelled, `1e21` as `1e+21`. */
function numberAsIn(found: readonly string[]) {
  return (text: string, index: number) => {
    const spelled = found[index] ?? "";
    return /^-?\d/.test(text) && Number(text) === Number(spelled)
      ? spelled
      : text;
  };
}

Deno.test("paths lead to where a text is", () => {
  const bytes = new TextEncoder().encode(
    '{"a":[1,{"b":"x","c":[]},"y"],"":{"d":null}}',
  );
  const texts = new JsonTexts(bytes);
  const paths: string[] = [];
  for (let each = texts.next(); each !== undefined; each = texts.next()) {
    paths.push(texts.path());
  }
  assertEquals(paths, [
    "a",
    "a[0]",
    "a[1].b",
    "a[1].b",
    "a[1].c",
    "a[2]",
    "",
    ".d",
    ".d",
  ]);
});

Deno.test("search reads payloads that are no JSON, nest deeply, or are missing", () => {
  inFolder((folder) => {
    const bundle = new RawBundle(2);
    const report = (name: string, text: string) =>
      bundle.event({
        type: "protocol_event_observed",
        event_type: name,
        event_payload: bundle.payload("protocol_event", text),
      });
    report("html", "<html>a needle in <b>words</b></html>");
    report("cut", '{"text":"a needle in a str');
    report("deep", `${"[".repeat(200_000)}"needle"`);
    bundle.event({
      type: "protocol_event_observed",
      event_type: "gone",
      event_payload: {
        raw_payload_id: "gone",
        kind: { type: "protocol_event" },
        path: "payloads/gone.json",
      },
    });
    bundle.writeTo(`${folder}/bundle`);
    const answer = search(
      openBundle(`${folder}/bundle`),
      compileTextPattern("needle in"),
    );
    assertEquals(answer.hit_count, 2);
    assertEquals(
      answer.unreadable_payloads.map(({ object }) => object.id),
      ["gone"],
    );
    const deep = search(
      openBundle(`${folder}/bundle`),
      compileRegexPattern(/^needle$/),
    );
    assertEquals(deep.hit_count, 1);
    const [path] = deep.objects.flatMap(({ hits }) =>
      hits.map(({ field }) => field)
    );
    assertEquals(path, `…${"[0]".repeat(16)}`);
  });
});

Deno.test("search keeps to the thread and the places that are asked for", () => {
  for (const { bundle, name } of everyCase()) {
    if (name !== "0.164.0-agents_v2") continue;
    const session = openBundle(bundle);
    const [root] = session.names.all("thread");
    assert(root !== undefined);
    const all = search(session, compileTextPattern("e"));
    const ofRoot = search(session, compileTextPattern("e"), {
      thread: root.id,
    });
    assertEquals(
      ofRoot.objects.map(({ object }) => object.id),
      all.objects.filter(({ thread }) => thread?.id === root.id)
        .map(({ object }) => object.id),
    );
    assert(ofRoot.objects.length < all.objects.length);
    const outputs = search(session, compileTextPattern("e"), {
      scopes: ["outputs"],
      maxHits: 1,
    });
    assert(outputs.objects.every(({ hits }) => hits.length === 1));
    assert(outputs.objects.some(({ hit_count: count }) => count > 1));
    const seqs = all.objects.flatMap(({ seq }) => seq === null ? [] : [seq]);
    assertEquals(seqs.length, all.objects.length);
    assertEquals(seqs, seqs.toSorted((a, b) => Number(a) - Number(b)));
    return;
  }
  assert(false, "no case with agents");
});
