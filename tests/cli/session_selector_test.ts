/**
 * Choosing a bundle out of many: `--latest`, `ROOT@latest`, `ROOT@-2`, `ROOT@ID`, the default root.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { COMMANDS } from "../../lib/cli/catalog/catalog.ts";
import { inFolder, inFolderAsync, putBundle } from "../support/cli.ts";
import { TESTDATA } from "../support/paths.ts";
import { runMain } from "../support/processes.ts";
import { printed } from "./commands/command_golden.ts";

const OLD = join(TESTDATA, "upstream", "0.128.0-hello");
const NEW = join(TESTDATA, "upstream", "0.171.0-agents_v2");

/** A root with an old and a new bundle, a broken one, and another file. */
function putRoot(folder: string): { old: string; latest: string } {
  const old = putBundle(folder, "trace-a", OLD);
  const latest = putBundle(folder, "trace-b", NEW);
  Deno.mkdirSync(join(folder, "trace-c"));
  Deno.writeTextFileSync(join(folder, "trace-c", "manifest.json"), "{");
  Deno.writeTextFileSync(join(folder, "notes.txt"), "");
  return { old, latest };
}

function traceIdOf(bundle: string): string {
  return JSON.parse(Deno.readTextFileSync(join(bundle, "manifest.json")))
    .trace_id;
}

Deno.test("a selector is the path that it chooses, and the path is printed", async () => {
  await inFolderAsync(async (folder) => {
    const { old, latest } = putRoot(folder);
    const cases: [string[], string][] = [
      [[`${folder}@latest`], latest],
      [[`${folder}@-1`], latest],
      [[`${folder}@-2`], old],
      [[`${folder}@${traceIdOf(old).slice(0, 8)}`], old],
      [[`${folder}@trace-a`], old],
      [[folder, "--latest"], latest],
      [[`${folder}/@latest`], latest],
    ];
    for (const [words, bundle] of cases) {
      const chosen = await printed(["show", ...words]);
      const named = await printed(["show", bundle]);
      assertEquals(chosen.code, named.code, words.join(" "));
      assertEquals(
        chosen.stdout.replaceAll("/@latest", ""),
        named.stdout,
        words.join(" "),
      );
      assertStringIncludes(chosen.stderr.split("\n")[0] ?? "", "using ");
      assertStringIncludes(chosen.stderr, bundle.slice(folder.length));
    }
  });
});

Deno.test("a selector that matches no bundle, or several, is an error that helps", async () => {
  await inFolderAsync(async (folder) => {
    const { old } = putRoot(folder);
    putBundle(folder, "trace-d", OLD);
    const id = traceIdOf(old).slice(0, 12);
    const errors: [string, string][] = [
      [`${folder}@-9`, "there are only 3 sessions"],
      [`${folder}@${id}`, "2 sessions below"],
      [`${folder}@zzzz`, "no session below"],
      [`${folder}@ab`, "4 letters or more"],
      [`${folder}/notes.txt@latest`, "is no directory above bundles"],
      [`${folder}/none@latest`, "does not exist"],
    ];
    for (const [word, message] of errors) {
      const { code, stderr } = await printed(["show", word]);
      assertEquals(code === 2 || code === 4, true, stderr);
      assertStringIncludes(stderr, message);
    }
  });
});

Deno.test("a path with @ in its name is a path", async () => {
  await inFolderAsync(async (folder) => {
    putRoot(folder);
    const bundle = putBundle(folder, "x@latest", OLD);
    const { code, stderr } = await printed(["show", bundle]);
    assertEquals([code, stderr], [0, ""]);
  });
});

Deno.test("the default root is that of Codex, where it may be read", () => {
  inFolder((folder) => {
    const { latest } = putRoot(folder);
    const env = { CODEX_ROLLOUT_TRACE_ROOT: folder };
    const read = `--allow-read=${folder}`;
    const allowed = [
      "--no-prompt",
      read,
      "--allow-env=CODEX_ROLLOUT_TRACE_ROOT",
    ];
    for (
      const words of [["explain", "call:1", "--latest"], [
        "explain",
        "@latest",
        "call:1",
      ]]
    ) {
      const { code, stderr } = runMain(allowed, words, { env });
      assertEquals(code, 0, stderr);
      assertStringIncludes(stderr, latest);
    }
    assertEquals(runMain(allowed, ["list"], { env }).code, 3);
    const refused = runMain(["--no-prompt", read], ["show", "@latest"], {
      env,
    });
    assertEquals(refused.code, 2);
    assertStringIncludes(refused.stderr, "--allow-env=");
  });
});

Deno.test("every command that takes a bundle takes --latest", () => {
  for (const { name, operands, flags } of COMMANDS) {
    const [first] = operands;
    if (first?.name !== "BUNDLE") continue;
    assert(first.selects === "bundle" || first.selects === "session", name);
    assertEquals(flags.some((each) => each.name === "latest"), true, name);
  }
});
