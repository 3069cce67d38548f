/**
 * A page that is written again while its session is recorded.
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
import {
  InterruptedError,
  type InterruptSignal,
} from "../../lib/bundle/output/interruption.ts";
import { runProgram } from "../../lib/cli/program.ts";
import {
  type WatchClock,
  watchSession,
} from "../../lib/cli/commands/report/watch/watch_session.ts";
import { openBundle } from "../../lib/query/mod.ts";
import { GrowingBundle } from "../bundle/follow/growing_bundle.ts";
import { inFolderAsync, recordedIo } from "../support/cli.ts";
import { ask, recorded } from "./report_file.ts";

const HELLO = recorded("0.169.0-hello");
const PERIOD_MS = 1000;

/** A clock of a test: time passes only where the watch waits. */
class TestClock implements WatchClock {
  readonly #step: (ms: number) => void;
  #now = 0;

  /** Calls `step` with the time of each wait. */
  constructor(step: (ms: number) => void) {
    this.#step = step;
  }

  now(): number {
    return this.#now;
  }

  wait(ms: number): Promise<void> {
    this.#now += ms;
    try {
      this.#step(this.#now);
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(error);
    }
  }
}

/** Watches a bundle; returns the events and losses of each page, when it was written, and the code. */
async function watched(
  bundle: string,
  step: (ms: number) => void,
): Promise<{ pages: number[][]; last: number; code: number }> {
  const clock = new TestClock(step);
  const pages: number[][] = [];
  let last = 0;
  const code = await watchSession({
    bundle,
    limits: {},
    periodMs: PERIOD_MS,
    writePage: () => {
      const { extent, diagnostics } = openBundle(bundle, { mayGrow: true });
      const events = extent?.events ?? 0;
      pages.push([clock.now(), events, diagnostics.length]);
      return Promise.resolve(events);
    },
    writeLast: () => Promise.resolve(last++),
  }, clock);
  return { pages, last, code };
}

/** Where each line of a log ends. */
function endsOf(log: Uint8Array): number[] {
  return [...log.entries()].flatMap(([at, byte]) =>
    byte === 0x0a ? [at + 1] : []
  );
}

Deno.test("a page is written at most once in a period, and only if an event is new", async () => {
  await inFolderAsync(async (folder) => {
    const growing = new GrowingBundle(HELLO, folder);
    const { log } = growing;
    const ends = endsOf(log);
    const at = (line: number) => ends[line - 1] ?? 0;
    growing.append(log.slice(0, at(3)));
    const { pages, last, code } = await watched(growing.path, (now) => {
      // Two changes in a period are one page.
      if (now === 200) growing.append(log.slice(at(3), at(4)));
      if (now === 400) growing.append(log.slice(at(4), at(5)));
      // Half a line is no event, and no loss.
      if (now === 1400) growing.append(log.slice(at(5), at(6) - 9));
      if (now === 5000) growing.append(log.slice(at(6) - 9, at(6)));
      if (now === 9000) growing.append(log.slice(at(6)));
    });
    assertEquals(pages, [[0, 3, 0], [1000, 5, 0], [5000, 6, 0]]);
    assertEquals([last, code], [1, 0]);
  });
});

Deno.test("the end of a session is waited for until nothing follows it", async () => {
  await inFolderAsync(async (folder) => {
    const growing = new GrowingBundle(HELLO, folder);
    const log = new TextDecoder().decode(growing.log);
    const lines = log.trimEnd().split("\n");
    const end = lines.findIndex((line) => line.includes('"rollout_ended"'));
    growing.appendText(`${lines.slice(0, end + 1).join("\n")}\n`);
    let waited = 0;
    const { pages, code } = await watched(
      growing.path,
      (now) => waited = now,
    );
    assertEquals([pages.length, code], [1, 0]);
    assertEquals(waited, 2000);
  });
});

Deno.test("a watch ends with the outcome of the session as its exit code", async () => {
  const ended = '"rollout_ended","status":"completed"';
  for (const [status, expected] of [["failed", 1], ["aborted", 1]] as const) {
    await inFolderAsync(async (folder) => {
      const growing = new GrowingBundle(HELLO, folder);
      const log = new TextDecoder().decode(growing.log);
      assert(log.includes(ended));
      growing.appendText(
        log.replace(ended, ended.replace("completed", status)),
      );
      const { last, code } = await watched(growing.path, () => {});
      assertEquals([last, code], [1, expected], status);
    });
  }
});

Deno.test("at a signal, the last page is written, and the exit code is that of the signal", async () => {
  const codes: readonly (readonly [InterruptSignal, number])[] = [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ];
  for (const [signal, expected] of codes) {
    await inFolderAsync(async (folder) => {
      const growing = new GrowingBundle(HELLO, folder);
      growing.append(growing.log.slice(0, endsOf(growing.log)[2]));
      const { pages, last, code } = await watched(growing.path, (now) => {
        if (now === 600) throw new InterruptedError(signal);
      });
      assertEquals([pages.length, last, code], [1, 1, expected]);
    });
  }
});

Deno.test("report --watch offers a reload until the end; the last page is that of report", async () => {
  await inFolderAsync(async (folder) => {
    const growing = new GrowingBundle(HELLO, folder);
    const path = join(folder, "page.html");
    growing.append(growing.log.slice(0, -500));
    const io = recordedIo();
    const args = [growing.path, "-o", path];
    const running = runProgram(
      ["report", ...args, "--watch=7", "--verbose"],
      io,
    );
    for (let waited = 0; io.stdout === ""; waited += 20) {
      assert(waited < 60_000, "this takes too long");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const first = Deno.readTextFileSync(path);
    assertMatch(first, /id="watch">\{"made_at_unix_ms":\d+,"seconds":7\}</);
    growing.append(growing.log.slice(-500));
    assertEquals(await running, 0);
    assertEquals(io.stdout, `${path}\n`);
    assertMatch(io.stderr, /^\S+Z {2}\d+ events, .*\nabout /);
    const last = Deno.readTextFileSync(path);
    const { code, stdout } = await ask("report", ...args);
    assertEquals([code, stdout], [0, `${path}\n`]);
    assertEquals(Deno.readTextFileSync(path) === last, true);
    assert(!last.includes('id="watch"'));
    assertEquals([...Deno.readDirSync(folder)].length, 2);
  });
});

Deno.test("report --watch refuses what it cannot write again", async () => {
  const cases: readonly (readonly [args: readonly string[], why: string])[] = [
    [[HELLO, HELLO, "-o", "x.html"], "--watch takes one bundle, not 2"],
    [[HELLO, "-o", "-"], "--watch cannot write to standard output"],
    [[HELLO, "-o", "x.html", "--redact"], "--watch cannot redact"],
    [[HELLO, "-o", "x.html", "--watch=0"], 'invalid value "0" for --watch'],
    [[HELLO, "-o", "x.html", "--watch", "3601"], "an integer from 1 to 3600"],
  ];
  for (const [args, why] of cases) {
    const { code, stdout, stderr } = await ask("report", "--watch", ...args);
    assertEquals([code, stdout], [2, ""], why);
    assertStringIncludes(stderr, why);
  }
  const state = join(HELLO, "..", "expected.state.json");
  const { code, stderr } = await ask(
    ...["report", "--watch", state, "-o", "x.html"],
  );
  assertEquals(code, 2);
  assertStringIncludes(stderr, "is a file, not a directory");
});
