/**
 * Parses the arguments of a command by its table.
 *
 * Own code, and little of it: to load a parser from outside takes longer than a small bundle
 * takes to reduce.
 *
 * @module
 */

import { parseSize } from "../../bundle/limits.ts";
import { plainPath } from "../../bundle/storage/disk_path.ts";
import { quote } from "../../errors.ts";
import { suggestion } from "./closest_word.ts";
import {
  type ArgsTable,
  type Flag,
  type FlagValue,
  impliedValue,
  type Operand,
} from "./flag.ts";
import { UsageError } from "./usage_error.ts";

/** The flags of a command line. The others throw a `TypeError` for a name not in the table. */
export interface ParsedFlags {
  /** Whether the command has a flag, present or not. */
  has(name: string): boolean;
  /** Whether a flag is present. */
  on(name: string): boolean;
  /** The value of a flag, or its default; `undefined` where it has neither. */
  value(name: string): string | undefined;
  /** Every value of a repeatable flag, in order. */
  values(name: string): readonly string[];
  /** The number that an integer or a size is; `undefined` where the flag has no value. */
  number(name: string): number | undefined;
  /** The words of `known` that the value lists; `undefined` where the flag has no value. */
  choices<T extends string>(
    name: string,
    known: readonly T[],
  ): readonly T[] | undefined;
}

/** A command line, parsed. */
export interface ParsedArgs {
  /** Every argument that is not a flag, and all that follow `--`. */
  readonly operands: readonly string[];
  readonly flags: ParsedFlags;
}

/** Returns other operands in place of those of the command line, before they are checked. */
export type ReplaceOperands = (
  operands: readonly string[],
  flags: ParsedFlags,
) => Promise<readonly string[]>;

/**
 * Parses `args`: `--flag VALUE`, `--flag=VALUE`, `-f VALUE`, `-fVALUE`, `-f=VALUE`, and letters
 * of switches together (`-tv`). All after `--` are operands, as is `-` alone. A value does not
 * begin with a dash unless it is `-` or attached; where it may be absent, only an integer is one.
 * Of repeated values the last one counts. With `--help`, neither operands nor values are checked.
 *
 * @throws {UsageError} If a flag is unknown, a value is missing or invalid, or an operand is
 * missing or unexpected.
 */
export async function parseArgs(
  args: readonly string[],
  table: ArgsTable,
  replace: ReplaceOperands = (operands) => Promise.resolve(operands),
  isWindows: boolean = Deno.build.os === "windows",
): Promise<ParsedArgs> {
  const { given, operands } = plainPaths(
    await splitArgs(args, table.flags),
    table,
    isWindows,
  );
  const flags = new Flags(table.flags, given);
  if (given.has("help")) return { operands, flags };
  await checkValues(table.flags, given);
  const replaced = await replace(operands, flags);
  checkOperands(table.operands, replaced);
  return { operands: replaced, flags };
}

/** What the command line has of each flag, in order; a switch has an empty text. */
type GivenValues = Map<string, string[]>;

/** The words of a command line. */
interface SplitArgs {
  readonly given: GivenValues;
  readonly operands: readonly string[];
}

/** The same with paths as one spells them, without the prefix of long paths of Windows. */
function plainPaths(
  { given, operands }: SplitArgs,
  table: ArgsTable,
  isWindows: boolean,
): SplitArgs {
  if (!isWindows) return { given, operands };
  for (const { name, value } of table.flags) {
    const paths = value?.type === "path" ? given.get(name) : undefined;
    if (paths === undefined) continue;
    given.set(name, paths.map((path) => plainPath(path, isWindows)));
  }
  const isPath = (at: number) =>
    table.operands[Math.min(at, table.operands.length - 1)]?.selects !==
      undefined;
  return {
    given,
    operands: operands.map((word, at) =>
      isPath(at) ? plainPath(word, isWindows) : word
    ),
  };
}

async function splitArgs(
  args: readonly string[],
  flags: readonly Flag[],
): Promise<SplitArgs> {
  const given: GivenValues = new Map();
  const operands: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === "--") return { given, operands: operands.concat(rest) };
    if (arg === "-" || !arg.startsWith("-")) operands.push(arg);
    else {
      for (const { name, attached } of flagsIn(arg, flags)) {
        const flag = flags.find((each) => each.name === name);
        if (flag === undefined) throw await unknownFlag(arg, flags);
        const value = valueOf(flag, attached, rest);
        given.set(name, [...given.get(name) ?? [], value]);
      }
    }
  }
  return { given, operands };
}

/** One flag of an argument, with the value that is attached to it. */
interface SpelledFlag {
  /** Its long name, or a letter that is no alias. */
  readonly name: string;
  readonly attached?: string;
}

/** The flags of an argument that begins with a dash. */
function flagsIn(arg: string, flags: readonly Flag[]): SpelledFlag[] {
  if (arg.startsWith("--")) {
    const [name = "", ...rest] = arg.slice(2).split("=");
    return [rest.length === 0 ? { name } : { name, attached: rest.join("=") }];
  }
  const found: SpelledFlag[] = [];
  for (let at = 1; at < arg.length; at++) {
    const letter = arg.charAt(at);
    const flag = flags.find(({ alias }) => alias === letter);
    const name = flag?.name ?? letter;
    const rest = arg.slice(at + 1);
    const takesRest = rest !== "" && (flag === undefined || flag.value);
    if (takesRest || rest.startsWith("=")) {
      return [...found, { name, attached: rest.replace(/^=/, "") }];
    }
    found.push({ name });
  }
  return found;
}

/** The value of a flag: attached to it, or the next of `rest`, which is removed. */
function valueOf(
  { name, value }: Flag,
  attached: string | undefined,
  rest: string[],
): string {
  if (value === undefined) {
    if (attached === undefined) return "";
    throw new UsageError(`unexpected value ${quote(attached)} for --${name}`);
  }
  const implied = impliedValue(value);
  const next = rest[0] ?? "";
  const isNext = implied === undefined
    ? next === "-" || !next.startsWith("-")
    : /^\d+$/.test(next);
  const found = attached ?? (isNext ? rest.shift() : implied) ?? "";
  if (found === "") {
    throw new UsageError(`missing value ${value.name} for --${name}`);
  }
  return found;
}

async function unknownFlag(
  arg: string,
  flags: readonly Flag[],
): Promise<UsageError> {
  const spelled = arg.split("=", 1)[0] ?? arg;
  const names = flags.map(({ name }) => name);
  const meant = spelled.startsWith("--")
    ? await suggestion(spelled.slice(2), names, "--")
    : "";
  return new UsageError(
    `unknown flag ${quote(spelled)}${meant}`,
    meant === "" ? "write -- before a path that begins with a dash" : undefined,
  );
}

async function checkValues(
  flags: readonly Flag[],
  given: GivenValues,
): Promise<void> {
  for (const { name, value } of flags) {
    if (value === undefined) continue;
    for (const each of given.get(name) ?? []) {
      const fault = await faultOf(each, value);
      if (fault === undefined) continue;
      const { wrong, meant = "", expected } = fault;
      throw new UsageError(
        `invalid value ${quote(wrong)} for --${name}${meant}`,
        `${value.name} must be ${expected}`,
      );
    }
  }
}

/** Why a value is not accepted. */
interface ValueFault {
  /** The value, or the part of it that is wrong. */
  readonly wrong: string;
  /** What was probably meant. */
  readonly meant?: string;
  /** What would be accepted. */
  readonly expected: string;
}

async function faultOf(
  text: string,
  value: FlagValue,
): Promise<ValueFault | undefined> {
  switch (value.type) {
    case "text":
    case "path":
      return undefined;
    case "size":
      return parseSize(text) === undefined
        ? {
          wrong: text,
          expected: "a number of bytes that may end in K, M or G",
        }
        : undefined;
    case "integer": {
      const { min, max, words = [] } = value;
      const number = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
      if (words.includes(text) || (number >= min && number <= max)) return;
      const numbers = `an integer from ${min} to ${max}`;
      return { wrong: text, expected: alternatives([numbers, ...words]) };
    }
    case "choice":
    case "choices": {
      const { choices, synonyms = [] } = value;
      const known = [...choices, ...synonyms];
      const wrong = (value.type === "choice" ? [text] : partsOf(text))
        .find((part) => !known.includes(part));
      if (wrong === undefined) return;
      const words = value.type === "choice"
        ? alternatives(choices)
        : `one or more of ${choices.join(",")}, with commas between`;
      return { wrong, meant: await suggestion(wrong, known), expected: words };
    }
  }
}

function alternatives(words: readonly string[]): string {
  return words.length < 2
    ? words.join()
    : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** The words of a value that lists several. */
function partsOf(text: string): string[] {
  return text.split(",").map((part) => part.trim());
}

function checkOperands(
  expected: readonly Operand[],
  operands: readonly string[],
): void {
  for (
    const [at, { name, description, optional, choices }] of expected.entries()
  ) {
    const operand = operands[at];
    if (operand === undefined && optional) continue;
    if (operand === undefined || operand === "") {
      throw new UsageError(
        `missing argument ${name}`,
        `${name} is ${description}`,
      );
    }
    if (choices !== undefined && !choices.includes(operand)) {
      throw new UsageError(
        `invalid argument ${quote(operand)}`,
        `${name} must be ${alternatives(choices)}`,
      );
    }
  }
  const extra = operands[expected.length];
  if (extra !== undefined && !expected.at(-1)?.repeatable) {
    throw new UsageError(
      `unexpected argument ${quote(extra)}`,
      "quote an argument that contains spaces",
    );
  }
}

class Flags implements ParsedFlags {
  readonly #flags: ReadonlyMap<string, Flag>;
  readonly #given: GivenValues;

  constructor(flags: readonly Flag[], given: GivenValues) {
    this.#flags = new Map(flags.map((flag) => [flag.name, flag]));
    this.#given = given;
  }

  has(name: string): boolean {
    return this.#flags.has(name);
  }

  on(name: string): boolean {
    return this.#given.has(this.#flag(name).name);
  }

  value(name: string): string | undefined {
    const flag = this.#flag(name);
    return this.#given.get(name)?.at(-1) ?? flag.default;
  }

  values(name: string): readonly string[] {
    return this.#given.get(this.#flag(name).name) ?? [];
  }

  number(name: string): number | undefined {
    const value = this.value(name);
    return value === undefined ? undefined : parseSize(value);
  }

  choices<T extends string>(
    name: string,
    known: readonly T[],
  ): readonly T[] | undefined {
    const { repeatable } = this.#flag(name);
    const value = this.value(name);
    if (value === undefined) return undefined;
    const texts = repeatable ? this.values(name) : [value];
    const parts = texts.flatMap(partsOf);
    return parts.flatMap((part) => known.find((word) => word === part) ?? []);
  }

  #flag(name: string): Flag {
    const flag = this.#flags.get(name);
    if (flag === undefined) throw new TypeError(`there is no flag --${name}`);
    return flag;
  }
}
