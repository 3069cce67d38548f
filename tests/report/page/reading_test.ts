/**
 * The lines of a transcript: headings of turns and responses, and what is new in a request.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { buildReport } from "../../../lib/report/build/build_report.ts";
import { Model } from "../../../lib/report/page/model/model.ts";
import { findingOf } from "../../../lib/report/page/ui/content/finding.ts";
import { matchingRows } from "../../../lib/report/page/views/transcript/find/matching_rows.ts";
import {
  callsOf,
  type Line,
  readCall,
  readThread,
  withoutKnown,
} from "../../../lib/report/page/views/transcript/reading.ts";
import { inertJson } from "../../../lib/report/html/inert_json.ts";
import { TESTDATA } from "../../support/paths.ts";
import { recorded } from "../report_file.ts";

function modelOf(name: string): Model {
  return modelIn(recorded(name));
}

function modelIn(bundle: string): Model {
  const { data, texts } = buildReport(openBundle(bundle), {
    version: "0",
    payloads: "none",
    maxPayloadBytes: 0,
  });
  const blocks = new Map([
    ["report", inertJson(data)],
    ...texts.map((each, i) => [`texts-${i}`, inertJson(each)] as const),
  ]);
  return new Model((id) => blocks.get(id));
}

/** The lines in short: handles of items, and types of marks with what they are about. */
function inShort(lines: readonly Line[]): string[] {
  return lines.map((line) => {
    if (line.type === "item") return line.item.handle;
    const { mark } = line;
    switch (mark.type) {
      case "turn":
        return `turn ${mark.turn.handle}`;
      case "compacted":
        return `compacted ${mark.compaction.handle}`;
      case "new":
        return `new ${mark.count} since ${mark.since?.handle}`;
      case "known":
        return `known ${mark.count} of ${mark.call.handle}`;
      case "inherited":
        return "inherited";
      default:
        return `${mark.type} ${mark.call.handle}`;
    }
  });
}

function rootOf(model: Model) {
  const [thread] = model.rows.threads;
  assert(thread !== undefined);
  return thread;
}

Deno.test("a thread is read by its turns and responses", () => {
  const model = modelOf("0.169.0-compact_remote_manual");
  const { lines } = readThread(model, rootOf(model));
  const marks = inShort(lines).filter((each) => !each.startsWith("item:"));
  assertEquals(marks.slice(0, 4), [
    "turn turn:1",
    "answer call:1",
    "answer call:2",
    "turn turn:2",
  ]);
  assert(marks.includes("compacted compaction:1"), marks.join());
  const items = lines.filter(({ type }) => type === "item");
  assertEquals(items.length, model.list(rootOf(model).items).length);
});

Deno.test("a request without a response is among the lines, with its turn", () => {
  const model = modelOf("0.164.0-stream_drop");
  const shown = inShort(readThread(model, rootOf(model)).lines);
  for (const { handle } of callsOf(model, rootOf(model))) {
    assertEquals(
      shown.filter((each) => each === `answer ${handle}`).length,
      1,
      handle,
    );
  }
});

Deno.test("a request that was not recorded is below the heading of its turn", () => {
  const bundle = join(TESTDATA, "bundles", "schema_3_limits");
  const model = modelIn(bundle);
  assertEquals(inShort(readThread(model, rootOf(model)).lines).slice(0, 2), [
    "turn turn:1",
    "unrecorded call:1",
  ]);
});

Deno.test("a request shows its new input and its output; the rest in one line", () => {
  const model = modelOf("0.164.0-shell");
  const calls = callsOf(model, rootOf(model));
  const [first, second] = calls;
  assert(first !== undefined && second !== undefined);
  const reading = readCall(model, second, first);
  assertEquals(inShort(withoutKnown(reading)), [
    "known 4 of call:1",
    "new 3 since call:1",
    "item:5",
    "item:6",
    "item:7",
    "answer call:2",
    "item:8",
    "item:9",
  ]);
  assertEquals(
    reading.lines.filter(({ type }) => type === "item").length,
    4 + 3 + 2,
  );
  // Nothing is before the first request.
  const complete = readCall(model, first, undefined);
  assertEquals(withoutKnown(complete), complete.lines);
});

Deno.test("a search finds the rows whose cards show the text", () => {
  const model = modelOf("0.164.0-shell");
  const { lines } = readThread(model, rootOf(model));
  const found = (text: string) =>
    matchingRows(model, lines, findingOf(text)).map((row) => {
      const line = lines[row];
      return line?.type === "item" ? line.item.handle : "";
    });
  assertEquals(found("WC -L"), ["item:8", "item:10"]);
  assertEquals(found("three lines."), ["item:12"]);
  assertEquals(found("enc-a"), []);
  assertEquals(found("  "), []);
});
