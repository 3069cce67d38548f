/**
 * Answers of commands about what a recorder omitted or truncated.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { printed } from "../commands/command_golden.ts";

/** A JSON value, as a test reads it. */
export type Json = null | boolean | number | string | Json[] | {
  [key: string]: Json;
};

export const WIDE = ["--width", "160", "--color", "never"];

export async function textOf(
  args: readonly string[],
  code = 0,
): Promise<string> {
  const style = args[0] === "check" ? [] : WIDE;
  const { stdout, stderr, code: ended } = await printed([...args, ...style]);
  assertEquals(ended, code, `${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** The value at a path in what `--json` prints below `answer`. */
export async function answerAt(
  args: readonly string[],
  path: readonly (string | number)[],
): Promise<Json | undefined> {
  const { stdout } = await printed([...args, "--json"]);
  let value: Json | undefined = JSON.parse(stdout).answer;
  for (const key of path) value = memberOf(value, key);
  return value;
}

export function memberOf(value: Json | undefined, key: string | number) {
  if (Array.isArray(value)) return value.at(Number(key));
  return typeof value === "object" && value !== null
    ? value[String(key)]
    : undefined;
}

export async function factOf(bundle: string, object: string, name: string) {
  const facts = await answerAt(["explain", bundle, object], ["facts"]);
  assert(Array.isArray(facts));
  return facts.find((fact) => memberOf(fact, "name") === name);
}
