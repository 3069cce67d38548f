/**
 * `report`, run as a program under the permissions that a careful user grants.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { inFolder, namesIn, putBundle } from "../../support/cli.ts";
import { runMain } from "../../support/processes.ts";

const PAGE = /^<!doctype html>\n[\s\S]*<\/html>\n$/;

Deno.test("report reads the bundle, writes FILE, and needs permission for nothing else", () => {
  inFolder((cwd) => {
    putBundle(cwd, "bundle");
    const ended = runMain(
      ["--allow-read=bundle", "--allow-write=out.html"],
      ["report", "bundle", "-o", "out.html"],
      { cwd },
    );
    assertEquals([ended.code, ended.stdout], [0, "out.html\n"], ended.stderr);
    assert(PAGE.test(Deno.readTextFileSync(join(cwd, "out.html"))));
    assertEquals(namesIn(cwd), ["bundle", "out.html"]);
  });
});

Deno.test("report prints the size of the page before it writes it", () => {
  inFolder((cwd) => {
    putBundle(cwd, "bundle");
    const ended = runMain(
      ["--allow-read=bundle"],
      ["report", "bundle", "-o", "-", "--payloads", "all"],
      { cwd },
    );
    assertEquals(ended.code, 0);
    assert(PAGE.test(ended.stdout));
    assert(
      /^about \d+\.\d KiB: program \d+\.\d KiB, graph \d+\.\d KiB, texts .*, \d+ payloads .*\n$/
        .test(ended.stderr),
      ended.stderr,
    );
  });
});

Deno.test("report prints what it omits, and how to include it", () => {
  inFolder((cwd) => {
    putBundle(cwd, "bundle");
    const ended = runMain(
      ["--allow-read=bundle"],
      ["report", "bundle", "-o", "-", "--payloads=all", "--payload-limit=1K"],
      { cwd },
    );
    assertEquals(ended.code, 0);
    assertStringIncludes(ended.stderr, "\nleft out: ");
    assertStringIncludes(ended.stderr, "--payload-limit takes more\n");
  });
});

Deno.test("report without all of its evidence ends with 3, and the page shows it", () => {
  inFolder((cwd) => {
    const bundle = putBundle(cwd, "bundle");
    const log = join(bundle, "trace.jsonl");
    const lines = Deno.readTextFileSync(log).split("\n");
    lines[lines.length - 3] = "{ this is no event";
    Deno.writeTextFileSync(log, lines.join("\n"));
    const ended = runMain(
      ["--allow-read=bundle"],
      ["report", "bundle", "-o", "-"],
      { cwd },
    );
    assertEquals(ended.code, 3);
    assertStringIncludes(ended.stderr, "partial: ");
    assertStringIncludes(ended.stdout, '"malformed_line"');
  });
});

Deno.test("report leaves no half a page, and never one over the evidence", () => {
  inFolder((cwd) => {
    const bundle = putBundle(cwd, "bundle");
    const before = namesIn(bundle);
    const over = runMain(
      ["--allow-read=.", "--allow-write=."],
      ["report", "bundle", "-o", "bundle/trace.jsonl"],
      { cwd },
    );
    assertEquals(over.code, 2);
    Deno.removeSync(join(bundle, "manifest.json"));
    const none = runMain(
      ["--allow-read=bundle", "--allow-write=out.html"],
      ["report", "bundle", "-o", "out.html"],
      { cwd },
    );
    assertEquals([none.code, none.stdout], [4, ""]);
    assertEquals(namesIn(cwd), ["bundle"]);
    assertEquals(
      namesIn(bundle),
      before.filter((name) => name !== "manifest.json"),
    );
  });
});

Deno.test("report needs an output path and a bundle", () => {
  inFolder((cwd) => {
    putBundle(cwd, "bundle");
    const cases: [string[], string][] = [
      [["bundle"], "name the page to write: -o report.html"],
      [
        ["bundle", "-o", "-", "--payloads", "some"],
        "WHICH must be all, used or none",
      ],
      [
        ["bundle", "-o", "-", "--payload-limit", "lots"],
        "SIZE must be a number of bytes",
      ],
      [["-o", "-"], "missing argument BUNDLE"],
    ];
    for (const [args, words] of cases) {
      const ended = runMain(["--allow-read=bundle"], ["report", ...args], {
        cwd,
      });
      assertEquals([ended.code, ended.stdout], [2, ""], ended.stderr);
      assertStringIncludes(ended.stderr, words);
    }
    const refused = runMain(
      ["--allow-read=bundle"],
      ["report", "bundle", "-o", "out.html"],
      { cwd },
    );
    assertEquals(refused.code, 2);
    assertStringIncludes(refused.stderr, "--allow-write=out.html");
  });
});
