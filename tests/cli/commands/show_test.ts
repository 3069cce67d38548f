/**
 * What `show` prints: goldens, and what holds of every session.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import stringWidth from "string-width";
import { escapeControls } from "../../../lib/text/escape.ts";
import { printed, testAskGoldens, upstreamBundle } from "./command_golden.ts";
import { everyCase, isInSample, someCases } from "../../support/cases.ts";
import { TESTDATA } from "../../support/paths.ts";

function golden(name: string, bundle: string, color?: number) {
  const args = [upstreamBundle(bundle)];
  return color === undefined ? { name, args } : { name, args, color };
}

testAskGoldens("show", [
  golden("stream_drop", "0.164.0-stream_drop", 80),
  golden("patch_in_shell", "0.169.0-patch_in_shell"),
  golden("compact_remote_fail", "0.169.0-compact_remote_fail"),
  golden("agents_v2_fail", "0.169.0-agents_v2_fail"),
  golden("agents_tree", "0.164.0-agents_v2_sol_tree"),
  golden("code_mode_tools", "0.169.0-code_mode_tools"),
  golden("mcp", "0.169.0-mcp"),
  golden("skipped_events", "0.164.0-dup_call_id"),
  {
    name: "steering_text",
    args: ["testdata/broken/steering_text_schema_1"],
    widths: [80],
  },
  {
    name: "torn_log",
    args: ["testdata/broken/torn_log_schema_1"],
    widths: [80],
  },
  {
    name: "prices",
    args: [
      upstreamBundle("0.169.0-agents_v2_fail"),
      "--config",
      "testdata/ask/prices.jsonc",
    ],
    widths: [80],
  },
]);

Deno.test("show fits a screen and its width, whatever the session", async () => {
  let shown = 0;
  for (const { bundle } of someCases()) {
    for (const width of [60, 80, 120]) {
      const { stdout, code } = await printed([
        "show",
        bundle,
        "--width",
        String(width),
      ]);
      if (stdout === "") {
        assertEquals(code, 1, bundle);
        continue;
      }
      const lines = stdout.trimEnd().split("\n");
      for (const line of lines) {
        // A path to paste is never cut.
        const isFit = stringWidth(line) <= width || line.includes(bundle);
        assert(isFit, `${bundle} at ${width}: ${line}`);
        assertEquals(escapeControls(line), line);
      }
      // A command takes one line more where the path of the bundle is long.
      const rows = lines.filter((line) => !line.endsWith(" \\")).length;
      if (width >= 80) assert(rows <= 46, `${bundle}: ${rows}`);
      shown++;
    }
  }
  assert(shown > 0);
});

Deno.test("show names what went wrong in each session that did, on its first screen", async () => {
  const reasons = {
    "0.164.0-stream_drop": "stream disconnected before completion",
    "0.169.0-patch_in_shell": "called as exec_command, ran as apply_patch",
    "0.169.0-compact_remote_fail": "cannot compact",
    "0.169.0-agents_v2_fail": "child is broken",
  };
  for (const [name, reason] of Object.entries(reasons)) {
    const { stdout } = await printed(["show", upstreamBundle(name)]);
    assertStringIncludes(stdout, reason);
  }
});

Deno.test("show reports on standard error what it lacks, and ends with 3", async () => {
  const { stderr, code, stdout } = await printed([
    "show",
    join(TESTDATA, "upstream", "0.164.0-dup_call_id", "bundle"),
  ]);
  assertEquals(code, 3);
  assertStringIncludes(stderr, "partial: ");
  assertStringIncludes(stdout, "not reduced");
});

Deno.test("show wants exactly one bundle", async () => {
  const none = await printed(["show"]);
  assertEquals([none.code, none.stdout], [2, ""]);
  const two = await printed(["show", "a", "b"]);
  assertEquals([two.code, two.stdout], [2, ""]);
});

Deno.test("every question that show names is answered", async () => {
  const names = [...Deno.readDirSync(join(TESTDATA, "upstream"))]
    .map(({ name }) => name).sort();
  for (const name of names.filter((_, at) => isInSample(at))) {
    const bundle = upstreamBundle(name);
    const { stdout } = await printed(["show", bundle, "--json"]);
    const { answer } = JSON.parse(stdout);
    assert(answer.suggestions.length >= 2, name);
    for (const { command, args: rest } of answer.suggestions) {
      const result = await printed([command, bundle, ...rest]);
      const args = [command, ...rest].join(" ");
      // `check` ends with 1 when it finds something: that is why it is named.
      const good = command === "check" ? [1] : [0, 3];
      assert(good.includes(result.code), `${name} ${args}: ${result.code}`);
      assert(result.stdout !== "", `${name} ${args}`);
    }
  }
});

Deno.test("show names of a state.json only what can be answered from it", async () => {
  let asked = 0;
  for (const { state, name } of everyCase()) {
    if (state === undefined) continue;
    const { stdout } = await printed(["show", state, "--json"]);
    for (
      const { command, args: rest } of JSON.parse(stdout).answer.suggestions
    ) {
      const result = await printed([command, state, ...rest]);
      assertEquals(result.code, 0, `${name}: ${command} ${rest.join(" ")}`);
      asked++;
    }
  }
  assert(asked > 50, `${asked}`);
});
