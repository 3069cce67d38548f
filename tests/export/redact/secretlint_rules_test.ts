/**
 * The rules of secretlint: those of the version that is imported, each of them decided about.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import {
  SECRETLINT,
  SECRETLINT_VERSION,
  secretlintRuleSet,
  UNUSED_RULES,
  USED_RULES,
} from "../../../lib/export/redact/detect/secretlint_rules.ts";
import { PROJECT } from "../../support/paths.ts";

/** The name of a rule, as a receipt has it. */
function nameOf(id: string): string {
  return id.replace("@secretlint/secretlint-rule-", "");
}

Deno.test("every rule of the preset is used, or left out for a reason", () => {
  const names = rules.map(({ meta }) => nameOf(meta.id));
  const decided = [...Object.keys(USED_RULES), ...Object.keys(UNUSED_RULES)];
  assertEquals(names.toSorted(), decided.toSorted());
  assertEquals(
    secretlintRuleSet().rules.toSorted(),
    Object.keys(USED_RULES).toSorted(),
  );
  for (const [name, why] of Object.entries(UNUSED_RULES)) assert(why, name);
});

Deno.test("the version of the rules in a receipt is the one that is imported", () => {
  const { imports } = JSON.parse(
    Deno.readTextFileSync(join(PROJECT, "deno.json")),
  );
  assertEquals(imports[SECRETLINT], `npm:${SECRETLINT}@${SECRETLINT_VERSION}`);
});
