/**
 * Every command of the README runs, and its figures are those of the documents behind it.
 *
 * @module
 */

import { slowTest } from "../support/cases.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { COMMANDS } from "../../lib/cli/catalog/catalog.ts";
import { EXIT } from "../../lib/cli/command.ts";
import { TRACE_ROOT_VARIABLE } from "../../lib/record/root.ts";
import { inFolderAsync } from "../support/cli.ts";
import { PROJECT, TESTDATA } from "../support/paths.ts";
import { run } from "../support/processes.ts";
import { type Printed, printed } from "../cli/commands/command_golden.ts";
import { blocksOf } from "../support/documents.ts";

const README = Deno.readTextFileSync(join(PROJECT, "README.md"));
const MAX_LINES = 200;

const UPSTREAM = join(TESTDATA, "upstream");
const BUNDLE = join(UPSTREAM, "0.169.0-agents_v2_fail", "bundle");

/** Values of the words in capitals. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  BUNDLE: [BUNDLE],
  CALL: ["call:2"],
  COMMAND: ["show"],
  DIR: ["tables.out"],
  STATEMENT: ["SELECT count(*) FROM sessions"],
  COPY: ["copy.out"],
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

/** Runs the program; files that it writes are in the folder. */
async function runIn(
  folder: string,
  args: readonly string[],
): Promise<Printed> {
  const files = [
    "copy.out",
    "report.html",
    "x.html",
    "viewer.html",
    "state.json",
    "t.json",
    "tables.out",
  ];
  return await printed(
    args.map((word) => files.includes(word) ? join(folder, word) : word),
  );
}

Deno.test("README takes two minutes", () => {
  assert(README.split("\n").length - 1 <= MAX_LINES);
});

slowTest("README lists every command, and each form of it runs", async () => {
  const rows = [...README.matchAll(/^\| .*\? +\| (`.*`) +\|$/gm)];
  const forms = rows.flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, form = ""]) => form)
  );
  const named = new Set(forms.map((form) => form.split(" ")[0]));
  for (const { name } of COMMANDS) {
    assert(named.has(name) || name === "completions", `no ${name} in README`);
  }
  await inFolderAsync(async (folder) => {
    for (const line of forms.flatMap(linesOf)) {
      // `reduce BUNDLE` writes into the bundle.
      const args = line[0] === "reduce" ? [...line, "-o", "state.json"] : line;
      const { code, stdout, stderr } = await runIn(folder, args);
      const allowed: number[] = line[0] === "check" || line[1] === UPSTREAM
        ? [EXIT.ok, EXIT.failed, EXIT.partial]
        : [EXIT.ok];
      assert(allowed.includes(code), `${line.join(" ")}: ${stderr}`);
      assert(stdout !== "", line.join(" "));
    }
  });
});

/** Runs a line of a shell; what another test runs is only compared. */
async function runLine(line: string, folder: string): Promise<void> {
  const [program = "", ...words] = line.split(" ");
  if (program === "rollout-trace") {
    const args = words.flatMap((word) => VALUES[word] ?? [word]);
    const { code, stderr } = await runIn(folder, args);
    assertEquals(code, EXIT.ok, `${line}: ${stderr}`);
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

/** Older ones copy the configuration without the members of its workspace, which then are missing. */
const INSTALLS_WORKSPACES = Number(Deno.version.deno.split(".")[1]) >= 9;

function installAndRun(words: readonly string[], folder: string): void {
  assertStringIncludes(
    README,
    "With [Deno](https://docs.deno.com/) 2.9 or newer",
  );
  if (!INSTALLS_WORKSPACES) return;
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

slowTest("every line for a shell in README runs", async () => {
  const lines = blocksOf(README, "sh").flatMap((block) =>
    block.trim().split("\n")
  );
  assert(lines.length >= 5);
  await inFolderAsync(async (folder) => {
    for (const line of lines) await runLine(line, folder);
  });
});

Deno.test("every command within the text of README runs", async () => {
  const named = [...README.matchAll(/`((?:deno doc|rollout-trace) [^`]+)`/g)];
  assert(named.length >= 3);
  await inFolderAsync(async (folder) => {
    for (const [, line = ""] of named) {
      const [program, ...words] = line.split(" ");
      if (program === "deno") {
        const { code, stdout } = run(Deno.execPath(), words, { cwd: PROJECT });
        assertEquals(code, 0, line);
        assert(stdout !== "", line);
      } else await runLine(line, folder);
    }
    for (const shell of ["bash", "zsh", "fish"]) {
      const { code } = await runIn(folder, ["completions", shell]);
      assertEquals(code, EXIT.ok);
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
