/**
 * Small words of the command line: escaped text, flags to paste, failures reported.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { BundleError } from "../../lib/cli/errors/bundle_error.ts";
import { describeError } from "../../lib/cli/errors/describe_error.ts";
import {
  MissingPermissionError,
  permissionFlag,
} from "../../lib/cli/access/permissions.ts";
import { UsageError } from "../../lib/cli/args/usage_error.ts";
import {
  BundleFormatError,
  PayloadError,
  ReplayError,
} from "../../lib/errors.ts";
import { escapeControls } from "../../lib/text/escape.ts";

Deno.test("escapeControls() leaves readable text alone and spells what steers", () => {
  assertEquals(
    escapeControls(`plain, "quoted", 日本語 🎉 \\`),
    `plain, "quoted", 日本語 🎉 \\`,
  );
  assertEquals(
    escapeControls("a\u001b[2J\r\nb\u202ec\u2066\u009b\u0000\ufeff\u2028"),
    "a\\u001b[2J\\u000d\\u000ab\\u202ec\\u2066\\u009b\\u0000\\ufeff\\u2028",
  );
});

Deno.test("permissionFlag() can be pasted into a shell", () => {
  assertEquals(permissionFlag("read", "a/b-1.json"), "--allow-read=a/b-1.json");
  assertEquals(permissionFlag("write", "a b"), "'--allow-write=a b'");
  assertEquals(permissionFlag("write", "it's"), `'--allow-write=it'\\''s'`);
  assertEquals(permissionFlag("read", "$(id)"), "'--allow-read=$(id)'");
});

Deno.test("permissionFlag() grants everything where a comma would split the path", () => {
  assertEquals(permissionFlag("read", "a,b"), "--allow-read");
});

Deno.test("describeError() reports every class by its exit code and its hint", () => {
  const ref = { raw_payload_id: "raw_payload:1", path: "payloads/1.json" };
  const refusal = new Deno.errors.PermissionDenied("denied");
  const denied = { cause: new Error("cannot be read", { cause: refusal }) };
  const cases: [unknown, number, string, string][] = [
    [new UsageError("which?", "this"), 2, "which?", "this"],
    [
      new MissingPermissionError("read", "x"),
      2,
      `cannot read "x"`,
      "add --allow-read=x",
    ],
    [
      new Deno.errors.NotCapable(
        `Requires write access to "o.json", run again with the --allow-write flag`,
      ),
      2,
      "Requires write access",
      "add --allow-write=o.json",
    ],
    [
      new Deno.errors.NotCapable(
        `Requires all access to "/dev/stderr", run again with the --allow-all flag`,
      ),
      2,
      "Requires all access",
      "- is standard output",
    ],
    [
      new BundleFormatError("not JSON", { file: "manifest.json" }),
      4,
      "manifest.json",
      "a bundle is a directory",
    ],
    [
      new BundleFormatError("not JSON", { file: "trace.jsonl", line: 3 }),
      4,
      "trace.jsonl line 3",
      "is the recording complete",
    ],
    [
      new PayloadError("payload_path_refused", ref, "leaves the bundle"),
      4,
      `payload "raw_payload:1"`,
      "only from inside",
    ],
    [
      new ReplayError("unsupported_schema", "schema 9 is unknown"),
      4,
      "schema 9",
      "update rollout-trace",
    ],
    [
      new ReplayError("unknown_turn", `turn "t" is unknown`),
      4,
      `turn "t"`,
      "nothing was written",
    ],
    [
      new BundleError("a b", new ReplayError("unknown_turn", "reason")),
      4,
      `"a b": reason`,
      "contradicts itself",
    ],
    [
      new Error("wrapped", { cause: new Deno.errors.NotFound("gone") }),
      4,
      "wrapped",
      "a bundle is a directory",
    ],
    [
      new Error("No space left on device (os error 28)"),
      4,
      "No space left",
      "",
    ],
    [
      new BundleFormatError("cannot be read", { file: "trace.jsonl" }, denied),
      4,
      "trace.jsonl",
      "check owner and mode",
    ],
    [
      new PayloadError("payload_unreadable", ref, "cannot be read", denied),
      4,
      `payload "raw_payload:1"`,
      "check owner and mode",
    ],
    ["thrown text", 4, "unexpected string: thrown text", "report"],
  ];
  for (const [error, exitCode, message, hint] of cases) {
    const result = describeError(error);
    assertEquals(result.exitCode, exitCode, message);
    assertStringIncludes(result.message, message);
    assertStringIncludes(result.hint ?? "", hint);
  }
});
