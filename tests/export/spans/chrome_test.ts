/**
 * Sessions as trace events of a browser, and what no export of spans has in it.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { otlpLine } from "../../../lib/export/spans/otlp.ts";
import { spansOf } from "../../../lib/export/spans/session_spans.ts";
import { slowTest } from "../../support/cases.ts";
import { inFolderAsync, putBundle } from "../../support/cli.ts";
import { printed } from "../../cli/commands/command_golden.ts";
import { BUNDLES, chrome, chromeText } from "./sessions.ts";

Deno.test("slices of one track nest", () => {
  for (const { name, session } of BUNDLES) {
    const open = new Map<number, number[]>();
    const slices = chrome([session]).filter(({ ph, cat }) =>
      ph === "X" && cat !== "edge"
    );
    for (
      const { ts, dur = 0, tid } of slices.toSorted((a, b) =>
        a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0)
      )
    ) {
      const ends = open.get(tid) ?? [];
      while ((ends.at(-1) ?? Infinity) <= ts) ends.pop();
      assert(ts + dur <= (ends.at(-1) ?? Infinity), name);
      open.set(tid, [...ends, ts + dur]);
    }
  }
});

slowTest(
  "the engine of DevTools reads every trace, and connects the flows",
  async () => {
    // The engine is made for browsers.
    class Rectangle {}
    Object.assign(globalThis, { DOMRect: Rectangle });
    const { Processor } = await import("@paulirish/trace_engine");
    let connected = 0;
    for (const { name, session } of BUNDLES) {
      const { traceEvents } = JSON.parse(chromeText([session]));
      const engine = Processor.TraceProcessor.createWithAllHandlers();
      await engine.parse(traceEvents, {});
      const flows = new Set(
        chrome([session]).filter(({ ph }) => ph === "s").map(({ id }) => id),
      );
      assertEquals(engine.data?.Flows.flows.length, flows.size, name);
      connected += flows.size;
    }
    assert(connected > 0);
  },
);

Deno.test("a document of several sessions has a process for each", () => {
  const some = BUNDLES.slice(0, 3).map(({ session }) => session);
  const names = chrome(some).filter(({ name }) => name === "process_name");
  assertEquals(names.map(({ pid }) => pid), [1, 2, 3]);
});

Deno.test("no text of a session is in an export", () => {
  for (const { name, session } of BUNDLES) {
    const { trace } = session;
    const exported = otlpLine(session, { version: "0.0.0" }) +
      JSON.stringify(chrome([session]));
    const texts = [
      ...[...trace.conversation_items.values()].flatMap(({ body }) =>
        body.parts.map((part) => "text" in part ? part.text : "")
      ),
      ...[...trace.terminal_operations.values()].flatMap((each) => [
        each.request.type === "exec_command"
          ? each.request.display_command
          : each.request.stdin,
        each.request.type === "exec_command" ? each.request.cwd : "",
        each.result?.stdout ?? "",
      ]),
      ...spansOf(session).spans.flatMap(({ failures }) =>
        failures.map(({ text }) => text)
      ),
      ...[...trace.code_cells.values()].map(({ source_js }) => source_js),
    ];
    for (const text of texts) {
      const piece = JSON.stringify(text.trim().slice(0, 60)).slice(1, -1);
      if (piece.length < 8) continue;
      assert(!exported.includes(piece), `${name}: ${piece}`);
    }
  }
});

Deno.test("export writes one file of all bundles below a directory, and reports one it cannot read", async () => {
  await inFolderAsync(async (folder) => {
    putBundle(folder, "a");
    putBundle(folder, "b");
    Deno.mkdirSync(join(folder, "c"));
    Deno.writeTextFileSync(join(folder, "c", "manifest.json"), "{");
    const file = join(folder, "out.jsonl");
    const ended = await printed([
      "export",
      folder,
      "-o",
      file,
      "--format",
      "otlp",
    ]);
    assertEquals([ended.code, ended.stdout], [3, `${file}\n`]);
    assertEquals(Deno.readTextFileSync(file).trimEnd().split("\n").length, 2);
    const piped = await printed([
      "export",
      join(folder, "a"),
      "-o",
      "-",
      "--format",
      "chrome",
    ]);
    assert(JSON.parse(piped.stdout).traceEvents.length > 0);
    const into = await printed([
      "export",
      join(folder, "a"),
      "-o",
      join(folder, "a", "trace.jsonl"),
      "--format",
      "otlp",
    ]);
    assertEquals(into.code, 2);
    assertEquals((await printed(["export", folder, "-o", file])).code, 2);
  });
});
