/**
 * Documents that begin as others: what is walked once for several of them is replaced, counted and
 * scanned in each.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { Collector } from "../../../lib/export/redact/collector.ts";
import type { TextRule } from "../../../lib/export/redact/content.ts";
import { Detectors } from "../../../lib/export/redact/detect/detectors.ts";
import { Replacer } from "../../../lib/export/redact/replacer.ts";
import type { DocumentInfo } from "../../../lib/export/redact/text/document_walker.ts";
import { StringPlace } from "../../../lib/export/redact/text/json_strings.ts";
import {
  type RepeatStreams,
  SplitValues,
} from "../../../lib/export/redact/text/split_values.ts";
import { ValueTable } from "../../../lib/export/redact/text/value_table.ts";

const TOKEN = `ghp_${"aB3dE6gH9".repeat(4)}`;
const KEY = `AKIA${"Q3ZT7VRM".repeat(2)}`;
const SPLIT = `glpat-${"x7Kq2Wm9".repeat(3)}`.slice(0, 26);

type Item = Readonly<Record<string, unknown>>;

/** Items of a conversation, with values in some spellings and between strings. */
function itemOf(at: number): Item {
  const filler = `line ${at}: the quick brown fox – `.repeat(40 + at * 7 % 90);
  const texts = [
    filler,
    at % 5 === 1 ? `use ${TOKEN} for it` : "nothing here",
    at % 7 === 2 ? JSON.stringify({ env: { TOKEN, at } }) : `{"at":${at}}`,
    // Replaced here alone.
    at % 4 === 0 ? `password = "Tr!cky"` : "",
    at % 4 === 3 ? `jane.doe${at}@corp.example.com wrote` : "ok",
    at % 6 === 4 ? btoa(`key ${KEY} of ${at}`) : "",
    ...at % 9 === 5 ? [`a${SPLIT.slice(0, 11)}`, `${SPLIT.slice(11)} b`] : [],
    ...at % 3 === 0 ? [`${SPLIT.slice(0, 9)}`, SPLIT.slice(9, 20)] : [],
    ...at % 3 === 0 ? [SPLIT.slice(20), `end of ${at}`] : [],
    at % 8 === 6 ? `${filler.repeat(4)} ${TOKEN.slice(0, 20)}` : "short",
  ];
  return { type: "message", role: at % 2 === 0 ? "user" : "tool", texts };
}

/** Requests of which each has the conversation so far; some drop or change a part of it. */
function requests(): string[] {
  const texts: string[] = [];
  let items: Item[] = [];
  for (let at = 0; at < 60; at++) {
    items.push(itemOf(at));
    if (at === 25) items = items.slice(0, 12);
    if (at === 40) items[8] = itemOf(100);
    texts.push(JSON.stringify(
      { model: `m${KEY.slice(0, 3)}`, user: "u", input: items, key: SPLIT },
      null,
      at % 20 < 10 ? 0 : 1,
    ));
    // Another thread, in turns; and one that was truncated.
    if (at % 3 === 1) texts.push(JSON.stringify({ input: items.slice(-9) }));
    if (at % 10 === 9) texts.push((texts.at(-1) ?? "").slice(0, -40));
  }
  // Streams over documents, of which the first strings are the same and their neighbors are not.
  const input = items.slice(0, 20);
  const [start, end] = [`${SPLIT.slice(0, 15)}`, `${SPLIT.slice(15)}:`];
  for (const delta of [start, end, end, start, start, end, "", end]) {
    texts.push(JSON.stringify({ delta, input }));
  }
  return texts;
}

function documentOf(at: number): DocumentInfo {
  const threads = new Set([at % 4 === 0 ? "a" : "b"]);
  return { id: `${at}`, file: `${at}.json`, kind: "request", threads };
}

interface Steps {
  walk(document: DocumentInfo, text: string): string;
  walkLong(document: DocumentInfo, bytes: Uint8Array): Uint8Array | undefined;
}

/** Walks documents, each alone or as a pass over a bundle does. */
function walked(
  steps: Steps,
  texts: readonly string[],
  isAlone: boolean,
): string[] {
  return texts.map((text, at) => {
    const document = documentOf(at);
    if (isAlone) return steps.walk(document, text);
    const long = steps.walkLong(document, new TextEncoder().encode(text));
    return long === undefined
      ? steps.walk(document, text)
      : new TextDecoder().decode(long);
  });
}

/** The copy, what is counted in it, and what a scan of it and of the original finds. */
function redacted(
  texts: readonly string[],
  isAlone: boolean,
  threads?: readonly string[],
) {
  const rule = (): TextRule | undefined =>
    threads && { threads: new Set(threads), kept: new Set() };
  const detectors = new Detectors({ personal: true });
  const kept = rule();
  const collector = new Collector(detectors, kept);
  walked(collector, texts, isAlone);
  const values = collector.finish();
  const replacer = new Replacer(detectors, collector, kept);
  const copy = walked(replacer, texts, isAlone);
  const scans = [copy, texts].map((each) => {
    const scanned = kept && { ...kept, kept: replacer.keptTexts };
    const scanner = new Collector(detectors, scanned, values);
    walked(scanner, each, isAlone);
    scanner.finish();
    return scanner.leftOver;
  });
  const { replacements } = replacer;
  return {
    copy,
    found: replacements.found(),
    places: replacements.places(),
    notCovered: collector.notCovered.list(),
    scans,
  };
}

Deno.test("what several documents begin with is replaced and counted in each", () => {
  const texts = requests();
  const alone = redacted(texts, true);
  const together = redacted(texts, false);
  assertEquals(together.copy, alone.copy);
  assertEquals(together, alone);
  assertEquals(together.scans[0], []);
  assert((together.scans[1]?.length ?? 0) > texts.length);
  const [longest = ""] = together.copy.toSorted((a, b) => b.length - a.length);
  for (const value of [TOKEN, KEY, SPLIT, btoa(KEY), "jane.doe"]) {
    assert(!longest.includes(value), value);
  }
  assert(longest.includes("[secret:gitlab-token:"));
});

Deno.test("texts of other threads are replaced, also where documents have an equal start", () => {
  const texts = requests();
  const alone = redacted(texts, true, ["a"]);
  const together = redacted(texts, false, ["a"]);
  assertEquals(together.copy, alone.copy);
  assertEquals(together, alone);
});

Deno.test("a scan finds a value that is split over an array, in every document", () => {
  const parts = [SPLIT.slice(0, 11), SPLIT.slice(11), "end"];
  const split = JSON.stringify({ input: parts });
  const others = ["some", "words"].map((text) => JSON.stringify({ text }));
  const texts = [[split, ...others], [...others, split], [
    JSON.stringify({ input: [...parts, "-".repeat(40_000)] }),
    ...others,
  ]];
  for (const each of texts) {
    for (const isAlone of [true, false]) {
      const scanner = new Collector(new Detectors());
      walked(scanner, each, isAlone);
      scanner.finish();
      const kinds = scanner.leftOver.map(({ kind }) => kind);
      assert(kinds.includes("split value"), `${isAlone}`);
    }
  }
});

Deno.test("a split value is found beside another value in the same string", () => {
  const input = [
    `use ${KEY} and ${SPLIT.slice(0, 13)}`,
    `${SPLIT.slice(13)} b`,
  ];
  const { copy, scans } = redacted([JSON.stringify({ input })], true);
  assert(copy.join().includes("[secret:gitlab-token:1]"), copy.join());
  assertEquals(scans[0], []);
});

Deno.test("chunks of documents may be one value, and prompts are complete", () => {
  const copyOf = (name: string) =>
    redacted(
      [`see ${SPLIT}`, "r2d2 and more"].map((text) =>
        JSON.stringify({ [name]: text })
      ),
      true,
    ).copy;
  assertEquals(copyOf("chunk"), [
    '{"chunk":"see [secret:gitlab-token:2]"}',
    '{"chunk":" and more"}',
  ]);
  assertEquals(copyOf("prompt"), [
    '{"prompt":"see [secret:gitlab-token:1]"}',
    '{"prompt":"r2d2 and more"}',
  ]);
});

Deno.test("a split value is noted in every document of a long chain", () => {
  const values = new ValueTable();
  const split = new SplitValues(new Detectors(), values);
  const place = new StringPlace("").child("input").child("[]");
  const parts = [TOKEN.slice(0, 20), TOKEN.slice(20), " end"];
  for (const [ordinal, text] of parts.entries()) {
    split.add(place, { document: "0", ordinal }, text);
  }
  const count = 30_000;
  let repeat = split.mark("0");
  for (let at = 1; at < count; at++) {
    repeat(`${at}`);
    repeat = split.mark(`${at}`);
  }
  split.finish();
  values.assign();
  split.resolve();
  for (const at of [0, 1, count >> 1, count - 1]) {
    assert(split.partsIn(`${at}`, 0).length > 0);
    assert(split.partsIn(`${at}`, 1).length > 0);
  }
});

Deno.test("marks of a document with many places take memory in proportion to it", () => {
  const values = new ValueTable();
  const split = new SplitValues(new Detectors(), values);
  const rows = new StringPlace("").child("rows").child("[]");
  const memory = () => Deno.memoryUsage().heapUsed / 2 ** 20;
  const before = memory();
  const marks: RepeatStreams[] = [];
  for (let ordinal = 0; ordinal < 40_000; ordinal++) {
    const place = rows.child(`key ${ordinal}`);
    split.add(place, { document: "0", ordinal }, `value ${ordinal}`);
    if (ordinal % 50 === 0) marks.push(split.mark("0"));
  }
  const used = memory() - before;
  assert(used < 200, `${used} MiB for ${marks.length} marks`);
});

Deno.test("only what a document does not repeat is walked", () => {
  const texts = requests();
  let strings = 0;
  class Counted extends Detectors {
    override scan(...args: Parameters<Detectors["scan"]>) {
      strings += args[0].length;
      return super.scan(...args);
    }
  }
  const scanned = (isAlone: boolean) => {
    strings = 0;
    const collector = new Collector(new Counted());
    walked(collector, texts, isAlone);
    collector.finish();
    return strings;
  };
  const [alone, together] = [scanned(true), scanned(false)];
  assert(together * 3 < alone, `${together} of ${alone} characters`);
});
