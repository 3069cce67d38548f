/**
 * Where the answers about a bundle differ from the facts of its log.
 *
 * @module
 */

import type { Facts, Value } from "./fact.ts";
import type { Statement } from "./statement.ts";

/** Every statement that is not the fact, and every fact that is known, and not that something is not so, without a
 * statement. */
export function differencesOf(
  facts: Facts,
  statements: readonly Statement[],
): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  for (const { by, name, value } of statements) {
    seen.add(name);
    const fact = facts.get(name);
    if (fact === value) continue;
    found.push(`${by}: ${name} is ${shown(value)}, not ${shown(fact)}`);
  }
  for (const [name, value] of facts) {
    if (value !== null && value !== false && !seen.has(name)) {
      found.push(`none: ${name} is ${shown(value)}`);
    }
  }
  return found;
}

function shown(value: Value | undefined): string {
  return value === undefined ? "a fact" : JSON.stringify(value).slice(0, 300);
}
