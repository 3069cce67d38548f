/**
 * Every command of the README runs, and its figures are those of the documents behind it.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { COMMANDS } from "../../lib/cli/catalog/catalog.ts";
import { EXIT } from "../../lib/cli/command.ts";
import { TRACE_ROOT_VARIABLE } from "../../lib/record/root.ts";
import { inFolder } from "../support/cli.ts";
import { PROJECT, TESTDATA } from "../support/paths.ts";
import { type Ended, run, runMain } from "../support/processes.ts";
import { blocksOf } from "./documents.ts";

const README = Deno.readTextFileSync(join(PROJECT, "README.md"));
const MAX_LINES = 200;

const UPSTREAM = join(TESTDATA, "upstream");
const BUNDLE = join(UPSTREAM, "0.169.0-agents_v2_fail", "bundle");

/** Values of the words in capitals. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  BUNDLE: [BUNDLE],
  CALL: ["call:2"],
  COMMAND: ["show"],
  ID: ["call:3"],
  KIND: ["call"],
  ROOT: [UPSTREAM],
  TEXT: ["child"],
  REGEX: ["chi.d"],
  "~/traces": [UPSTREAM],
};

/** The command lines of a form: without what is in brackets, and with it. */
function linesOf(form: string): string[][] {
  const short = form.replace(/\[[^\]]*\]/g, "");
  const long = form.replace(/[[\]]/g, "");
  return [...new Set([short, long])].map((line) =>
    line.trim().split(/\s+/).flatMap((word) => VALUES[word] ?? [word])
  );
}

/** Runs the program in a folder that it may write to. */
function runIn(folder: string, args: readonly string[]): Ended {
  const permissions = [
    `--allow-read=${TESTDATA},${folder}`,
    `--allow-write=${folder}`,
  ];
  return runMain(permissions, args, { cwd: folder });
}

Deno.test("README takes two minutes", () => {
  assert(README.split("\n").length - 1 <= MAX_LINES);
});

Deno.test("README lists every command, and each form of it runs", () => {
  const rows = [...README.matchAll(/^\| .*\? +\| (`.*`) +\|$/gm)];
  const forms = rows.flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, form = ""]) => form)
  );
  const named = new Set(forms.map((form) => form.split(" ")[0]));
  for (const { name } of COMMANDS) {
    assert(named.has(name) || name === "completions", `no ${name} in README`);
  }
  inFolder((folder) => {
    for (const line of forms.flatMap(linesOf)) {
      // `reduce BUNDLE` writes into the bundle.
      const args = line[0] === "reduce" ? [...line, "-o", "state.json"] : line;
      const { code, stdout, stderr } = runIn(folder, args);
      const allowed: number[] = line[0] === "check" || line[1] === UPSTREAM
        ? [EXIT.ok, EXIT.failed, EXIT.partial]
        : [EXIT.ok];
      assert(allowed.includes(code), `${line.join(" ")}: ${stderr}`);
      assert(stdout !== "", line.join(" "));
    }
  });
});

/** Runs a line of a shell; what another test runs is only compared. */
function runLine(line: string, folder: string): void {
  const [program = "", ...words] = line.split(" ");
  if (program === "rollout-trace") {
    const args = words.flatMap((word) => VALUES[word] ?? [word]);
    assertEquals(runIn(folder, args).code, EXIT.ok, line);
  } else if (line.startsWith("deno install ")) {
    installAndRun(words, folder);
  } else if (program.startsWith(`${TRACE_ROOT_VARIABLE}=`)) {
    assertEquals(words.slice(0, 2), ["codex", "exec"]);
  } else if (line === "npx --yes deno@2.9.6 task demo") {
    const { code, stdout } = run(Deno.execPath(), ["task", "demo"], {
      cwd: PROJECT,
    });
    assertEquals(code, 0);
    assertStringIncludes(stdout, "dist/demo/state.json");
  } else {
    // The one that runs this.
    assertEquals(line, "npx --yes deno@2.9.6 task test");
  }
}

function installAndRun(words: readonly string[], folder: string): void {
  const root = ["--root", folder];
  const [install = "", ...rest] = words;
  const installed = run(Deno.execPath(), [install, ...root, ...rest], {
    cwd: PROJECT,
  });
  assertEquals(installed.code, 0, installed.stderr);
  if (Deno.build.os === "windows") return;
  const path = [dirname(Deno.execPath()), Deno.env.get("PATH") ?? ""];
  const { code, stdout, stderr } = run(
    join(folder, "bin", "rollout-trace"),
    ["list", UPSTREAM],
    { cwd: folder, env: { PATH: path.join(":") } },
  );
  assertEquals(code, EXIT.ok, stderr);
  assertStringIncludes(stdout, "0.169.0-agents_v2_fail/bundle");
}

Deno.test("every line for a shell in README runs", () => {
  const lines = blocksOf(README, "sh").flatMap((block) =>
    block.trim().split("\n")
  );
  assert(lines.length >= 5);
  inFolder((folder) => {
    for (const line of lines) runLine(line, folder);
  });
});

Deno.test("every command within the text of README runs", () => {
  const named = [...README.matchAll(/`((?:deno doc|rollout-trace) [^`]+)`/g)];
  assert(named.length >= 3);
  inFolder((folder) => {
    for (const [, line = ""] of named) {
      const [program, ...words] = line.split(" ");
      if (program === "deno") {
        const { code, stdout } = run(Deno.execPath(), words, { cwd: PROJECT });
        assertEquals(code, 0, line);
        assert(stdout !== "", line);
      } else runLine(line, folder);
    }
    for (const shell of ["bash", "zsh", "fish"]) {
      assertEquals(runIn(folder, ["completions", shell]).code, EXIT.ok);
    }
  });
});

Deno.test("README has the speed that docs/speed.md has, with its conditions", () => {
  const speed = Deno.readTextFileSync(join(PROJECT, "docs", "speed.md"));
  const [, requests, ours, release, theirs] =
    /(\d+) requests in ([\d.]+ s), where Codex ([\d.]+) takes ([\d.]+ s)/
      .exec(README.replace(/\s+/g, " ")) ?? [];
  assert(requests !== undefined, "no figures");
  const row =
    speed.split("\n").find((line) =>
      line.startsWith(`| schema 1, ${requests} requests `)
    ) ?? "";
  assertStringIncludes(row, `| ${ours} `);
  assertStringIncludes(row, `| ${release}, ${theirs} `);
});

Deno.test("README names permissions as the program asks for them", () => {
  const help =
    run(Deno.execPath(), ["run", join(PROJECT, "main.ts"), "help", "reduce"])
      .stdout;
  for (
    const flag of ["--allow-read=BUNDLE", "--allow-write=BUNDLE/state.json"]
  ) {
    assertStringIncludes(README, flag);
    assertStringIncludes(help, flag);
  }
});

Deno.test("every import of @std has a counterpart on JSR in the README", () => {
  const { imports } = JSON.parse(
    Deno.readTextFileSync(join(PROJECT, "deno.json")),
  );
  for (
    const name of Object.keys(imports).filter((each) =>
      each.startsWith("@std/")
    )
  ) {
    const [, scope, rest] = /^(@std\/[a-z-]+)(\/.*)?$/.exec(name) ?? [];
    assertStringIncludes(README, `"${name}": "jsr:${scope}@^1${rest ?? ""}"`);
  }
});
