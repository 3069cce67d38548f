/**
 * Every code of a check: provoked here, and documented.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { copySync } from "@std/fs";
import { join } from "@std/path";
import { checkBundle } from "../../lib/check/check.ts";
import type { FindingCode } from "../../lib/check/report.ts";
import type { CheckReport } from "../../lib/check/report.ts";
import { ReplayError } from "../../lib/errors.ts";
import { replayBundle } from "../../lib/replay.ts";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import { message, RawBundle } from "../support/bundles/raw_bundle.ts";
import { inFolder } from "../support/cli.ts";
import { asSchema, testEvery } from "../support/every_schema.ts";
import { PROJECT, TESTDATA } from "../support/paths.ts";
import type { OnOpen, Provocation } from "./provocation.ts";
import { FILE_PROVOCATIONS } from "./file_provocations.ts";
import { EVENT_PROVOCATIONS } from "./event_provocations.ts";
import { PAYLOAD_PROVOCATIONS } from "./payload_provocations.ts";
import { observeOpens } from "../support/bundles/opened_files.ts";

// A mapped type: a code that is not provoked does not compile.
const PROVOKED: { readonly [C in FindingCode]: Provocation } = {
  ...FILE_PROVOCATIONS,
  ...EVENT_PROVOCATIONS,
  ...PAYLOAD_PROVOCATIONS,
};

/** Codes of diagnostics and errors that a check has another code for. */
const NEVER_FOUND: ReadonlySet<string> = new Set<FindingCode>([
  "payload_error",
  "newer_schema",
  "payload_not_recorded",
]);

function provoke(given: Provocation, schema: number): CheckReport {
  let report: CheckReport | undefined;
  inFolder((parent) => {
    const folder = join(parent, "bundle");
    if (given.recorded !== undefined) {
      copySync(join(TESTDATA, "upstream", given.recorded, "bundle"), folder);
    } else {
      const draft = new RawBundle(schema, "rollout");
      given.story?.(draft);
      if (given.ends ?? true) draft.end();
      given.after?.(draft);
      draft.writeTo(folder, given.form);
    }
    report = whileOpening((at) => {
      given.spoil?.(folder, at);
      const { limits } = given;
      return checkBundle(folder, limits === undefined ? {} : { limits });
    });
  });
  assert(report !== undefined);
  return report;
}

/** Lets `act` happen between the reader's check of a file and its opening. */
function whileOpening<T>(work: (at: OnOpen) => T): T {
  let observe: (path: string) => void = () => {};
  using _ = observeOpens((path) => observe(path));
  return work((file, act) => {
    let hasActed = false;
    observe = (path) => {
      if (hasActed || !file.test(path)) return;
      hasActed = true;
      act();
    };
  });
}

testEvery(SCHEMAS, "a healthy session is clean", ({ version }) => {
  const story = (draft: RawBundle) =>
    draft.request("a", { input: [message("user", "1")] })
      .response("a", [message("assistant", "2")]).tool("call")
      .toolEnd("call").observed(draft.payload("protocol_event", 1));
  const report = provoke({ severity: "note", story }, version);
  assertEquals(report.findings, []);
  assertEquals([report.clean, report.reduction.strict], [true, true]);
});

for (const [code, given] of Object.entries(PROVOKED)) {
  if (NEVER_FOUND.has(code)) continue;
  const schemas = given.schema === undefined ? [2, 3] : [given.schema];
  testEvery(
    schemas.map(asSchema),
    `check finds ${code}, and only what follows from it besides`,
    ({ version }) => checkProvoked(code, given, version),
  );
}

function checkProvoked(
  code: string,
  given: Provocation,
  schema: number,
): void {
  const report = provoke(given, schema);
  const found = report.findings.find((each) => each.code === code);
  assertEquals(found?.severity, given.severity, JSON.stringify(report));
  const codes = new Set<string>(report.findings.map((each) => each.code));
  assertEquals(
    [...codes].filter((each) => each !== code).sort(),
    [...given.alsoFound ?? []].sort(),
    JSON.stringify(report.findings),
  );
  assertEquals(report.clean, given.severity === "note");
  const errors = report.findings.filter((each) => each.severity === "error");
  assertEquals(report.counts.error, errors.length);
  if (!report.reduction.strict) assert(errors.length > 0);
}

Deno.test("payload_error is the name of an error; a check reports the payload's own code", () => {
  inFolder((parent) => {
    const given = PROVOKED.payload_error;
    const folder = join(parent, "bundle");
    const draft = new RawBundle(2, "rollout");
    given.story?.(draft);
    draft.end().writeTo(folder);
    given.spoil?.(folder, () => {});
    const error = assertThrows(() => replayBundle(folder), ReplayError);
    assertEquals(error.code, "payload_error");
    const { findings, reduction } = checkBundle(folder);
    assertEquals(reduction.refused_by?.code, "payload_not_json");
    assertEquals(
      findings.map(({ code, line }) => [code, line]),
      [["payload_not_json", 4]],
    );
  });
});

Deno.test("lib/check/README.md has a line for every code, and for none that is not", () => {
  const text = Deno.readTextFileSync(join(PROJECT, "lib/check/README.md"));
  const codes = text.slice(text.indexOf("## Codes"));
  const documented = [...codes.matchAll(/^\| `([a-z_]+)`/gm)]
    .map((match) => match[1] ?? "");
  assertEquals(documented.toSorted(), Object.keys(PROVOKED).sort());
});
