/**
 * Rewrites what the hand-made cases of `testdata/` expect: `deno task golden`.
 *
 * Never touches `upstream/`, which a reference made, and never runs in CI, where a golden that
 * follows the code would prove nothing. What it changed is reviewed like code.
 *
 * @module
 */

import { join } from "@std/path";
import {
  diagnosticsOf,
  handMadeCases,
  refusalOf,
  stateOf,
} from "../support/cases.ts";
import { TESTDATA } from "../support/paths.ts";

/** Writes one golden; reports whether it changed. */
function rewrite(path: string, bytes: Uint8Array): boolean {
  let before: string | undefined;
  try {
    before = Deno.readTextFileSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  if (before === new TextDecoder().decode(bytes)) return false;
  Deno.mkdirSync(join(path, ".."), { recursive: true });
  Deno.writeFileSync(path, bytes);
  return true;
}

/** What a case is to have below `expected/`. */
function goldensOf(
  kind: "bundles" | "broken",
  bundle: string,
): [string, Uint8Array][] {
  if (kind === "bundles") return [["state.json", stateOf(bundle)]];
  const utf8 = new TextEncoder();
  return [
    ["error.txt", utf8.encode(refusalOf(bundle))],
    ["diagnostics.jsonl", utf8.encode(diagnosticsOf(bundle))],
  ];
}

function main(): number {
  if (Deno.env.get("CI")) {
    console.error("error: goldens are not rewritten in CI");
    return 1;
  }
  let seen = 0;
  const changed: string[] = [];
  for (const kind of ["bundles", "broken"] as const) {
    for (const each of handMadeCases(join(TESTDATA, kind))) {
      seen++;
      for (const [file, text] of goldensOf(kind, each.bundle)) {
        if (rewrite(join(each.bundle, "expected", file), text)) {
          changed.push(`${kind}/${each.name}/expected/${file}`);
        }
      }
    }
  }
  for (const path of changed) console.log(path);
  console.error(`${seen} cases, ${changed.length} goldens changed`);
  return 0;
}

if (import.meta.main) Deno.exit(main());
