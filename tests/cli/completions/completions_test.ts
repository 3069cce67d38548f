/**
 * `completions`: what real shells complete with the scripts it prints.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { COMMANDS } from "../../../lib/cli/catalog/catalog.ts";
import { EXIT } from "../../../lib/cli/command.ts";
import { runProgram } from "../../../lib/cli/program.ts";
import { recordedIo } from "../../support/cli.ts";

type Shell = "bash" | "zsh" | "fish";

const SHELLS: readonly Shell[] = ["bash", "zsh", "fish"];
const CAPTURE = fromFileUrl(
  new URL("./zsh_capture.zsh", import.meta.url),
);
const NAMES = COMMANDS.map(({ name }) => name);

/** What each shell has to complete; the last word may be the beginning of one. */
type Completer = (script: string, words: readonly string[]) => string[];

const COMPLETERS: Record<Shell, Completer> = {
  bash: (script, words) =>
    linesOf("bash", [
      "--norc",
      "-c",
      `source "$0"; COMP_WORDS=(rollout-trace "$@"); COMP_CWORD=$#
_rollout_trace; printf '%s\\n' "\${COMPREPLY[@]}"`,
      script,
      ...words,
    ]),
  fish: (script, words) =>
    linesOf("fish", [
      "--no-config",
      "-c",
      "source $argv[1]; complete -C $argv[2]",
      script,
      ["rollout-trace", ...words].join(" "),
    ]).map((line) => line.split("\t", 1)[0] ?? ""),
  zsh: (script, words) =>
    linesOf("zsh", [
      "-f",
      CAPTURE,
      script,
      ["rollout-trace", ...words].join(" "),
    ]).flatMap((line) => /match<(.*)>/.exec(line)?.[1] ?? []),
};

function linesOf(program: string, args: readonly string[]): string[] {
  const { code, stdout, stderr } = new Deno.Command(program, {
    args: [...args],
    env: { TERM: "xterm" },
  }).outputSync();
  const text = new TextDecoder();
  assertEquals(code, 0, text.decode(stderr));
  return text.decode(stdout).split(/\r?\n/).filter((line) => line !== "");
}

function isInstalled(shell: Shell): boolean {
  try {
    return new Deno.Command(shell, {
      args: ["--version"],
      stdout: "null",
      stderr: "null",
    }).outputSync().success;
  } catch {
    return false;
  }
}

async function scriptOf(shell: Shell): Promise<string> {
  const io = recordedIo();
  assertEquals(await runProgram(["completions", shell], io), EXIT.ok);
  return io.stdout;
}

for (const shell of SHELLS) {
  const ignore = !isInstalled(shell);
  Deno.test({
    name: ignore
      ? `completions ${shell} (skipped: there is no ${shell})`
      : `${shell} completes commands, flags, values and paths`,
    ignore,
    fn: async () => {
      const folder = Deno.realPathSync(Deno.makeTempDirSync());
      try {
        const script = join(folder, "script");
        Deno.writeTextFileSync(script, await scriptOf(shell));
        Deno.mkdirSync(join(folder, "bundle-one"));
        Deno.writeTextFileSync(join(folder, "bundle-two.json"), "{}");
        const complete = (...words: string[]) =>
          // zsh's own functions may offer a word twice: it is shown once.
          [...new Set(COMPLETERS[shell](script, words))].sort();
        assertEquals(complete("se"), ["search"]);
        assertEquals(
          complete("").filter((each) => /^[a-z]/.test(each)),
          [...NAMES, "help"].sort(),
        );
        assertEquals(complete("completions", ""), [
          "bash",
          "fish",
          "powershell",
          "zsh",
        ]);
        assertEquals(complete("help", "red"), ["redact", "reduce"]);
        assertEquals(
          complete("search", "--color", ""),
          ["always", "auto", "never"],
        );
        assertEquals(
          complete("search", "x", "text", "--in", "s"),
          ["sources"],
        );
        assertEquals(
          complete("search", "x", "text", "--in", "items,s"),
          // What zsh reports is the last part alone.
          [shell === "zsh" ? "sources" : "items,sources"],
        );
        const kinds = complete("timeline", "x", "--kind", "call,to");
        assertEquals(kinds, [shell === "zsh" ? "tool" : "call,tool"]);
        assertEquals(complete("timeline", "x", "--kind", "to"), ["tool"]);
        assertEquals(complete("search", "--wi"), ["--width"]);
        assertEquals(complete("check", "--verb"), []);
        assertEquals(complete("report", "--watch", "--force"), ["--force-raw"]);
        if (shell !== "bash") checkPaths(complete, folder);
      } finally {
        Deno.removeSync(folder, { recursive: true });
      }
    },
  });
}

function checkPaths(
  complete: (...words: string[]) => string[],
  folder: string,
): void {
  for (
    const words of [
      ...[["show"], ["reduce", "-o"], ["search", "a", "b"]],
      ["report", "--watch"],
    ]
  ) {
    const found = complete(...words, `${folder}/bundle`)
      .map((path) => path.replace(folder, "").replaceAll("/", ""));
    assertEquals(found, ["bundle-one", "bundle-two.json"]);
  }
}

Deno.test({
  name: "bash leaves paths to readline, and takes --flag=value apart",
  ignore: !isInstalled("bash"),
  fn: async () => {
    const script = Deno.makeTempFileSync();
    try {
      Deno.writeTextFileSync(script, await scriptOf("bash"));
      const complete = (...words: string[]) => COMPLETERS.bash(script, words);
      assertEquals(complete("show", "/et"), []);
      assertEquals(complete("reduce", "--output", "/et"), []);
      assertEquals(complete("show", "--color", "=", "ne"), ["never"]);
      assertEquals(complete("show", "--color", "=").length, 3);
      const result = linesOf("bash", [
        "--norc",
        "-c",
        'source "$0"; complete -p rollout-trace',
        script,
      ]);
      assertEquals(result.length, 1);
      assertStringIncludes(result[0] ?? "", "-o default");
    } finally {
      Deno.removeSync(script);
    }
  },
});

Deno.test("help, completion and parsing know the same flags of each command", async () => {
  const fish = await scriptOf("fish");
  for (const { name, flags } of COMMANDS) {
    const io = recordedIo();
    assertEquals(await runProgram(["help", name], io), EXIT.ok);
    for (const flag of flags) {
      const { description } = flag;
      assert(/^[a-z].*[^.]$/.test(description), `${name} --${flag.name}`);
      assertStringIncludes(io.stdout, ` --${flag.name}`);
      assert(
        fish.split("\n").some((line) =>
          line.includes(`__rollout_trace_command ${name}'`) &&
          line.includes(`-l ${flag.name}`)
        ),
        `fish: ${name} --${flag.name}`,
      );
      // An unknown flag would be the first error.
      const parsed = recordedIo();
      const value = flag.value === undefined ? [] : ["\0"];
      await runProgram([name, `--${flag.name}`, ...value, "--help"], parsed);
      assertEquals(parsed.stdout, io.stdout, `${name} --${flag.name}`);
    }
    const names = flags.map((flag) => flag.name);
    assertEquals(names.length, new Set(names).size, name);
  }
});

Deno.test("completions names the shells if it is called without one, or with an unknown one", async () => {
  for (
    const [args, message] of [
      [
        [],
        "missing argument SHELL\nhint: SHELL is bash, zsh, fish or powershell",
      ],
      [["tcsh"], 'invalid argument "tcsh"\nhint: SHELL must be bash, zsh'],
      [["bash", "zsh"], 'unexpected argument "zsh"'],
    ] as const
  ) {
    const io = recordedIo();
    assertEquals(await runProgram(["completions", ...args], io), EXIT.usage);
    assertEquals(io.stdout, "");
    assertStringIncludes(io.stderr, message);
  }
});
