/**
 * Flags of a command: parsed by `@std/cli`, mistakes told in words.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { quote } from "../errors.ts";
import { meantWord, UsageError } from "./usage_error.ts";

/** Which flags a command takes. */
export interface FlagSpec {
  /** Flags that are on or off. */
  readonly switches: readonly string[];
  /** Flags with a value. */
  readonly values: readonly string[];
  /** Flags with a value that may be given more than once. */
  readonly lists?: readonly string[];
  /** Letter → flag. */
  readonly short: Readonly<Record<string, string>>;
  /** Values of a flag, where there are only so many. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  /** Flags whose value is the path of a file. */
  readonly paths?: readonly string[];
}

/** A command line, understood. */
export interface ParsedFlags {
  /** Everything that is not a flag, and all that follows `--`. */
  readonly positionals: readonly string[];
  /** Whether a switch is on. */
  on(name: string): boolean;
  /** The value of a flag, when it is given. */
  value(name: string): string | undefined;
  /** Every value of a flag that may be given more than once, in order. */
  values(name: string): readonly string[];
}

/**
 * Parses `args`.
 *
 * @throws {UsageError} If a flag is unknown or lacks its value.
 */
export async function parseFlags(
  args: readonly string[],
  spec: FlagSpec,
): Promise<ParsedFlags> {
  const unknown: string[] = [];
  const { lists = [] } = spec;
  const parsed = parseArgs(spellOut(args, spec), {
    boolean: spec.switches,
    // "_" keeps a bundle named 007 from becoming the number 7.
    string: [...spec.values, ...lists, "_"],
    collect: lists,
    alias: spec.short,
    unknown: (arg, key) => {
      if (key !== undefined) unknown.push(arg);
      return key === undefined;
    },
  });
  const [first] = unknown;
  if (first !== undefined) throw await unknownFlag(first, spec);
  for (const name of [...spec.values, ...lists]) {
    if (textsOf(parsed[name]).includes("")) {
      throw new UsageError(`--${name} needs a value`);
    }
  }
  return {
    positionals: parsed._.map(String),
    on: (name) => parsed[name] === true,
    value: (name) => {
      const value = parsed[name];
      return typeof value === "string" ? value : undefined;
    },
    values: (name) => textsOf(parsed[name]),
  };
}

/** What a flag was given, none or several times. */
function textsOf(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((each) => typeof each === "string");
}

/** `-oFILE` as `--output=FILE`: the parser would take it for many letters. */
function spellOut(args: readonly string[], spec: FlagSpec): string[] {
  const end = args.indexOf("--");
  return args.map((arg, index) => {
    const name = /^-[^-]/.test(arg) ? spec.short[arg.charAt(1)] : undefined;
    const attached = arg.length > 2 && arg.charAt(2) !== "=";
    return name !== undefined && spec.values.includes(name) && attached &&
        (end === -1 || index < end)
      ? `--${name}=${arg.slice(2)}`
      : arg;
  });
}

async function unknownFlag(arg: string, spec: FlagSpec): Promise<UsageError> {
  const flag = arg.split("=", 1)[0] ?? arg;
  const known = [...spec.switches, ...spec.values, ...(spec.lists ?? [])];
  const meant = flag.startsWith("--")
    ? await meantWord(flag.slice(2), known)
    : undefined;
  return new UsageError(
    `unknown option ${quote(flag)}`,
    meant === undefined
      ? `put -- before a path that begins with a dash`
      : `did you mean --${meant}?`,
  );
}
