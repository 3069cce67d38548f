/**
 * What the viewer computes is what the commands write: the data of `report`, the text of `check`, the
 * bytes of `reduce`.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { walkSync } from "@std/fs";
import { join } from "@std/path";
import { storedBytes } from "../../../lib/bundle/payloads/payload_storage.ts";
import {
  checkOf,
  reportOf,
  stateOf as viewedState,
} from "../../../lib/report/viewer/view_session.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
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

Deno.test("a session log is viewed as report shows it", () => {
  const [entry] = walkSync(join(TESTDATA, "sessions"), {
    match: [/rollout-[^/]*$/],
  });
  assert(entry !== undefined);
  const { path } = entry;
  const bytes = Deno.readFileSync(path);
  const log = {
    size: bytes.length,
    open: () => storedBytes(bytes).source,
  };
  assertEquals(
    reportOf({ source: "session_log", path, log }, VERSION).blocks,
    commandBlocks(openSessionLog(path)),
  );
});

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
