/**
 * Paths of payloads that systems read differently.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { checkBundle } from "../../lib/check/check.ts";
import type { Finding } from "../../lib/check/report.ts";
import { RawBundle } from "../support/bundles/raw_bundle.ts";
import { inFolder } from "../support/cli.ts";

/** The findings about the spelling of the paths of a bundle's payloads. */
function findingsOf(paths: readonly string[], schema: 1 | 2): Finding[] {
  let findings: readonly Finding[] = [];
  inFolder((folder) => {
    const bundle = new RawBundle(schema);
    for (const path of paths) {
      bundle.observed({ ...bundle.payload("protocol_event", 1), path });
    }
    findings = checkBundle(bundle.writeTo(`${folder}/bundle`)).findings;
  });
  return findings.filter(({ code }) => code === "payload_path_ambiguous");
}

const READ_DIFFERENTLY: Readonly<Record<string, readonly string[]>> = {
  "a backslash": ["payloads\\1.json"],
  "a dot": ["payloads/./1.json"],
  "an empty name": ["payloads//1.json"],
  "another case of the folder": ["Payloads/1.json"],
  "another case of the manifest": ["Manifest.json"],
  "names that differ in case": ["payloads/a.json", "payloads/A.json"],
  "names that differ in composition": [
    "payloads/\u00e4.json",
    "payloads/a\u0308.json",
  ],
  "names that differ in the case of a letter of two": [
    "payloads/\u00df.json",
    "payloads/SS.json",
  ],
  "a device": ["payloads/nul.json"],
  "a space at the end": ["payloads/1.json "],
  "a stream": ["payloads/1.json:x"],
};

for (const [what, paths] of Object.entries(READ_DIFFERENTLY)) {
  Deno.test(`check finds a path that systems read differently: ${what}`, () => {
    for (const schema of [1, 2] as const) {
      const found = findingsOf([...paths, ...paths], schema);
      assertEquals(found.length, 1, JSON.stringify(found));
      assertStringIncludes(
        found[0]?.message ?? "",
        JSON.stringify(paths.at(-1)),
      );
    }
  });
}

Deno.test("check finds nothing about paths that every system reads the same", () => {
  const paths = ["payloads/1.json", "payloads/sub/2.json", "x/\u00e4.json"];
  assertEquals(findingsOf(paths, 2), []);
});
