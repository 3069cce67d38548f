/**
 * The program as one file: it reduces, it may do nothing else, and it starts at once.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { COMMANDS } from "../../lib/cli/catalog/catalog.ts";
import { redactBundle } from "../../lib/export/redact/redact_bundle.ts";
import {
  leftIn,
  plantBundle,
  textsOf,
} from "../export/redact/planted_bundle.ts";
import { plantedValues } from "../export/redact/planted_values.ts";
import {
  GOOD_CASE,
  GOOD_STATE,
  inFolder,
  inFolderAsync,
  putBundle,
} from "../support/cli.ts";
import { compile, type Compiled } from "./compiled.ts";
import { run } from "../support/processes.ts";
import { makeManySessions } from "../support/bundles/many_sessions.ts";
import { ENTRY, outputName } from "../tools/compile.ts";

const folder = Deno.makeTempDirSync();
const program = join(folder, outputName());
const probe = join(folder, `probe-${outputName()}`);

/** How much more of the processor a tiny bundle may take than the start of an empty program. */
const MAX_START_RATIO = 4;

/** Asks for everything the program has no business with, compiled with the program's flags. */
const PROBE = `
const granted: Record<string, string> = {};
function attempt(what: string, reach: () => unknown): void {
  try {
    reach();
    granted[what] = "allowed";
  } catch (error) {
    granted[what] = error instanceof Deno.errors.NotCapable ? "refused" : String(error);
  }
}
attempt("network", () => Deno.listen({ hostname: "127.0.0.1", port: 0 }).close());
attempt("environment", () => Deno.env.get("PATH"));
attempt("subprocess", () => new Deno.Command("true").outputSync());
attempt("system", () => Deno.hostname());
attempt("library", () => Deno.dlopen("libc.so.6", {}));
attempt("file", () => Deno.statSync("."));
console.log(JSON.stringify(granted));
`;

const built: Compiled = compile({
  entry: ENTRY,
  output: program,
});
const ignore = !built.built;
const why = built.built ? "" : ` (skipped: ${built.why})`;

Deno.test({
  name: `the compiled program reduces a bundle to the same bytes${why}`,
  ignore,
  fn: () => {
    inFolder((cwd) => {
      putBundle(cwd, "bundle");
      const ended = run(program, ["reduce", "bundle"], { cwd });
      assertEquals(ended, {
        code: 0,
        stdout: "bundle/state.json\n",
        stderr: "",
      });
      assertEquals(
        Deno.readTextFileSync(join(cwd, "bundle", "state.json")),
        GOOD_STATE,
      );
      const wrong = run(program, ["reduec"], { cwd });
      assertEquals(wrong.code, 2);
      assert(wrong.stderr.includes('did you mean "reduce"?'), wrong.stderr);
    });
  },
});

Deno.test({
  name: `the compiled program has its workers inside${why}`,
  ignore,
  fn: () => {
    inFolder((cwd) => {
      const bundles = [join(GOOD_CASE, "bundle")];
      const until = Date.UTC(2026, 10, 29);
      const root = join(cwd, "root");
      makeManySessions({ root, count: 900, days: 9, until, bundles });
      const [alone, shared] = ["1", "2"].map((jobs) =>
        run(program, ["stats", root, "--jobs", jobs, "--csv", "--verbose"])
      );
      assertEquals(shared, alone);
      assertEquals(alone?.code, 0);
    });
  },
});

Deno.test({
  name: `the compiled program prints the licenses of all it contains${why}`,
  ignore,
  fn: () => {
    const { code, stdout, stderr } = run(program, ["--licenses"]);
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    for (const name of ["preact", "uplot", "cli-progress", "Deno", "V8"]) {
      assert(stdout.includes(`\n## ${name} `), name);
    }
  },
});

Deno.test({
  name: `the compiled program has every command in it${why}`,
  ignore,
  fn: () => {
    for (const { name, summary } of COMMANDS) {
      const { code, stdout, stderr } = run(program, ["help", name]);
      assertEquals({ code, stderr }, { code: 0, stderr: "" }, name);
      assert(
        stdout.startsWith(`${summary}.\n\nUsage: rollout-trace ${name}`),
        stdout,
      );
    }
  },
});

Deno.test({
  name:
    `what is compiled with its flags gets no network, environment, subprocess${why}`,
  ignore,
  fn: () => {
    const entry = join(folder, "probe.ts");
    Deno.writeTextFileSync(entry, PROBE);
    assertEquals(compile({ entry, output: probe }), { built: true });
    const { stdout, stderr } = run(probe, []);
    assertEquals(JSON.parse(stdout), {
      network: "refused",
      environment: "refused",
      subprocess: "refused",
      system: "refused",
      library: "refused",
      file: "allowed",
    }, stderr);
  },
});

Deno.test({
  name: `the compiled program redacts as the library does${why}`,
  ignore,
  fn: async () => {
    await inFolderAsync(async (cwd) => {
      plantBundle(join(cwd, "bundle"), 2, plantedValues(2));
      const { isWritten } = await redactBundle(
        join(cwd, "bundle"),
        join(cwd, "of-library"),
        { personal: true },
      );
      assert(isWritten);
      const { code, stderr } = run(
        program,
        ["redact", "bundle", "-o", "copy", "--personal"],
        { cwd },
      );
      assertEquals(code, 0, stderr);
      const [copy, expected] = ["copy", "of-library"].map((each) =>
        Array.from(
          textsOf(join(cwd, each)),
          ([path, text]) => [path.slice(join(cwd, each).length), text],
        )
      );
      assertEquals(copy, expected);
      assertEquals(leftIn(join(cwd, "copy"), plantedValues(2)), []);
    });
  },
});

Deno.test({
  name: `the compiled program keeps nothing among temporary files${why}`,
  ignore,
  fn: () => {
    inFolder((cwd) => {
      putBundle(cwd, "bundle");
      const temporary = join(cwd, "tmp");
      Deno.mkdirSync(temporary);
      const env = { TMPDIR: temporary, TEMP: temporary, TMP: temporary };
      for (const command of ["reduce", "show", "show"]) {
        assertEquals(run(program, [command, "bundle"], { cwd, env }).code, 0);
      }
      assertEquals([...Deno.readDirSync(temporary)], []);
    });
  },
});

Deno.test({
  name: `the compiled program takes little longer than an empty one${why}`,
  ignore: ignore || Deno.build.os === "windows",
  fn: () => {
    const entry = join(folder, "empty.ts");
    const empty = join(folder, `empty-${outputName()}`);
    Deno.writeTextFileSync(entry, "");
    assertEquals(compile({ entry, output: empty }), { built: true });
    inFolder((cwd) => {
      putBundle(cwd, "bundle");
      const own = cpuSeconds(`"${program}" reduce "${join(cwd, "bundle")}"`);
      const least = cpuSeconds(`"${empty}"`);
      assert(own < MAX_START_RATIO * least, `${own} s, empty ${least} s`);
    });
  },
});

/** Seconds of processor that 20 runs of a command take, whatever else the machine does. */
function cpuSeconds(command: string): number {
  const loop = `for i in 0 1 2 3 4 5 6 7 8 9; do ${command}; ${command}; done`;
  const { code, stdout } = run("sh", ["-c", `${loop} >/dev/null && times`]);
  assertEquals(code, 0);
  // The second line is about the children of the shell: user and system time.
  const spent = stdout.trim().split("\n")[1]?.match(/(\d+)m([\d.]+)s/g) ?? [];
  assertEquals(spent.length, 2, stdout);
  return spent.reduce((sum, each) => sum + minutesAndSeconds(each), 0);
}

function minutesAndSeconds(text: string): number {
  const [minutes, seconds] = text.split("m").map(parseFloat);
  return (minutes ?? 0) * 60 + (seconds ?? 0);
}

Deno.test("the compiled programs are tidied away", () => {
  Deno.removeSync(folder, { recursive: true });
});
