/**
 * Where the answers about a bundle differ from the facts of its log.
 *
 * @module
 */

import { factName, type Facts, type Value } from "./fact.ts";
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

/** What counts something: after a loss there may be more. */
const COUNTS =
  /: (?:events|threads|turns|requests|tool_calls|failed_\w+|calls_with_usage|\w+_measured|\w+_tokens|\w+_total_ms|model_ms|turns_ms)$/;
/**
 * What is of the log as it is: its size, the times of what it has, and the tool that a call was
 * started as.
 */
const OF_THE_LOG =
  /^session : (?:events|recording_complete|duration)$|_p\d+_ms$|: tool$|^tools /;
/** A state of something that has no recorded end, or whose origin was lost. */
const OPEN: ReadonlySet<Value> = new Set(["running", "incomplete", "unknown"]);

/**
 * Every statement about a damaged bundle that the facts of the undamaged one contradict. A
 * thread whose path is not known has its id in its place.
 */
export function contradictionsOf(
  facts: Facts,
  statements: readonly Statement[],
): string[] {
  return statements.flatMap(({ by, name, value }) => {
    const fact = facts.get(name);
    if (value === null || value === fact || OPEN.has(value)) return [];
    if (name === factName("thread", String(value), "agent_path")) return [];
    if (OF_THE_LOG.test(name)) return [];
    const isCount = COUNTS.test(name) && typeof value === "number" &&
      typeof fact === "number";
    // None, where there was one, is a contradiction.
    if (isCount && value > 0 && value < fact) return [];
    return [`${by}: ${name} is ${shown(value)}, not ${shown(fact)}`];
  });
}

function shown(value: Value | undefined): string {
  return value === undefined ? "a fact" : JSON.stringify(value).slice(0, 300);
}
