/**
 * Whether a request that failed was retried: unknown where a later request may be missing.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { runProgram } from "../../../lib/cli/program.ts";
import { getFailures } from "../../../lib/query/failures/failures.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { RawBundle, TURN } from "../../support/bundles/raw_bundle.ts";
import { inFolderAsync, recordedIo } from "../../support/cli.ts";

/** A turn whose request failed. */
function failedRequest(): RawBundle {
  return new RawBundle(1).request("r1", { input: [] }).event({
    type: "inference_failed",
    inference_call_id: "r1",
    error: "server had an error",
  });
}

/** The end of the turn, with a status. */
function ended(bundle: RawBundle, status = "completed"): RawBundle {
  return bundle.event({
    type: "codex_turn_ended",
    codex_turn_id: TURN,
    status,
  });
}

/** What `show` prints, and which failures have the request as their cause. */
async function asked(bundle: RawBundle) {
  const io = recordedIo();
  const blamed: string[] = [];
  await inFolderAsync(async (folder) => {
    const place = bundle.writeTo(join(folder, "bundle"));
    for (const { about, caused_by: cause } of getFailures(openBundle(place))) {
      if (cause?.handle === "call:1") blamed.push(about?.handle ?? "");
    }
    await runProgram(["show", place], io);
  });
  return { text: io.stdout, blamed };
}

Deno.test("a request was not retried where its turn ended without another", async () => {
  const { text, blamed } = await asked(ended(failedRequest()));
  assertStringIncludes(text, "not retried in turn:1; turn:1 failed because");
  assertEquals(blamed, ["turn:1"]);
});

Deno.test("a retry is unknown where events after the failure were lost", async () => {
  for (const status of ["completed", "failed"]) {
    const { text, blamed } = await asked(
      ended(failedRequest().raw("lost\n"), status),
    );
    assertStringIncludes(text, "whether it was retried in turn:1 is unknown");
    assertEquals(blamed, [], status);
  }
});

Deno.test("losses after the end of the turn leave it known that there was no retry", async () => {
  const { text } = await asked(ended(failedRequest()).raw("lost\n"));
  assertStringIncludes(text, "not retried in turn:1");
});

Deno.test("a retry is unknown where the recording stops after the failure", async () => {
  const { text } = await asked(failedRequest());
  assertStringIncludes(text, "whether it was retried in turn:1 is unknown");
});
