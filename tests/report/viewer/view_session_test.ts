/**
 * What the viewer computes is what the commands write: the data of `report`, the text of `check`, the
 * bytes of `reduce`.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { walkSync } from "@std/fs";
import { basename, join } from "@std/path";
import { storedBytes } from "../../../lib/bundle/payloads/payload_storage.ts";
import {
  checkOf,
  reportOf,
  stateOf as viewedState,
} from "../../../lib/report/viewer/view_session.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { sessionsIn } from "../../../lib/report/viewer/sessions_in.ts";
import { openLoggedSession } from "../../../lib/query/session/session_log/joined/open_logged_session.ts";
import { openSessionLog } from "../../../lib/query/session/session_log/open_session_log.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { buildReport } from "../../../lib/report/build/build_report.ts";
import { reportBlocks } from "../../../lib/report/report_blocks.ts";
import { runProgram } from "../../../lib/cli/program.ts";
import { VERSION } from "../../../lib/cli/about/version.ts";
import { filesInMemory } from "../../bundle/storage/file_map.ts";
import { assertSameBytes, someCases } from "../../support/cases.ts";
import { recordedIo } from "../../support/cli.ts";
import { TESTDATA } from "../../support/paths.ts";

/** The blocks of the page that `report` writes by default. */
function commandBlocks(session: TraceSession): ReadonlyMap<string, string> {
  const report = buildReport(session, {
    version: VERSION,
    payloads: "used",
    maxPayloadBytes: 8 * 1024 ** 2,
  });
  return reportBlocks(report, session.payloads);
}

for (const { name, bundle, state } of someCases()) {
  if (state === undefined) continue;
  Deno.test(`${name} is viewed as the commands print it`, async () => {
    const files = filesInMemory(bundle);
    const viewed = viewedState(files, false);
    assertSameBytes(
      new Uint8Array(await viewed.state.arrayBuffer()),
      Deno.readFileSync(state),
    );
    const dropped = { source: "bundle", path: files.path, files } as const;
    assertEquals(
      reportOf(dropped, VERSION).blocks,
      commandBlocks(openBundle(bundle)),
    );
    const io = recordedIo();
    await runProgram(["check", bundle], io);
    assertEquals(`${checkOf(files).lines.join("\n")}\n`, io.stdout);
  });
}

Deno.test("session logs are viewed as report shows them: those of a session together", () => {
  const logs = logsBelow(SESSIONS);
  const sessions = dropped(logs.map((path) => [path, path]));
  const shown = sessions.map(({ path }) => path);
  // A log of an agent is part of the session of its root.
  const roots = logs.filter((path) => {
    const { trace } = openSessionLog(path);
    return trace.root_thread_id === openLoggedSession(path).trace
      .root_thread_id;
  });
  assertEquals(shown, roots.sort());
  assert(roots.length < logs.length);
  for (const session of sessions) {
    assertEquals(
      reportOf(session, VERSION).blocks,
      commandBlocks(openLoggedSession(session.path)),
    );
  }
});

Deno.test("session logs are joined across folders of days, and no others", () => {
  const logs = logsBelow(join(SESSIONS, "0.171.0-agents_v2_two"));
  const pathsOf = (folderOf: (at: number) => string) =>
    dropped(logs.map((log, at) => [`${folderOf(at)}${basename(log)}`, log]))
      .map(({ path }) => path);
  const [root = ""] = pathsOf(() => "");
  assertEquals(pathsOf(() => ""), [root]);
  for (const folder of ["s/2026/11/", "2026/11/", "11/", ""]) {
    assertEquals(pathsOf((at) => `${folder}${10 + at}/`).length, 1, folder);
  }
  assertEquals(pathsOf((at) => `copy${at}/`).length, logs.length);
  assertEquals(pathsOf((at) => `${at}.zip/2026/11/29/`).length, logs.length);
});

Deno.test("a log of an agent whose root was not dropped is a session of its own", () => {
  const logs = logsBelow(join(SESSIONS, "0.164.0-agents_v1"));
  const sessions = dropped(logs.map((path) => [basename(path), path]));
  assertEquals(sessions.length, 1);
  for (const path of logs) {
    const [alone] = dropped([[basename(path), path]]);
    assertEquals(alone?.path, basename(path));
  }
});

const SESSIONS = join(TESTDATA, "sessions");

function logsBelow(folder: string): string[] {
  return [...walkSync(folder, { match: [/rollout-[^/]*$/] })]
    .map(({ path }) => path);
}

/** The sessions of files that were dropped: the path of each, and where its content is. */
function dropped(files: readonly (readonly [string, string])[]) {
  const contents = new Map(files.map(([path, file]) => {
    const bytes = Deno.readFileSync(file);
    const open = () => storedBytes(bytes).source;
    return [path, { size: bytes.length, open }];
  }));
  return sessionsIn(contents, "bundle", () => {});
}

Deno.test("a bundle that cannot be reduced strictly is reduced tolerantly on request", () => {
  const [broken] = someCases().filter(({ error }) => error !== undefined);
  assert(broken !== undefined);
  const files = filesInMemory(broken.bundle);
  let refusal = "";
  try {
    viewedState(files, false);
  } catch (error) {
    refusal = String(error);
  }
  assert(refusal !== "");
  assert(viewedState(files, true).state.size > 0);
});
