/**
 * Outputs of `reduce` replace neither the evidence nor one another.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import {
  GOOD_STATE,
  inFolder,
  inFolderAsync,
  namesIn,
  putBundle,
} from "../support/cli.ts";
import { printed } from "./commands/command_golden.ts";
import { MAIN } from "../support/paths.ts";
import { run } from "../support/processes.ts";

const FLAGS = ["run", "--no-prompt", "--allow-read=.", "--allow-write=."];

function reduce(cwd: string, ...args: string[]) {
  return run(Deno.execPath(), [...FLAGS, MAIN, "reduce", ...args], { cwd });
}

function report(cwd: string, ...args: string[]) {
  return run(Deno.execPath(), [...FLAGS, MAIN, "report", ...args], { cwd });
}

for (
  const path of [
    "bundle/trace.jsonl",
    "bundle/./manifest.json",
    "bundle//payloads/1.json",
    "bundle/payloads/../trace.jsonl",
    "bundle/payloads",
  ]
) {
  for (const flag of ["-o", "--diagnostics"]) {
    Deno.test(`reduce ${flag} ${path} is refused, for it is evidence`, () => {
      inFolder((folder) => {
        putBundle(folder, "bundle");
        const log = Deno.readTextFileSync(join(folder, "bundle/trace.jsonl"));
        const names = namesIn(join(folder, "bundle"));
        const ended = reduce(folder, "-t", flag, path, "bundle");
        assertEquals([ended.code, ended.stdout], [2, ""], ended.stderr);
        assertStringIncludes(ended.stderr, "it is part of the bundle");
        assertEquals(
          Deno.readTextFileSync(join(folder, "bundle/trace.jsonl")),
          log,
        );
        assertEquals(namesIn(join(folder, "bundle")), names);
      });
    });
  }
}

Deno.test("reduce recognizes two spellings of one output", () => {
  inFolder((folder) => {
    putBundle(folder, "bundle");
    for (
      const [output, diagnostics] of [["d", "./d"], ["bundle/x", "bundle/.//x"]]
    ) {
      const ended = reduce(
        folder,
        "-t",
        "-o",
        output ?? "",
        "--diagnostics",
        diagnostics ?? "",
        "bundle",
      );
      assertEquals(ended.code, 2, ended.stderr);
      assertStringIncludes(ended.stderr, "are the same file");
    }
  });
});

Deno.test("reduce writes beside the evidence", () => {
  inFolder((folder) => {
    putBundle(folder, "bundle");
    assertEquals(reduce(folder, "-o", "bundle/graph.json", "bundle").code, 0);
    assertEquals(
      Deno.readTextFileSync(join(folder, "bundle/graph.json")),
      GOOD_STATE,
    );
  });
});

Deno.test("an output that names its input is refused, by its path or a link", () => {
  inFolder((folder) => {
    putBundle(folder, "bundle");
    assertEquals(reduce(folder, "bundle").code, 0);
    const state = join(folder, "bundle/state.json");
    Deno.symlinkSync("bundle/state.json", join(folder, "link.json"));
    for (const input of ["bundle/state.json", "link.json"]) {
      const ended = report(folder, input, "-o", "bundle/./state.json");
      assertEquals([ended.code, ended.stdout], [2, ""], ended.stderr);
      assertStringIncludes(ended.stderr, "it is what is read");
      assertEquals(Deno.readTextFileSync(state), GOOD_STATE);
    }
  });
});

Deno.test("an output that is evidence of any bundle is refused", () => {
  inFolder((folder) => {
    putBundle(folder, "bundle");
    putBundle(folder, "other");
    assertEquals(reduce(folder, "bundle").code, 0);
    for (
      const ended of [
        reduce(folder, "bundle", "-o", "other/trace.jsonl"),
        reduce(folder, "bundle", "-o", "other/payloads/1.json"),
        report(folder, "bundle/state.json", "-o", "bundle/trace.jsonl"),
      ]
    ) {
      assertEquals([ended.code, ended.stdout], [2, ""], ended.stderr);
      assertStringIncludes(ended.stderr, "it is part of the bundle");
    }
  });
});

Deno.test("an output does not replace a session log, which may be of an agent that is read", () => {
  inFolder((folder) => {
    const [root, agent] = ["1", "2"].map((id) => ({
      id: `01a20000-0000-7000-8000-00000000000${id}`,
      name: `rollout-2026-11-29T12-00-00-${id}.jsonl`,
    }));
    const put = (name = "", meta: object = {}) => {
      const timestamp = "2026-11-29T12:00:00.000Z";
      const first = { timestamp, type: "session_meta", payload: meta };
      Deno.writeTextFileSync(join(folder, name), `${JSON.stringify(first)}\n`);
    };
    put(root?.name, { id: root?.id });
    put(agent?.name, { id: agent?.id, session_id: root?.id });
    const before = Deno.readTextFileSync(join(folder, agent?.name ?? ""));
    putBundle(folder, "bundle");
    for (
      const ended of [
        report(folder, root?.name ?? "", "-o", agent?.name ?? ""),
        report(folder, "bundle", "-o", agent?.name ?? ""),
        reduce(folder, "bundle", "-o", `./${agent?.name}`),
        reduce(folder, "bundle", "-o", "x", "--diagnostics", agent?.name ?? ""),
      ]
    ) {
      assertEquals([ended.code, ended.stdout], [2, ""], ended.stderr);
      assertStringIncludes(ended.stderr, "it is a session log");
    }
    const after = Deno.readTextFileSync(join(folder, agent?.name ?? ""));
    assertEquals(after, before);
    // A name alone is no session log.
    assertEquals(reduce(folder, "bundle", "-o", "rollout-1.jsonl").code, 0);
  });
});

Deno.test({
  name: "a pipe in the place of an output is refused before the bundle is read",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder((folder) => {
      putBundle(folder, "bundle");
      const pipe = join(folder, "bundle/state.json");
      run("mkfifo", [pipe]);
      for (
        const ended of [
          reduce(folder, "bundle"),
          reduce(folder, "bundle", "-o", "x", "--diagnostics", pipe),
          report(folder, "bundle", "-o", pipe),
        ]
      ) {
        assertEquals([ended.code, ended.stdout], [4, ""], ended.stderr);
        assertStringIncludes(ended.stderr, "it is a named pipe");
        assertStringIncludes(ended.stderr, "- is standard output");
      }
    }),
});

Deno.test("no output replaces the configuration, and no receipt a file of the copy", async () => {
  await inFolderAsync(async (folder) => {
    const bundle = putBundle(folder, "bundle");
    const config = join(folder, "config.jsonc");
    const copy = join(folder, "copy");
    Deno.writeTextFileSync(config, "{}");
    const configured = ["--config", config];
    const lines = [
      ["report", bundle, ...configured, "-o", `${folder}/./config.jsonc`],
      ["export", bundle, ...configured, "--format", "chrome", "-o", config],
      ["redact", bundle, ...configured, "-o", copy, "--report", config],
      ["redact", bundle, "-o", copy, "--report", copy],
      ["redact", bundle, "-o", copy, "--report", join(copy, "trace.jsonl")],
      ["redact", bundle, "-o", copy, "--report", join(copy, "payloads/1.json")],
    ];
    for (const line of lines) {
      const { code, stderr } = await printed(line);
      assertEquals(code, 2, stderr);
    }
    assertEquals(Deno.readTextFileSync(config), "{}");
    assertEquals(namesIn(folder), ["bundle", "config.jsonc"]);
  });
});
