/**
 * What `follow` prints, and how it ends.
 *
 * @module
 */

import { slowTest } from "../../support/cases.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { copySync } from "@std/fs";
import { join } from "@std/path";
import { runProgram } from "../../../lib/cli/program.ts";
import { GrowingBundle } from "../../bundle/follow/growing_bundle.ts";
import { inFolderAsync, recordedIo } from "../../support/cli.ts";
import { MAIN, PROJECT } from "../../support/paths.ts";
import { printed, testAskGoldens, upstreamBundle } from "./command_golden.ts";

const ALL = ["--from-start", "--until-end"];
const AGENTS = upstreamBundle("0.169.0-agents_v2_fail");
const HELLO = upstreamBundle("0.169.0-hello");

testAskGoldens("follow", [
  { name: "agents", args: [AGENTS, ...ALL], widths: [80, 120], color: 120 },
  {
    name: "compactions",
    args: [upstreamBundle("0.169.0-compact_remote_fail"), ...ALL],
    widths: [120],
  },
  {
    name: "code_cells",
    args: [upstreamBundle("0.169.0-code_mode_tools"), ...ALL],
    widths: [120],
  },
  { name: "failed", args: [AGENTS, ...ALL, "--failed"], widths: [80] },
  {
    name: "thread",
    args: [AGENTS, ...ALL, "--thread", "/root/bad"],
    widths: [80],
  },
  {
    name: "limits",
    args: [upstreamBundle("0.171.0-lim_p300"), ...ALL],
    widths: [120],
  },
  {
    name: "exit_codes",
    args: [upstreamBundle("0.164.0-shell"), ...ALL],
    widths: [120],
  },
]);

/** Waits until `isTrue`, for at most a minute. */
async function until(isTrue: () => boolean): Promise<void> {
  for (let waited = 0; !isTrue(); waited += 20) {
    assert(waited < 60_000, "this takes too long");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

Deno.test("follow --json prints an event a line, and ends with the outcome", async () => {
  const { stdout, code } = await printed(["follow", AGENTS, ...ALL, "--json"]);
  const events = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(code, 0);
  assertEquals(events.map(({ bundle }) => bundle), events.map(() => AGENTS));
  const request = events.find(({ object }) => object?.handle === "call:1");
  assertEquals(request.detail.usage.input_tokens, 100);
  assertEquals(request.duration_ms, 40);
  const failed = events.filter(({ issue }) => issue === "failed");
  assert(failed.some(({ error }) => error === "child is broken"));
});

Deno.test("follow --until-end reports the outcome of the session as its exit code", async () => {
  const ended = '"rollout_ended","status":"completed"';
  const changes:
    readonly (readonly [code: number, from: string, to: string])[] = [
      [0, ended, ended],
      [1, ended, ended.replace("completed", "failed")],
      [1, ended, ended.replace("completed", "aborted")],
      [3, '"type":"inference_started"', '"type":"inference_started",,'],
    ];
  for (const [code, from, to] of changes) {
    await inFolderAsync(async (folder) => {
      const growing = new GrowingBundle(join(PROJECT, HELLO), folder);
      const log = new TextDecoder().decode(growing.log);
      assert(log.includes(from));
      growing.appendText(log.replace(from, to));
      const result = await printed(["follow", growing.path, ...ALL]);
      assertEquals(result.code, code, result.stdout);
    });
  }
});

Deno.test("follow prints what is written while it runs, as of the finished bundle", async () => {
  await inFolderAsync(async (folder) => {
    const growing = new GrowingBundle(join(PROJECT, AGENTS), folder);
    const io = recordedIo();
    const running = runProgram(["follow", growing.path, ...ALL], io);
    const size = 1301;
    for (let at = 0; at < growing.log.length; at += size) {
      growing.append(growing.log.slice(at, at + size));
      // Some pieces are read alone, others together.
      if (at % 4 === 0) await new Promise((ready) => setTimeout(ready, 120));
    }
    assertEquals(await running, 0);
    const { stdout } = await printed(["follow", AGENTS, ...ALL]);
    assertEquals(io.stdout, stdout);
  });
});

Deno.test("follow shows what runs in the last line of a terminal, and takes it away", async () => {
  await inFolderAsync(async (folder) => {
    const growing = new GrowingBundle(join(PROJECT, HELLO), folder);
    const log = new TextDecoder().decode(growing.log);
    const answered = log.indexOf("\n", log.indexOf('"inference_started"')) + 1;
    let shown = "";
    const io = {
      ...recordedIo(),
      stderrTerminal: () => ({
        isTTY: true as const,
        write: (text: string) => {
          shown += text;
          return true;
        },
      }),
    };
    const running = runProgram(["follow", growing.path, ...ALL], io);
    growing.appendText(log.slice(0, answered));
    await until(() => shown.includes("turn:1"));
    assertStringIncludes(shown, " · call:1 ");
    growing.appendText(log.slice(answered));
    assertEquals(await running, 0);
    assertStringIncludes(shown, "no turn runs · prompt ");
    assert(shown.endsWith("\r\x1b[K"));
  });
});

Deno.test("follow prints the message of the user that a turn begins with", async () => {
  const { stdout } = await printed(["follow", HELLO, ...ALL, "--json"]);
  const events = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  const message = events.find(({ detail }) => detail.type === "user_message");
  assertEquals(message.object.handle, "turn:1");
  assert(message.detail.text.length > 0);
});

Deno.test("follow without --from-start prints nothing of what was recorded before", async () => {
  const { stdout, code } = await printed(["follow", HELLO, "--until-end"]);
  assertEquals([stdout, code], ["", 0]);
});

slowTest(
  "follow of a directory waits for the first session, and continues with the next",
  async () => {
    await inFolderAsync(async (folder) => {
      const io = recordedIo();
      const running = runProgram(
        ["follow", folder, "--until-end", "--json"],
        io,
      );
      await until(() => io.stderr.includes("waiting for a session"));
      const first = new GrowingBundle(join(PROJECT, HELLO), folder, "first");
      const half = Math.floor(first.log.length / 2);
      first.append(first.log.slice(0, half));
      await until(() => io.stdout.includes('"turn_started"'));
      // The first one never ends: its recorder was killed.
      const second = join(folder, "second");
      copySync(join(PROJECT, AGENTS), join(folder, ".new"));
      setStart(join(folder, ".new"), 9_999_999_999_999);
      Deno.renameSync(join(folder, ".new"), second);
      assertEquals(await running, 0);
      const events = io.stdout.trimEnd().split("\n")
        .map((line) => JSON.parse(line));
      const ofSecond = events.filter(({ bundle }) => bundle === second);
      const complete = await printed(["follow", second, ...ALL, "--json"]);
      assertEquals(
        ofSecond.map((event) => JSON.stringify(event)),
        complete.stdout.trimEnd().split("\n"),
      );
      assertEquals(events.slice(0, -ofSecond.length).map(({ seq }) => seq), [
        ...new Set(events.slice(0, -ofSecond.length).map(({ seq }) => seq)),
      ]);
      assertStringIncludes(io.stderr, `following ${first.path}`);
      assertStringIncludes(io.stderr, `following ${second}`);
    });
  },
);

slowTest(
  "follow of a directory continues with the next session when one is removed",
  async () => {
    await inFolderAsync(async (folder) => {
      const growing = new GrowingBundle(join(PROJECT, HELLO), folder, "first");
      growing.append(growing.log);
      const io = recordedIo();
      const running = runProgram(["follow", folder, "--from-start"], io);
      await until(() => io.stdout.includes("recording completed"));
      Deno.removeSync(growing.path, { recursive: true });
      await until(() => io.stderr.includes("was removed while"));
      assert(!io.stderr.includes("error:"));
      const next = join(folder, "next");
      copySync(join(PROJECT, AGENTS), join(folder, ".new"));
      setStart(join(folder, ".new"), 9_999_999_999_999);
      Deno.renameSync(join(folder, ".new"), next);
      await until(() => io.stdout.includes("child is broken"));
      assertStringIncludes(io.stderr, `following ${next}`);
      // Nothing can be recorded where no directory is any more.
      Deno.renameSync(folder, `${folder}.old`);
      assertEquals(await running, 4);
      Deno.renameSync(`${folder}.old`, folder);
      assertStringIncludes(
        io.stderr,
        `error: cannot read "${folder}": it does not exist`,
      );
    });
  },
);

/** Changes when a session began. */
function setStart(bundle: string, at: number): void {
  const file = join(bundle, "manifest.json");
  const manifest = JSON.parse(Deno.readTextFileSync(file));
  manifest.started_at_unix_ms = at;
  Deno.writeTextFileSync(file, JSON.stringify(manifest));
}

Deno.test("follow reports a log that was replaced, with its bundle", async () => {
  await inFolderAsync(async (folder) => {
    const growing = new GrowingBundle(join(PROJECT, HELLO), folder);
    growing.append(growing.log);
    const io = recordedIo();
    const running = runProgram(
      ["follow", growing.path, "--from-start"],
      io,
    );
    await until(() => io.stdout.includes("recording completed"));
    Deno.writeFileSync(`${growing.logFile}.new`, growing.log);
    Deno.renameSync(`${growing.logFile}.new`, growing.logFile);
    assertEquals(await running, 4);
    assertStringIncludes(io.stderr, `"${growing.path}": trace.jsonl: was rep`);
    assertStringIncludes(io.stderr, "hint: what was printed is of the file");
  });
});

Deno.test({
  name: "follow ends quietly at SIGINT, and needs to read the bundle only",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const bundle = join(PROJECT, HELLO);
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        `--allow-read=${bundle}`,
        "--no-prompt",
        MAIN,
        "follow",
        bundle,
        "--from-start",
      ],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    let stdout = "";
    const text = new TextDecoder();
    for await (const chunk of child.stdout) {
      stdout += text.decode(chunk, { stream: true });
      if (stdout.includes("recording completed")) child.kill("SIGINT");
    }
    const { code } = await child.status;
    const stderr = await new Response(child.stderr).text();
    assertEquals([code, stderr], [130, ""]);
  },
});
