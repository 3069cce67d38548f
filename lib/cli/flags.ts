/**
 * Flags of a command: read as users of the shell expect, mistakes told in words.
 *
 * Own code, and little of it: to load a parser from outside takes longer than a small bundle
 * takes to reduce.
 *
 * @module
 */

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
  /** Flags that take several of their choices, with commas between. */
  readonly several?: readonly string[];
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
 * Parses `args`: `--flag VALUE`, `--flag=VALUE`, `-f VALUE`, `-fVALUE`, `-f=VALUE`, and letters
 * of switches together (`-tv`). All after `--` are positionals, as is `-` alone. A value does
 * not begin with a dash unless it is `-` or attached; of values given twice the last one counts.
 *
 * @throws {UsageError} If a flag is unknown or lacks its value.
 */
export async function parseFlags(
  args: readonly string[],
  spec: FlagSpec,
): Promise<ParsedFlags> {
  const { switches, values: single, lists = [] } = spec;
  const taken = new Map<string, string[]>();
  const positionals: string[] = [];
  const waiting = [...args];
  for (let arg = waiting.shift(); arg !== undefined; arg = waiting.shift()) {
    if (arg === "--") positionals.push(...waiting.splice(0));
    else if (arg === "-" || !arg.startsWith("-")) positionals.push(arg);
    else {
      for (const { name, value } of flagsIn(arg, spec)) {
        const isSwitch = switches.includes(name);
        if (!isSwitch && !single.includes(name) && !lists.includes(name)) {
          throw await unknownFlag(arg, spec);
        }
        if (isSwitch && value !== undefined) {
          throw new UsageError(`--${name} takes no value`);
        }
        const given = value ?? (isSwitch ? "" : valueAhead(waiting));
        taken.set(name, [...taken.get(name) ?? [], given]);
      }
    }
  }
  for (const name of [...single, ...lists]) {
    if (taken.get(name)?.includes("")) {
      throw new UsageError(`--${name} needs a value`);
    }
  }
  return {
    positionals,
    on: (name) => taken.has(name),
    value: (name) => taken.get(name)?.at(-1),
    values: (name) => taken.get(name) ?? [],
  };
}

/** One flag of an argument, with the value that is attached to it. */
interface Flag {
  /** Its long name, or a letter that is none. */
  readonly name: string;
  readonly value?: string;
}

/** The flags of an argument that begins with a dash. */
function flagsIn(arg: string, spec: FlagSpec): Flag[] {
  if (arg.startsWith("--")) {
    const [name = "", ...rest] = arg.slice(2).split("=");
    return [rest.length === 0 ? { name } : { name, value: rest.join("=") }];
  }
  const flags: Flag[] = [];
  for (let at = 1; at < arg.length; at++) {
    const name = spec.short[arg.charAt(at)] ?? arg.charAt(at);
    const rest = arg.slice(at + 1);
    const isValue = rest !== "" && !spec.switches.includes(name);
    if (isValue || rest.startsWith("=")) {
      return [...flags, { name, value: rest.replace(/^=/, "") }];
    }
    flags.push({ name });
  }
  return flags;
}

/** Takes the value that stands in the argument after a flag; empty when there is none. */
function valueAhead(waiting: string[]): string {
  const isThere = waiting[0] === "-" || !waiting[0]?.startsWith("-");
  return (isThere ? waiting.shift() : undefined) ?? "";
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
