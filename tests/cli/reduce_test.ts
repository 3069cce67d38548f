/**
 * `reduce`, run as a program under the permissions that a careful user grants.
 *
 * @module
 */

import { EXIT } from "../../lib/cli/command.ts";
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { basename, join, relative } from "@std/path";
import {
  GOOD_STATE,
  inFolder,
  namesIn,
  putBundle,
  REFUSED_CASE,
} from "../support/cli.ts";
import { MAIN } from "../support/paths.ts";
import { run, runMain } from "../support/processes.ts";
import { slowTest } from "../support/cases.ts";

const POSIX = Deno.build.os !== "windows";

Deno.test("reduce writes BUNDLE/state.json under permission for nothing else, and prints the path", () => {
  inFolder((cwd) => {
    const bundle = putBundle(cwd, "bundle");
    const before = namesIn(bundle);
    const ended = runMain(
      [`--allow-read=${bundle}`, `--allow-write=${bundle}/state.json`],
      ["reduce", bundle],
    );
    assertEquals(ended, {
      code: 0,
      stdout: `${bundle}/state.json\n`,
      stderr: "",
    });
    assertEquals(Deno.readTextFileSync(`${bundle}/state.json`), GOOD_STATE);
    assertEquals(namesIn(bundle), [...before, "state.json"].sort());
  });
});

Deno.test("reduce -o FILE needs to write FILE alone, -o - nothing at all", () => {
  inFolder((cwd) => {
    const bundle = putBundle(cwd, "bundle");
    const before = namesIn(bundle);
    for (
      const flag of [["-o", "out.json"], ["-oout.json"], ["-o=out.json"], [
        "--output=out.json",
      ]]
    ) {
      const ended = runMain(
        ["--allow-read=bundle", "--allow-write=out.json"],
        ["reduce", "bundle", ...flag],
        { cwd },
      );
      assertEquals(ended, { code: 0, stdout: "out.json\n", stderr: "" });
      assertEquals(Deno.readTextFileSync(join(cwd, "out.json")), GOOD_STATE);
      Deno.removeSync(join(cwd, "out.json"));
    }
    for (const name of POSIX ? ["-", "/dev/stdout"] : ["-"]) {
      const ended = runMain(["--allow-read=bundle"], [
        "reduce",
        "-o",
        name,
        "bundle",
      ], { cwd });
      assertEquals(ended, { code: 0, stdout: GOOD_STATE, stderr: "" });
    }
    assertEquals(namesIn(bundle), before);
  });
});

slowTest("reduce takes every spelling of a folder", () => {
  inFolder((cwd) => {
    for (const name of ["plain", "with space", "-dash", "007", "ümlaut"]) {
      putBundle(cwd, name);
    }
    const spellings: [string, string[], string][] = [
      ["plain", ["plain/"], "plain/state.json"],
      ["plain", ["./plain"], "./plain/state.json"],
      ["plain", ["../" + basename(cwd) + "/plain"], ""],
      ["with space", ["with space"], "with space/state.json"],
      ["-dash", ["--", "-dash"], "-dash/state.json"],
      ["-dash", ["./-dash"], "./-dash/state.json"],
      ["007", ["007"], "007/state.json"],
      ["ümlaut", ["ümlaut"], "ümlaut/state.json"],
    ];
    for (const [name, args, printed] of spellings) {
      const ended = runMain(
        [
          `--allow-read=${cwd}/${name}`,
          `--allow-write=${cwd}/${name}/state.json`,
        ],
        ["reduce", ...args],
        { cwd },
      );
      assertEquals([ended.code, ended.stderr], [0, ""], args.join(" "));
      if (printed !== "") assertEquals(ended.stdout, `${printed}\n`);
      assertEquals(
        Deno.readTextFileSync(join(cwd, name, "state.json")),
        GOOD_STATE,
      );
      Deno.removeSync(join(cwd, name, "state.json"));
    }
  });
});

Deno.test({
  name:
    "reduce takes a bundle behind a symbolic link, under permission for the link",
  ignore: !POSIX,
  fn: () => {
    inFolder((cwd) => {
      const bundle = putBundle(cwd, "bundle");
      Deno.symlinkSync("bundle", join(cwd, "link"));
      const ended = runMain(
        ["--allow-read=link", "--allow-write=link/state.json"],
        ["reduce", "link"],
        { cwd },
      );
      assertEquals(ended, { code: 0, stdout: "link/state.json\n", stderr: "" });
      assertEquals(
        Deno.readTextFileSync(join(bundle, "state.json")),
        GOOD_STATE,
      );
    });
  },
});

Deno.test("reduce names the flag that is missing, and touches nothing", () => {
  inFolder((cwd) => {
    const bundle = putBundle(cwd, "a bundle");
    const before = namesIn(bundle);
    const cases: [string[], string[], string, string][] = [
      [[], [], `cannot read "a bundle"`, "--allow-read=a bundle"],
      [
        [`--allow-read=${bundle}`],
        [],
        `cannot write "a bundle/state.json"`,
        "--allow-write=a bundle/state.json",
      ],
      [
        [`--allow-read=${bundle}`],
        ["-o", "o.json"],
        `cannot write "o.json"`,
        "--allow-write=o.json",
      ],
      [
        [`--allow-read=${bundle}/manifest.json`],
        [],
        `cannot read "a bundle"`,
        "--allow-read=a bundle",
      ],
    ];
    for (const [grants, args, message, flag] of cases) {
      const { code, stdout, stderr } = runMain(grants, [
        "reduce",
        "a bundle",
        ...args,
      ], { cwd });
      assertEquals([code, stdout], [2, ""]);
      assertStringIncludes(stderr, `error: ${message}`);
      assertStringIncludes(
        stderr,
        flag.includes(" ") ? `hint: add '${flag}'` : `hint: add ${flag}`,
      );
      assertEquals(namesIn(bundle), before);
      // The flag named is the flag that helps.
      const again = runMain(
        [...grants, flag],
        ["reduce", "a bundle", ...args],
        { cwd },
      );
      assert(again.code === 0 || !again.stderr.includes(flag), again.stderr);
      for (const path of [join(bundle, "state.json"), join(cwd, "o.json")]) {
        if (again.code === 0 && again.stdout.trim() === relative(cwd, path)) {
          Deno.removeSync(path);
        }
      }
    }
  });
});

Deno.test({
  name: "reduce does not prompt at a terminal",
  ignore: Deno.build.os !== "linux" || !has("script"),
  fn: () => {
    inFolder((cwd) => {
      const bundle = putBundle(cwd, "bundle");
      for (const grants of ["", `--allow-read=${bundle}`]) {
        const command =
          `'${Deno.execPath()}' run ${grants} '${MAIN}' reduce '${bundle}'`;
        const { code, stdout } = run("script", ["-qec", command, "/dev/null"]);
        assertEquals(code, 2, stdout);
        assertMatch(stdout, /hint: add --allow-(read|write)=/);
        assert(!/Allow\?|requests/.test(stdout), stdout);
      }
    });
  },
});

Deno.test("a bundle that contradicts itself leaves the old output as it was", () => {
  inFolder((cwd) => {
    const bundle = putBundle(cwd, "bundle", REFUSED_CASE);
    Deno.writeTextFileSync(join(bundle, "state.json"), "of yesterday");
    const before = namesIn(bundle);
    for (const grant of [bundle, `${bundle}/state.json`]) {
      const { code, stdout, stderr } = runMain(
        [`--allow-read=${bundle}`, `--allow-write=${grant}`],
        ["reduce", bundle],
      );
      assertEquals([code, stdout], [EXIT.failed, ""]);
      assertMatch(stderr, /^error: [^\n]+\nhint: [^\n]+\n$/);
      assert(!stderr.includes("    at "), stderr);
      assertEquals(
        Deno.readTextFileSync(join(bundle, "state.json")),
        "of yesterday",
      );
      assertEquals(namesIn(bundle), before);
    }
  });
});

Deno.test("what is no bundle is distinguished, in one line and without output", () => {
  inFolder((cwd) => {
    putBundle(cwd, "newer");
    const manifest = join(cwd, "newer", "manifest.json");
    Deno.writeTextFileSync(
      manifest,
      Deno.readTextFileSync(manifest).replace(
        `"schema_version": 1`,
        `"schema_version": 77`,
      ),
    );
    putBundle(cwd, "torn");
    Deno.writeTextFileSync(join(cwd, "torn", "manifest.json"), `{"schema`);
    putBundle(cwd, "logless");
    Deno.removeSync(join(cwd, "logless", "trace.jsonl"));
    Deno.mkdirSync(join(cwd, "empty"));
    Deno.writeTextFileSync(join(cwd, "file"), "");
    const cases: [string, string][] = [
      ["newer", "77"],
      ["torn", "manifest.json"],
      ["logless", "trace.jsonl"],
      ["empty", "manifest.json"],
      ["file", ""],
      ["nowhere", ""],
    ];
    for (const [name, words] of cases) {
      const { code, stdout, stderr } = runMain(
        [`--allow-read=${cwd}`, `--allow-write=${cwd}`],
        ["reduce", name],
        { cwd },
      );
      const expected = name === "file" ? EXIT.usage : EXIT.failed;
      assertEquals([code, stdout], [expected, ""], `${name}: ${stderr}`);
      assertMatch(stderr, /^error: [^\n]+\n(hint: [^\n]+\n)?$/);
      assert(!stderr.includes("unexpected"), stderr);
      assertStringIncludes(stderr, words);
    }
    assertEquals(namesIn(join(cwd, "newer")).includes("state.json"), false);
  });
});

Deno.test("no text of a bundle or of a path steers the terminal", () => {
  inFolder((cwd) => {
    const bundle = putBundle(cwd, "bundle");
    const log = join(bundle, "trace.jsonl");
    const nasty = "\\u001b]0;title\\u0007\\u202e\\u009b2J";
    Deno.writeTextFileSync(
      log,
      Deno.readTextFileSync(log).replace(
        `"type":"rollout_started"`,
        `"type":"${nasty}"`,
      ),
    );
    const refused = runMain(
      [`--allow-read=${cwd}`, `--allow-write=${cwd}`],
      ["reduce", bundle],
    );
    assertEquals(refused.code, EXIT.failed);
    const absent = runMain(
      [`--allow-read=${cwd}`, `--allow-write=${cwd}`],
      ["reduce", "no\u001b[31m\u202e\nthing"],
      { cwd },
    );
    assertEquals(absent.code, EXIT.failed);
    for (const { stderr } of [refused, absent]) {
      assert(
        !/[\p{Cc}\p{Cf}]/u.test(stderr.replaceAll("\n", "")),
        JSON.stringify(stderr),
      );
      assert(stderr.startsWith("error: "), stderr);
    }
    assertStringIncludes(absent.stderr, "\\u001b[31m\\u202e");
  });
});

Deno.test("--verbose reports on standard error what was read", () => {
  inFolder((cwd) => {
    putBundle(cwd, "bundle");
    const { code, stdout, stderr } = runMain(
      ["--allow-read=bundle"],
      ["reduce", "--verbose", "-o", "-", "bundle"],
      { cwd },
    );
    assertEquals([code, stdout], [0, GOOD_STATE]);
    const state = JSON.parse(GOOD_STATE);
    assertStringIncludes(
      stderr,
      `schema ${state.schema_version}, ${state.status}`,
    );
    const calls = Object.keys(state.inference_calls).length;
    assertStringIncludes(stderr, `${calls} LLM requests`);
    assertMatch(stderr, /^[^\n]+\n$/);
  });
});

function has(program: string): boolean {
  try {
    return new Deno.Command(program, {
      args: ["--version"],
      stdout: "null",
      stderr: "null",
    })
      .outputSync().success;
  } catch {
    return false;
  }
}
