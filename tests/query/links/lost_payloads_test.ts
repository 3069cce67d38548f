/**
 * Requests and responses whose payloads are missing: answers report what is unknown and why.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { runProgram } from "../../../lib/cli/program.ts";
import { getContext } from "../../../lib/query/context/context.ts";
import { getContextGrowth } from "../../../lib/query/context/context_growth.ts";
import { explain } from "../../../lib/query/explain/explain.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { getTranscript } from "../../../lib/query/transcript/transcript.ts";
import { buildReport } from "../../../lib/report/build/build_report.ts";
import type { CallRow } from "../../../lib/report/report_data.ts";
import { unpackTable } from "../../../lib/report/packed_table.ts";
import {
  message,
  RawBundle,
  THREAD,
} from "../../support/bundles/raw_bundle.ts";
import { inFolder, inFolderAsync, recordedIo } from "../../support/cli.ts";

const ONE = [message("user", "one"), message("assistant", "1")];

/** Two requests; the payloads of the second are lost. */
function withoutSecond(): RawBundle {
  const bundle = new RawBundle(2)
    .request("a", { input: ONE.slice(0, 1) })
    .response("a", ONE.slice(1))
    .request("b", { input: [...ONE, message("user", "two")] })
    .response("b", [message("assistant", "2")])
    .end();
  bundle.payloads.delete("payloads/3.json");
  bundle.payloads.delete("payloads/4.json");
  return bundle;
}

function opened(ask: (session: TraceSession) => void): void {
  inFolder((folder) =>
    ask(openBundle(withoutSecond().writeTo(join(folder, "b"))))
  );
}

Deno.test("context of a request whose payload is lost reports that it is unknown", () => {
  opened((session) => {
    const context = getContext(session, "b");
    assertStringIncludes(context?.request_error ?? "", "payloads/3.json");
    assertStringIncludes(context?.response_error ?? "", "payloads/4.json");
    assertEquals([context?.bytes, context?.items], [null, null]);
    const points = getContextGrowth(session, THREAD)?.calls ?? [];
    assertEquals(
      points.map(({ call, bytes }) => [call.id, bytes === null]),
      [["a", false], ["b", true]],
    );
  });
});

Deno.test("a transcript has an entry for each payload that is lost", () => {
  opened((session) => {
    for (const scope of [{}, { call: "b" }]) {
      const lost = (getTranscript(session, scope)?.entries ?? [])
        .flatMap((entry) =>
          entry.type === "unrecorded" && entry.capture === null
            ? [entry.part]
            : []
        );
      const response = "call" in scope ? [] : ["response"];
      assertEquals(lost, ["request", ...response]);
    }
    const request = getTranscript(session, { call: "b" })?.request;
    assertEquals([request?.new_items, request?.dropped_items], [null, null]);
  });
});

Deno.test("explain does not count the items of a lost request and of a lost response", () => {
  opened((session) => {
    const call = session.names.ref("inference_call", "b");
    const facts = new Map(
      explain(session, call)?.facts.map(({ name, value }) => [name, value]),
    );
    for (
      const name of [
        "items_sent",
        "items_new_in_it",
        "items_answered",
        "tools_asked_for",
      ]
    ) assertEquals(facts.get(name), null, name);
  });
});

Deno.test("the page marks a request and a response whose payloads are lost", () => {
  opened((session) => {
    const { data } = buildReport(session, {
      version: "0",
      payloads: "none",
      maxPayloadBytes: 0,
    });
    const rows = unpackTable<CallRow>(
      data.rows.calls,
      data.strings,
    );
    assertEquals(
      rows.map((row) => [row.request_capture, row.response_capture]),
      [[null, null], [{ status: "lost" }, { status: "lost" }]],
    );
  });
});

Deno.test("context and transcript print what is lost of a request", async () => {
  await inFolderAsync(async (folder) => {
    const place = withoutSecond().writeTo(join(folder, "b"));
    for (const command of ["context", "transcript"]) {
      const io = recordedIo();
      assertEquals(await runProgram([command, place, "--at", "call:2"], io), 3);
      assertStringIncludes(io.stdout, `("payloads/3.json") does not exist`);
    }
  });
});
