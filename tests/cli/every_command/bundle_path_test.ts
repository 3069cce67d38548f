/**
 * What every command reports about a path that is no bundle: an archive, a file of a bundle, a
 * session file, a packed log, a path that the system denies.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { EXIT } from "../../../lib/cli/command.ts";
import { putBundle } from "../../support/cli.ts";
import { inFolderAsync } from "../../support/cli.ts";
import { TESTDATA } from "../../support/paths.ts";
import { printed } from "../commands/command_golden.ts";

const SHELL = join(TESTDATA, "upstream", "0.164.0-shell");
/** Every command that takes a bundle, with what it needs besides. */
const COMMANDS: readonly (readonly [string, ...string[]])[] = [
  ["show"],
  ["timeline"],
  ["transcript"],
  ["context"],
  ["explain", "call:1"],
  ["payload", "payload:1"],
  ["diff", "call:1"],
  ["search", "a"],
  ["stats"],
  ["list"],
  ["check"],
  ["reduce", "-o", "-"],
];

/** What every command prints for a path. */
async function everywhere(
  path: string,
  message: string,
  code: number,
): Promise<void> {
  for (const [command, ...rest] of COMMANDS) {
    const result = await printed([command, path, ...rest]);
    assertEquals([result.code, result.stdout], [code, ""], command);
    assert(result.stderr.startsWith("error: "), result.stderr);
    assertStringIncludes(result.stderr, message, command);
  }
}

const ARCHIVES: readonly (readonly [string, string, readonly number[]])[] = [
  ["b.zip", "zip", [0x50, 0x4b, 3, 4]],
  ["b.tar.gz", "gzip", [0x1f, 0x8b, 8]],
  ["b", "zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["b.tar", "tar", [
    ...Array(257).fill(0),
    ...new TextEncoder().encode("ustar"),
  ]],
];

for (const [name, format, bytes] of ARCHIVES) {
  Deno.test(`every command reports a ${format} archive by its first bytes`, () =>
    inFolderAsync(async (folder) => {
      const path = join(folder, name);
      Deno.writeFileSync(path, new Uint8Array([...bytes, 0, 0, 0]));
      await everywhere(
        path,
        `is a ${format} archive: unpack it first`,
        EXIT.usage,
      );
    }));
}

Deno.test("every command leads from a file of a bundle to the bundle", () =>
  inFolderAsync(async (folder) => {
    putBundle(folder, "b", SHELL);
    const bundle = join(folder, "b");
    const [payload] = Deno.readDirSync(join(bundle, "payloads"));
    assert(payload !== undefined);
    for (
      const file of ["trace.jsonl", "manifest.json", `payloads/${payload.name}`]
    ) {
      const meant = `did you mean ${JSON.stringify(bundle)}?`;
      await everywhere(join(bundle, file), meant, EXIT.usage);
    }
  }));

Deno.test("every command reports a path that does not exist", () =>
  everywhere("/no/such/place", "it does not exist", EXIT.failed));

Deno.test("every command reports a directory that the system denies", () =>
  inFolderAsync(async (folder) => {
    putBundle(folder, "b", SHELL);
    const { lstatSync } = Deno;
    // The user of a test may be root, to whom nothing is denied.
    Deno.lstatSync = (path) => {
      if (String(path).endsWith("manifest.json")) {
        throw new Deno.errors.PermissionDenied("(os error 13)");
      }
      return lstatSync(path);
    };
    try {
      await everywhere(
        join(folder, "b"),
        `cannot read ${JSON.stringify(join(folder, "b"))}: permission denied`,
        EXIT.failed,
      );
      const { code, stderr } = await printed(["list", folder]);
      assertEquals(code, EXIT.failed);
      assertStringIncludes(stderr, "permission denied");
    } finally {
      Deno.lstatSync = lstatSync;
    }
  }));

Deno.test("a bundle with a packed log names the file to unpack", () =>
  inFolderAsync(async (folder) => {
    for (const suffix of [".gz", ".zst"]) {
      putBundle(folder, suffix, SHELL);
      const log = join(folder, suffix, "trace.jsonl");
      Deno.renameSync(log, log + suffix);
      for (const command of ["show", "list", "stats", "check"]) {
        const { code, stdout, stderr } = await printed([
          command,
          join(folder, suffix),
        ]);
        assertStringIncludes(
          (stdout + stderr).replaceAll(/\s+/g, " "),
          `trace.jsonl${suffix} does: unpack it first`,
        );
        assertEquals(code, command === "check" ? EXIT.noResult : EXIT.failed);
      }
    }
  }));

Deno.test("a byte order mark is named, in a manifest and in a state", () =>
  inFolderAsync(async (folder) => {
    putBundle(folder, "b", SHELL);
    const manifest = join(folder, "b", "manifest.json");
    const text = Deno.readTextFileSync(manifest);
    Deno.writeTextFileSync(manifest, `\ufeff${text}`);
    for (const command of ["show", "check", "list", "reduce"]) {
      const { code, stdout, stderr } = await printed([
        command,
        join(folder, "b"),
      ]);
      assert(code !== EXIT.ok);
      assertStringIncludes(stdout + stderr, "byte order mark (BOM)");
    }
    const state = join(folder, "my.json");
    Deno.writeTextFileSync(state, '\ufeff{"schema_version":1}');
    const { stderr } = await printed(["show", state]);
    assertStringIncludes(stderr, "begins with a byte order mark (BOM)");
  }));

Deno.test("a foreign or older state.json is called by its own name", () =>
  inFolderAsync(async (folder) => {
    for (
      const [text, reason] of [
        ['{"a":1}', "schema_version: key is missing"],
        ['{"schema_version":0}', "schema 0 is not known"],
      ]
    ) {
      const path = join(folder, "my.json");
      Deno.writeTextFileSync(path, text ?? "");
      const { code, stderr } = await printed(["show", path]);
      assertEquals(code, EXIT.failed);
      assertStringIncludes(
        stderr,
        `error: cannot read ${JSON.stringify(path)} as a state.json: `,
      );
      assertStringIncludes(stderr, reason ?? "");
    }
  }));

Deno.test("stats reads the other bundles beside a path that is none", () =>
  inFolderAsync(async (folder) => {
    putBundle(folder, "b", SHELL);
    const text = join(folder, "notes.txt");
    Deno.writeTextFileSync(text, "notes");
    const { code, stdout, stderr } = await printed([
      "stats",
      join(folder, "b"),
      text,
    ]);
    assertEquals(code, EXIT.partial);
    assertStringIncludes(stderr, "is neither a bundle nor a state.json");
    assert(stdout.length > 100);
  }));
