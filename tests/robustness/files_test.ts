/**
 * Files of a bundle that are none, are elsewhere, hold unusual bytes, or change while they are read.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { walkSync } from "@std/fs";
import { join } from "@std/path";
import { pathRefusal } from "../../lib/bundle/payloads/payload_paths.ts";
import {
  BundleFormatError,
  PayloadError,
  ReplayError,
} from "../../lib/errors.ts";
import { replayBundle } from "../../lib/replay.ts";
import { GOOD_STATE, inFolder, namesIn, putBundle } from "../support/cli.ts";
import { PROJECT } from "../support/paths.ts";
import { run, runMain } from "../support/processes.ts";
import { RawBundle } from "../support/bundles/raw_bundle.ts";
import { startWork } from "../support/work_cost.ts";

const POSIX = Deno.build.os !== "windows";

/** What a strict replay of a bundle throws; `undefined` when it succeeds. */
function failure(dir: string): unknown {
  try {
    replayBundle(dir);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** A bundle whose thread's metadata are in `payloads/1.json`. */
function withPayload(folder: string, text = "{}"): string {
  const bundle = new RawBundle(1);
  bundle.event({
    type: "thread_started",
    thread_id: "t",
    agent_path: "/root",
    metadata_payload: bundle.payload("session_metadata", text),
  });
  return bundle.writeTo(`${folder}/bundle`);
}

/** Code and message of the failure that a payload caused. */
function payloadFailure(dir: string): PayloadError {
  const error = failure(dir);
  assert(error instanceof ReplayError, String(error));
  assert(error.cause instanceof PayloadError, String(error));
  return error.cause;
}

/** Things that are no files, by how they are put at a path. */
const NO_FILES: Readonly<Record<string, (path: string) => void>> = {
  "a pipe": (path) => assertEquals(run("mkfifo", [path]).code, 0),
  "a folder": (path) => Deno.mkdirSync(path),
  "a link to a device": (path) => Deno.symlinkSync("/dev/zero", path),
  "a link to nothing": (path) => Deno.symlinkSync("nothing", path),
  "a link to itself": (path) => Deno.symlinkSync(path, path),
  "a link to a file outside": (path) => {
    const bundle = path.slice(0, path.indexOf("/bundle/"));
    Deno.writeTextFileSync(`${bundle}/outside.json`, "{}");
    Deno.symlinkSync(`${bundle}/outside.json`, path);
  },
};

for (const [what, put] of Object.entries(NO_FILES)) {
  for (const file of ["payloads/1.json", "trace.jsonl", "manifest.json"]) {
    Deno.test({
      name: `${what} in the place of ${file} is refused at once`,
      ignore: !POSIX,
      fn: () =>
        inFolder((folder) => {
          const dir = withPayload(folder);
          Deno.removeSync(`${dir}/${file}`);
          put(`${dir}/${file}`);
          if (file === "payloads/1.json") payloadFailure(dir);
          else assert(failure(dir) instanceof BundleFormatError);
        }),
    });
  }
}

Deno.test({
  name: "a socket in the place of a payload is refused at once",
  ignore: !POSIX,
  fn: () =>
    inFolder((folder) => {
      const dir = withPayload(folder);
      const path = `${dir}/payloads/1.json`;
      Deno.removeSync(path);
      makeSocket(path);
      assertEquals(payloadFailure(dir).code, "payload_not_regular");
    }),
});

/** Leaves a socket at `path`. Tests may not listen; the child that does is killed. */
function makeSocket(path: string): void {
  const listen =
    `Deno.listen({ transport: "unix", path: ${JSON.stringify(path)} }); ` +
    'Deno.kill(Deno.pid, "SIGKILL");';
  new Deno.Command(Deno.execPath(), { args: ["eval", listen] }).outputSync();
  assert(Deno.lstatSync(path).isSocket);
}

Deno.test({
  name: "links inside a bundle are followed, and so is one to the bundle",
  ignore: !POSIX,
  fn: () =>
    inFolder((folder) => {
      const dir = withPayload(folder);
      for (const file of ["payloads/1.json", "trace.jsonl", "manifest.json"]) {
        Deno.renameSync(`${dir}/${file}`, `${dir}/moved-${file.slice(-6)}`);
        const up = file.includes("/") ? "../" : "";
        Deno.symlinkSync(`${up}moved-${file.slice(-6)}`, `${dir}/${file}`);
      }
      Deno.symlinkSync("bundle", `${folder}/link`);
      assertEquals(replayBundle(`${folder}/link`).threads.size, 2);
    }),
});

Deno.test({
  name: "a folder of payloads that is a link outside is refused",
  ignore: !POSIX,
  fn: () =>
    inFolder((folder) => {
      const dir = withPayload(folder);
      Deno.renameSync(`${dir}/payloads`, `${folder}/payloads`);
      Deno.symlinkSync("../payloads", `${dir}/payloads`);
      assertEquals(payloadFailure(dir).code, "payload_path_refused");
    }),
});

Deno.test({
  name:
    "a folder of payloads that is replaced while it is read ends the replay",
  ignore: !POSIX,
  fn: () =>
    inFolder((folder) => {
      const bundle = new RawBundle(1);
      for (const id of ["a", "b", "c"]) {
        bundle.request(id, { input: [{ type: "additional_tools" }] });
      }
      bundle.lines.push("no event");
      const dir = bundle.writeTo(`${folder}/bundle`);
      Deno.mkdirSync(`${folder}/elsewhere`);
      let error: unknown;
      try {
        replayBundle(dir, {
          tolerant: true,
          onDiagnostic: () => {
            Deno.renameSync(`${dir}/payloads`, `${dir}/old`);
            Deno.symlinkSync(`${folder}/elsewhere`, `${dir}/payloads`);
          },
        });
      } catch (thrown) {
        error = thrown;
      }
      assert(error instanceof BundleFormatError, String(error));
      assertStringIncludes(error.message, "was replaced");
    }),
});

Deno.test("paths of payloads are refused for their text, on Windows for more", () => {
  for (
    const path of [
      "",
      "/a",
      "\\a",
      "C:\\a",
      "c:a",
      "\\\\s\\a",
      "a/../b",
      "a\\..\\b",
      "a\0",
      "payloads/",
      "payloads/1.json/",
      "payloads/1.json/.",
      ".",
    ]
  ) {
    assert(pathRefusal(path, false) !== undefined, path);
    assert(pathRefusal(path, true) !== undefined, path);
  }
  for (
    const path of [
      "payloads/nul",
      "payloads/CON.json",
      "com1/1.json",
      "payloads/LPT9 .x",
      "payloads/1.json.",
      "payloads/1.json ",
      "payloads/1.json:stream",
    ]
  ) {
    assertEquals(pathRefusal(path, false), undefined);
    assert(pathRefusal(path, true) !== undefined, path);
  }
  for (
    const path of ["payloads/./1.json", "payloads//1.json", "a\\b", "null"]
  ) {
    assertEquals(pathRefusal(path, true), undefined);
  }
});

Deno.test("a payload is found under every escaped spelling of its path", () => {
  inFolder((folder) => {
    const dir = withPayload(folder);
    const log = Deno.readTextFileSync(`${dir}/trace.jsonl`);
    for (
      const path of [
        "payloads/./1.json",
        "payloads//1.json",
        "./payloads/1.json",
      ]
    ) {
      Deno.writeTextFileSync(
        `${dir}/trace.jsonl`,
        log.replace("payloads/1.json", path),
      );
      assertEquals(failure(dir), undefined, path);
    }
  });
});

Deno.test({
  name: "a backslash is part of a name, as for the reference",
  ignore: !POSIX,
  fn: () =>
    inFolder((folder) => {
      const dir = withPayload(folder, '{"nickname":"of the folder"}');
      const log = Deno.readTextFileSync(`${dir}/trace.jsonl`);
      Deno.writeTextFileSync(
        `${dir}/trace.jsonl`,
        log.replace("payloads/1.json", "payloads\\\\1.json"),
      );
      assertEquals(payloadFailure(dir).code, "payload_unreadable");
      Deno.writeTextFileSync(
        `${dir}/payloads\\1.json`,
        '{"nickname":"of the name"}',
      );
      assertEquals(replayBundle(dir).threads.get("t")?.nickname, "of the name");
    }),
});

Deno.test("bytes that are no text are refused, and line ends of Windows are not", () => {
  inFolder((folder) => {
    const dir = withPayload(folder, '{"nickname":"n"}');
    const put = (file: string, ...bytes: number[]) => {
      const path = `${dir}/${file}`;
      const text = Deno.readFileSync(path);
      Deno.writeFileSync(path, new Uint8Array([...bytes, ...text]));
      const error = failure(dir);
      Deno.writeFileSync(path, text);
      return error;
    };
    const mark = [0xef, 0xbb, 0xbf];
    for (const bytes of [mark, [0xff], [0xed, 0xa0, 0x80]]) {
      assert(put("manifest.json", ...bytes) instanceof BundleFormatError);
      assert(put("trace.jsonl", ...bytes) instanceof BundleFormatError);
      assert(put("payloads/1.json", ...bytes) instanceof ReplayError);
    }
    assertEquals(failure(dir), undefined);
    for (const file of ["manifest.json", "trace.jsonl", "payloads/1.json"]) {
      const text = Deno.readTextFileSync(`${dir}/${file}`);
      Deno.writeTextFileSync(
        `${dir}/${file}`,
        `${text.trim()}\n`.replaceAll("\n", "\r\n"),
      );
    }
    assertEquals(failure(dir), undefined);
  });
});

Deno.test("numbers of 100,000 digits and texts of 10 MB are taken or refused, in little time", () => {
  inFolder((folder) => {
    const digits = "9".repeat(100_000);
    const bundle = new RawBundle(2);
    bundle.request("i", {
      input: [{
        type: "message",
        role: "user",
        content: [{ type: "input_text", text: "x".repeat(10_000_000) }],
      }],
    });
    const usage = bundle.payload(
      "inference_response",
      `{"output_items":[],"token_usage":{"input_tokens":${digits},"cached_input_tokens":1e99999,"output_tokens":1${
        " ".repeat(50_000)
      },"reasoning_output_tokens":-1}}`,
    );
    bundle.event({
      type: "inference_completed",
      inference_call_id: "i",
      response_payload: usage,
    });
    const dir = bundle.writeTo(`${folder}/bundle`);
    const worked = startWork();
    assertEquals(replayBundle(dir).inference_calls.get("i")?.usage, null);
    assert(worked() < 5_000);
    const log = Deno.readTextFileSync(`${dir}/trace.jsonl`);
    Deno.writeTextFileSync(
      `${dir}/trace.jsonl`,
      log.replace('"seq":4', `"seq":${digits}`),
    );
    const error = failure(dir);
    assert(error instanceof BundleFormatError);
    assert(error.message.length < 1000);
  });
});

Deno.test("a log that is still being written is refused with a hint at --tolerant, which reads it", () => {
  inFolder((folder) => {
    const dir = withPayload(folder);
    const log = Deno.readTextFileSync(`${dir}/trace.jsonl`);
    Deno.writeTextFileSync(`${dir}/trace.jsonl`, log + log.slice(0, 40));
    const strict = runMain([`--allow-read=${dir}`, `--allow-write=${dir}`], [
      "reduce",
      dir,
    ]);
    assertEquals(strict.code, 4);
    assertStringIncludes(strict.stderr, "is still running");
    assertStringIncludes(strict.stderr, "--tolerant");
    const tolerant = runMain([`--allow-read=${dir}`, `--allow-write=${dir}`], [
      "reduce",
      dir,
      "--tolerant",
    ]);
    assertEquals(tolerant.code, 3);
    assertStringIncludes(tolerant.stderr, "truncated_line");
  });
});

Deno.test("two reductions of one bundle at once both succeed", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const dir = putBundle(folder, "bundle");
    const ended = await Promise.all(
      [1, 2, 3].map(() =>
        new Deno.Command(Deno.execPath(), {
          args: [
            "run",
            `--allow-read=${dir}`,
            `--allow-write=${dir}`,
            join(PROJECT, "main.ts"),
            "reduce",
            dir,
          ],
        }).output()
      ),
    );
    assertEquals(ended.map(({ code }) => code), [0, 0, 0]);
    assertEquals(Deno.readTextFileSync(`${dir}/state.json`), GOOD_STATE);
    assert(!namesIn(dir).some((name) => name.endsWith(".tmp")));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("no key of a bundle that the reducer reads is one that every object inherits", () => {
  const sources = ["reduce", "bundle", "format", "check"].flatMap((group) =>
    [...walkSync(join(PROJECT, "lib", group), { exts: [".ts"] })]
      .map(({ path }) => Deno.readTextFileSync(path))
  );
  const keys = sources.flatMap((text) => [
    ...text.matchAll(
      /\["(\w+)"\]|\bvalueUnder\([^,]+, "(\w+)"\)|^ {2,4}(\w+): (?:required|optional|omissible)\(/gm,
    ),
  ]).map(([, ...found]) => found.find((key) => key !== undefined) ?? "");
  assert(keys.length > 50);
  const inherited: object = {};
  assertEquals(keys.filter((key) => key in inherited), []);
});
