/**
 * `check` of what is no bundle, and of bundles of which something is missing: nothing damaged is clean.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { checkBundle } from "../../lib/check/check.ts";
import { inFolder, putBundle } from "../support/cli.ts";
import { CORPUS, COVERS_ALL_CASES } from "../support/cases.ts";
import { run, runMain } from "../support/processes.ts";
import { CASES, refusalOf, UPSTREAM } from "./check_command.ts";

Deno.test("a directory that is no bundle, or no longer one, is reported too", () => {
  inFolder((cwd) => {
    Deno.mkdirSync(join(cwd, "empty"));
    putBundle(cwd, "no-manifest");
    Deno.removeSync(join(cwd, "no-manifest", "manifest.json"));
    putBundle(cwd, "no-log");
    Deno.removeSync(join(cwd, "no-log", "trace.jsonl"));
    putBundle(cwd, "no-payloads");
    Deno.removeSync(join(cwd, "no-payloads", "payloads"), { recursive: true });
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ["empty", ["manifest_missing", "log_missing"]],
      ["no-manifest", ["manifest_missing"]],
      ["no-log", ["log_missing"]],
      ["no-payloads", ["payload_unreadable"]],
    ];
    for (const [name, codes] of cases) {
      const grant = [`--allow-read=${join(cwd, name)}`];
      const ended = runMain(grant, ["check", "--json", name], { cwd });
      assertEquals([ended.code, ended.stderr], [1, ""], ended.stderr);
      const { findings, reduction } = JSON.parse(ended.stdout);
      const found = new Set(
        findings.filter((each: { severity: string }) =>
          each.severity === "error"
        ).map((each: { code: string }) => each.code),
      );
      for (const code of codes) assert(found.has(code), `${name}: ${code}`);
      assertEquals(reduction.strict, false, name);
      const result = runMain(grant, ["check", name], { cwd });
      assertEquals([result.code, result.stderr], [1, ""]);
      assertMatch(result.stdout, /^reduce {4}refused at /m);
    }
  });
});

Deno.test("without a manifest the log and the payloads are checked", () => {
  inFolder((cwd) => {
    for (const name of ["0.164.0-shell", "0.169.0-agents_v2"]) {
      const bundle = putBundle(cwd, name, join(UPSTREAM, name));
      const well = checkBundle(bundle);
      Deno.writeTextFileSync(join(bundle, "manifest.json"), "[]");
      const ill = checkBundle(bundle);
      assertEquals(ill.totals, well.totals);
      assertEquals(
        ill.findings.map(({ code }) => code),
        ["manifest_malformed"],
      );
      assertEquals([ill.manifest, ill.reduction.tolerant], [null, null]);
    }
  });
});

Deno.test({
  name: "pipes in the place of files, and links that lead out, are not opened",
  ignore: Deno.build.os === "windows",
  fn: () => {
    inFolder((cwd) => {
      Deno.writeTextFileSync(join(cwd, "secret"), "hunter2");
      for (const file of ["manifest.json", "trace.jsonl", "payloads/3.json"]) {
        for (const kind of ["pipe", "link"]) {
          const bundle = putBundle(cwd, "bundle");
          Deno.removeSync(join(bundle, file));
          if (kind === "pipe") run("mkfifo", [join(bundle, file)]);
          else Deno.symlinkSync(join(cwd, "secret"), join(bundle, file));
          const ended = runMain(
            [`--allow-read=${bundle}`],
            ["check", "--json", bundle],
          );
          assertEquals([ended.code, ended.stderr], [1, ""], `${file} ${kind}`);
          assert(!ended.stdout.includes("hunter2"));
          const result = JSON.parse(ended.stdout).findings
            .map((each: { message: string }) => each.message).join("\n");
          assertMatch(
            result,
            kind === "pipe" ? /no regular file/ : /leads out of the bundle/,
          );
          Deno.removeSync(bundle, { recursive: true });
        }
      }
    });
  },
});

/** Of the lines of each log, one in so many is changed. */
const STRIDE = COVERS_ALL_CASES ? 3 : 20;

Deno.test("check knows whether a strict reduction succeeds, and why not", () => {
  inFolder((folder) => {
    let refused = 0;
    for (const name of CASES) {
      const bundle = putBundle(folder, name, join(UPSTREAM, name));
      const log = join(bundle, "trace.jsonl");
      const lines = Deno.readTextFileSync(log).split(/(?<=\n)/);
      for (let at = 0; at < lines.length; at += STRIDE) {
        const line = lines[at] ?? "";
        const without = lines.toSpliced(at, 1);
        const double = lines.toSpliced(at, 0, line);
        const later = without.toSpliced(at + 5, 0, line);
        const torn = [...lines.slice(0, at), line.slice(0, line.length / 2)];
        for (const changed of [without, double, later, torn]) {
          Deno.writeTextFileSync(log, changed.join(""));
          const { reduction, counts } = checkBundle(bundle);
          const refusal = refusalOf(bundle);
          assertEquals(
            reduction.refused_by?.message,
            refusal,
            `${name}, line ${at + 1}`,
          );
          assertEquals(reduction.strict, refusal === undefined);
          assert(reduction.strict || counts.error > 0);
          if (refusal !== undefined) refused++;
        }
      }
    }
    assert(refused > 300 / STRIDE, `${refused} refusals`);
  });
});

Deno.test("a bundle truncated at any line is not called clean", () => {
  inFolder((folder) => {
    const name = "0.164.0-shell";
    const bundle = putBundle(folder, name, join(UPSTREAM, name));
    const log = join(bundle, "trace.jsonl");
    const lines = Deno.readTextFileSync(log).split(/(?<=\n)/);
    for (let kept = 0; kept < lines.length; kept++) {
      Deno.writeTextFileSync(log, lines.slice(0, kept).join(""));
      assertEquals(checkBundle(bundle).clean, false, `${kept} lines`);
    }
  });
});

Deno.test("an event that the recorder lost is reported, whichever it is", () => {
  inFolder((folder) => {
    // Where the recorder loses an event, the next one gets its number.
    const name = "0.169.0-code_mode";
    const bundle = putBundle(folder, name, join(UPSTREAM, name));
    const log = join(bundle, "trace.jsonl");
    const lines = Deno.readTextFileSync(log).trimEnd().split("\n");
    for (let lost = 0; lost < lines.length; lost++) {
      const left = lines.toSpliced(lost, 1).map((line, at) =>
        line.replace(/"seq":\d+/, `"seq":${at + 1}`)
      );
      Deno.writeTextFileSync(log, `${left.join("\n")}\n`);
      const { type } = JSON.parse(lines[lost] ?? "").payload;
      // Nothing else in a bundle reports these.
      const isSilent = [
        "rollout_started",
        "history_item_accepted",
        "thread_resumed",
      ].includes(type);
      if (!isSilent) assertEquals(checkBundle(bundle).clean, false, type);
    }
  });
});

Deno.test({
  name:
    "every bundle of the corpus is checked, and reduces as the check states",
  ignore: !exists(CORPUS),
  fn: () => {
    for (const version of Deno.readDirSync(CORPUS)) {
      if (!version.isDirectory) continue;
      for (const { name } of Deno.readDirSync(join(CORPUS, version.name))) {
        const bundle = join(CORPUS, version.name, name, "bundle");
        const { reduction } = checkBundle(bundle);
        assertEquals(reduction.refused_by?.message, refusalOf(bundle), name);
      }
    }
  },
});

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
