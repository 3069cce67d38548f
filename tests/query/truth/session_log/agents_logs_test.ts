/**
 * Logs of agents that are not as Codex leaves them: lost, torn, repeated, of parents in a circle; and how
 * far they are searched.
 *
 * @module
 */

import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { basename, dirname, join } from "@std/path";
import { BundleFormatError } from "../../../../lib/errors.ts";
import { openLoggedSession } from "../../../../lib/query/session/session_log/joined/open_logged_session.ts";
import { summarize } from "../../../../lib/query/show/show.ts";
import { getTimeline } from "../../../../lib/query/timeline/timeline.ts";
import { buildReport } from "../../../../lib/report/build/build_report.ts";
import { openTranscript } from "../../../../lib/query/transcript/transcript.ts";
import { printed } from "../../../cli/commands/command_golden.ts";
import { inFolder, inFolderAsync } from "../../../support/cli.ts";
import { bytesOf, event, line, message, THREAD } from "./made_log.ts";
import { observeOpens } from "../../../support/bundles/opened_files.ts";

const DAY = "2026/11/29";
const JOINED_NOTE = "read from 2 session logs, one for each thread; ";

/** The id of a thread that was made `at` milliseconds after the root. */
function idOf(number: number, at = 0): string {
  const low = at.toString(16).padStart(4, "0");
  return `01a20000-${low}-7000-8000-${String(number).padStart(12, "0")}`;
}

/** What is special about a log. */
interface Made {
  readonly meta?: object;
  readonly lines?: readonly string[];
  readonly day?: string;
  readonly isTorn?: boolean;
}

/** Writes the log of a thread of the session of `THREAD`, below a folder for each day. */
function putLog(
  root: string,
  id: string,
  { meta, lines = [], day = DAY, isTorn = false }: Made = {},
): string {
  const folder = join(root, "sessions", day);
  Deno.mkdirSync(folder, { recursive: true });
  const path = join(folder, `rollout-2026-11-29T12-00-00-${id}.jsonl`);
  const first = line("session_meta", {
    id,
    session_id: THREAD,
    timestamp: "2026-11-29T12:00:00.000Z",
    ...id === THREAD ? {} : {
      parent_thread_id: THREAD,
      agent_path: `/root/a${Number(id.slice(-4))}`,
    },
    ...meta,
  });
  Deno.writeFileSync(path, bytesOf([first, ...lines], isTorn));
  return path;
}

/** The lines of a root that spawns agents. */
function spawns(agents: readonly string[]): string[] {
  return agents.flatMap((agent, at) => [
    line("response_item", {
      type: "function_call",
      name: "spawn_agent",
      arguments: JSON.stringify({ message: "go" }),
      call_id: `call_${at}`,
    }),
    event("item_completed", {
      item: {
        type: "SubAgentActivity",
        id: `call_${at}`,
        kind: "started",
        agent_thread_id: agent,
        agent_path: `/root/a${Number(agent.slice(-4))}`,
      },
    }),
  ]);
}

Deno.test("an agent without a log, and one whose log is torn, are noted", () =>
  inFolderAsync(async (root) => {
    const [torn, lost] = [idOf(2), idOf(3)];
    const path = putLog(root, THREAD, { lines: spawns([torn, lost]) });
    putLog(root, torn, {
      lines: [message("assistant", "done"), '{"timestamp":'],
      isTorn: true,
    });
    const { trace, sessionLog } = openLoggedSession(path);
    assertEquals([...trace.threads.keys()].sort(), [THREAD, torn].sort());
    assertEquals(sessionLog?.logs, {
      read: 2,
      missing: [{ thread_id: lost, agent_path: "/root/a3" }],
      unread: [],
    });
    assertEquals([...trace.interaction_edges.keys()], [
      `edge:spawn:${THREAD}:${torn}`,
    ]);
    const { stdout, stderr, code } = await printed(["timeline", path]);
    assertEquals(code, 3);
    assertStringIncludes(stdout, "spawns thread:2");
    assertStringIncludes(stderr, "read from 2 session logs");
    assertStringIncludes(stderr, `no log was found of "/root/a3"`);
    // The line of the log that is torn, not of the one that was named.
    assertStringIncludes(stderr, `${torn}.jsonl" line 3: `);
  }));

Deno.test("a log of an agent whose metadata cannot be read is noted, and not as absent", () =>
  inFolder((root) => {
    const [torn, empty] = [idOf(2), idOf(3)];
    const path = putLog(root, THREAD, { lines: spawns([torn, empty]) });
    const files = [torn, empty].map((id) => putLog(root, id));
    for (const [at, file] of files.entries()) Deno.truncateSync(file, 20 * at);
    assertEquals(openLoggedSession(path).sessionLog?.logs, {
      read: 1,
      missing: [],
      unread: files.map((file) => ({
        path: file,
        reason: "its metadata cannot be read",
      })),
    });
  }));

Deno.test("a fork without its own metadata is not the thread whose metadata it repeats", () =>
  inFolderAsync(async (root) => {
    const fork = idOf(2);
    const path = putLog(root, THREAD, { lines: spawns([fork]) });
    const other = { id: THREAD, session_id: THREAD };
    const file = putLog(root, fork, {
      lines: [line("session_meta", other), message("assistant", "of the fork")],
    });
    const [own = "", ...rest] = Deno.readTextFileSync(file).split("\n");
    for (const lines of [rest, [own.slice(1), ...rest]]) {
      Deno.writeTextFileSync(file, lines.join("\n"));
      assertThrows(
        () => openLoggedSession(file),
        BundleFormatError,
        "of another one",
      );
      const { trace, sessionLog } = openLoggedSession(path);
      assertEquals([trace.threads.size, trace.conversation_items.size], [1, 1]);
      assertEquals(sessionLog?.logs.unread.length, 1);
      const { stdout, code } = await printed(["search", file, "fork"]);
      assertEquals([stdout, code], ["", 4]);
    }
  }));

Deno.test("parents in a circle, and a thread that names itself, do not end the answers", () =>
  inFolder((root) => {
    const [a, b, own] = [idOf(2), idOf(3), idOf(4)];
    const lines = [message("assistant", "done")];
    putLog(root, a, { meta: { parent_thread_id: b }, lines });
    putLog(root, b, { meta: { parent_thread_id: a }, lines });
    const path = putLog(root, own, { meta: { parent_thread_id: own }, lines });
    const session = openLoggedSession(path);
    const { trace } = session;
    assertEquals(trace.root_thread_id, own);
    assertEquals(trace.threads.get(own)?.origin, { type: "root" });
    assertEquals(summarize(session).threads.length, 3);
    assertEquals(getTimeline(session).entries.length, 3);
    const options = {
      version: "",
      payloads: "none",
      maxPayloadBytes: 0,
    } as const;
    assertEquals(buildReport(session, options).data.show.threads.length, 3);
    // Of a thread in the circle, the first known ancestor is the root.
    const inCircle = path.replace(own, a);
    assertEquals(openLoggedSession(inCircle).trace.root_thread_id, b);
  }));

Deno.test("of two logs of one thread, one is read and the other is noted", () =>
  inFolder((root) => {
    const agent = idOf(2);
    const path = putLog(root, THREAD, { lines: spawns([agent]) });
    const one = putLog(root, agent, { lines: [message("assistant", "one")] });
    const copy = one.replace("T12-", "T13-");
    Deno.copyFileSync(one, copy);
    for (const named of [path, one, copy]) {
      const { trace, sessionLog } = openLoggedSession(named);
      assertEquals(trace.threads.size, 2);
      assertEquals(trace.conversation_items.size, 2);
      const [unread, ...more] = sessionLog?.logs.unread ?? [];
      assertEquals(unread?.path, named === copy ? one : copy);
      assertEquals(more, []);
    }
  }));

Deno.test("calls of two agents under one id are two calls, and a turn of a parent is its own", () =>
  inFolder((root) => {
    const call = line("response_item", {
      type: "function_call",
      name: "exec_command",
      arguments: "{}",
      call_id: "call_x",
    });
    const started = event("task_started", { turn_id: "turn" });
    const path = putLog(root, THREAD, { lines: [started, call] });
    const [fork, other] = [idOf(2), idOf(3)];
    putLog(root, fork, { lines: [started, call] });
    putLog(root, other, { lines: [call] });
    const { trace, sessionLog } = openLoggedSession(path);
    assertEquals(
      Array.from(trace.tool_calls, ([id, tool]) => [id, tool.thread_id]).sort(),
      [["call_x", THREAD], [`call_x@${other}`, other]],
    );
    assertEquals(
      [...trace.codex_turns.values()].map((turn) => turn.thread_id),
      [THREAD],
    );
    assertEquals(sessionLog?.threads.get(fork)?.inherited.length, 1);
  }));

Deno.test("logs are searched in the days of the session only, and through no link", () =>
  inFolder((root) => {
    const [next, late, linked] = [idOf(2), idOf(3), idOf(4)];
    const path = putLog(root, THREAD, { lines: [message("user", "hi")] });
    putLog(root, next, { day: "2026/11/30" });
    putLog(root, late, { day: "2026/12/24" });
    const outside = putLog(join(root, "outside"), linked);
    Deno.symlinkSync(outside, outside.replace("/outside", ""));
    Deno.symlinkSync(
      dirname(outside),
      join(root, "sessions", "2026", "11", "28"),
    );
    const { trace } = openLoggedSession(path);
    assertEquals(new Set(trace.threads.keys()), new Set([THREAD, next]));
    // Without the directory above the years, only that of the log is searched.
    const copy = join(root, "logs");
    Deno.mkdirSync(copy);
    const alone = join(copy, basename(path));
    Deno.copyFileSync(path, alone);
    assertEquals(openLoggedSession(alone).trace.threads.size, 1);
  }));

Deno.test("a directory that may not be searched is noted in one line", () =>
  inFolderAsync(async (root) => {
    const path = putLog(root, THREAD, { lines: [message("user", "hi")] });
    putLog(root, idOf(2));
    const day = dirname(path);
    const above = join(root, "sessions");
    const readDir = Deno.readDirSync;
    // That of the log is searched where the one above it is closed.
    for (const [closed, before] of [[day, ""], [above, JOINED_NOTE]] as const) {
      Deno.readDirSync = (folder) => {
        if (`${folder}`.replace(/\/$/, "") !== closed) return readDir(folder);
        throw new Deno.errors.PermissionDenied();
      };
      try {
        const { code, stderr } = await printed(["timeline", path]);
        const why = `not read: "${closed}": permission denied`;
        assertEquals([code, stderr], [0, `note: ${before}${why}\n`]);
      } finally {
        Deno.readDirSync = readDir;
      }
    }
  }));

Deno.test("each agent costs its own log, however many there are", () =>
  inFolder((root) => {
    const opened = (agents: number) => {
      const folder = join(root, String(agents));
      const ids = Array.from({ length: agents }, (_, at) => idOf(at + 2));
      const path = putLog(folder, THREAD, { lines: spawns(ids) });
      for (const id of ids) putLog(folder, id);
      // Of another session, before and after this one.
      for (const at of [-0x1000, 0xffff]) {
        const id = `01a2${
          at < 0 ? "0000" : "ffff"
        }-0000-7000-8000-000000000000`;
        putLog(folder, at < 0 ? id.replace("01a2", "01a1") : id, {
          meta: { session_id: id, parent_thread_id: null },
        });
      }
      let count = 0;
      using _ = observeOpens(() => void count++);
      const session = openLoggedSession(path);
      assertEquals(session.trace.interaction_edges.size, agents);
      return count;
    };
    const [few, many] = [opened(4), opened(40)];
    assertEquals(many - few, 36 * 2);
  }));

Deno.test("the transcripts of all threads walk the objects of the session as often as one", () =>
  inFolder((root) => {
    const walks = (agents: number) => {
      const folder = join(root, String(agents));
      const ids = Array.from({ length: agents }, (_, at) => idOf(at + 2));
      const path = putLog(folder, THREAD, { lines: spawns(ids) });
      for (const id of ids) putLog(folder, id, { lines: spawns([id]) });
      const session = openLoggedSession(path);
      let count = 0;
      const counted = <T>(objects: ReadonlyMap<string, T>) => {
        const map = new Map(objects);
        const { values } = map;
        map.values = () => {
          count++;
          return values.call(map);
        };
        map[Symbol.iterator] = () => {
          count++;
          return map.entries();
        };
        return map;
      };
      const { trace } = session;
      const watched = {
        ...session,
        trace: {
          ...trace,
          conversation_items: counted(trace.conversation_items),
          tool_calls: counted(trace.tool_calls),
          interaction_edges: counted(trace.interaction_edges),
        },
      };
      let entries = 0;
      for (const thread of trace.threads.keys()) {
        const opened = openTranscript(watched, { thread });
        for (const _ of opened?.entries() ?? []) entries++;
      }
      assertEquals(entries, trace.conversation_items.size);
      return count;
    };
    assertEquals(walks(20), walks(2));
  }));
