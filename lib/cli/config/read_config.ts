/**
 * Reads the configuration: `--config FILE`, or the file of the working directory.
 *
 * The file of the working directory is read only if that is permitted already: the user is not
 * asked for a permission because a file might exist. It may be untrusted, so it cannot raise a
 * limit. An unknown key is an error and not ignored. No error quotes a file: it may be a secret,
 * or text of an attacker.
 *
 * @module
 */

import { quote } from "../../errors.ts";
import type { ParsedFlags } from "../args/parse_args.ts";
import { isInput } from "../access/output_path.ts";
import { requireAccess } from "../access/permissions.ts";
import { UsageError } from "../args/usage_error.ts";
import {
  DEFAULT_LIMITS,
  LIMIT_NAMES,
  type Limits,
  MAX_LIMITS,
  parseLimit,
} from "../../bundle/limits.ts";
import type {
  ModelPrice,
  PriceTable,
} from "../../query/stats/measures/cost.ts";
import type { CustomPattern } from "../../export/redact/detect/custom_patterns.ts";
import {
  type Config,
  CONFIG_FILE,
  LIST_COLUMNS,
  type ListColumn,
  NO_CONFIG,
  type RedactConfig,
  STATS_COLUMNS,
  type StatsColumn,
} from "./config.ts";
import { distrustOfConfig } from "./folder_trust.ts";
import { parseJsonc } from "./jsonc.ts";

/** A file that is written by hand is smaller. */
const MAX_BYTES = 1024 * 1024;

/** An invalid configuration. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Reads the configuration of the user. Calls `onIgnored` with the reason if the working directory
 * has a file that is not trusted.
 *
 * @throws {UsageError} If the file cannot be read, or is invalid.
 */
export function configOf(
  flags: ParsedFlags,
  onIgnored: (reason: string) => void,
): Config {
  const named = flags.value("config");
  if (named !== undefined) {
    requireAccess("read", named);
    requireKept(named, flags);
    return configIn(named, textOf(named), "correct the file");
  }
  if (!mayRead(CONFIG_FILE)) return NO_CONFIG;
  const distrust = distrustOfConfig();
  if (distrust !== undefined) {
    onIgnored(
      `${CONFIG_FILE} is not used: ${distrust}; --config FILE names one`,
    );
    return NO_CONFIG;
  }
  if (!existsHere()) return NO_CONFIG;
  requireKept(CONFIG_FILE, flags);
  const hint = "correct the file, or name another with --config";
  const config = configIn(CONFIG_FILE, textOf(CONFIG_FILE), hint);
  for (const name of LIMIT_NAMES) {
    if ((config.limits[name] ?? 0) <= DEFAULT_LIMITS[name]) continue;
    throw new UsageError(
      `cannot use ${quote(CONFIG_FILE)}: limits.${name} is above the default`,
      `only --limit ${name}=VALUE and a file named with --config raise a limit`,
    );
  }
  return config;
}

/** Flags that name what a command writes. */
const OUTPUT_FLAGS = ["output", "report", "diagnostics"] as const;

/** Checks that no output replaces the configuration. */
function requireKept(config: string, flags: ParsedFlags): void {
  for (const name of OUTPUT_FLAGS) {
    const output = flags.has(name) ? flags.value(name) : undefined;
    if (output === undefined || !isInput(config, output)) continue;
    throw new UsageError(
      `cannot write ${quote(output)}: it is the configuration`,
      "name another file: an output must not replace its input",
    );
  }
}

function configIn(path: string, text: string, hint: string): Config {
  try {
    return decodeConfig(parsed(text));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new UsageError(`cannot use ${quote(path)}: ${error.message}`, hint);
  }
}

/** The value of the text. The parser's own errors would quote it. */
function parsed(text: string): unknown {
  try {
    return parseJsonc(text);
  } catch (error) {
    if (error instanceof RangeError) throw new ConfigError("it nests too deep");
    if (!(error instanceof SyntaxError)) throw error;
    const [, position] = / position (\d+)/.exec(error.message) ?? [];
    const where = position === undefined
      ? ""
      : `, line ${text.slice(0, Number(position)).split("\n").length}`;
    throw new ConfigError(`it is not valid JSONC${where}`);
  }
}

function mayRead(path: string): boolean {
  return Deno.permissions.querySync({ name: "read", path }).state === "granted";
}

function existsHere(): boolean {
  try {
    return Deno.lstatSync(CONFIG_FILE).isFile;
  } catch {
    return false;
  }
}

function textOf(path: string): string {
  try {
    const { isFile, size } = Deno.statSync(path);
    if (!isFile || size > MAX_BYTES) {
      throw new UsageError(
        `cannot use ${quote(path)}: not a file of at most 1 MiB`,
      );
    }
    return decoded(path, Deno.readFileSync(path));
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof Error)) throw error;
    throw new UsageError(`cannot read ${quote(path)}: ${error.message}`);
  }
}

/** The text of the file, with its byte order mark, if any; PowerShell 5 writes UTF-16. */
function decoded(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      bytes,
    );
  } catch {
    throw new UsageError(
      `cannot use ${quote(path)}: it is not UTF-8`,
      "save it as UTF-8",
    );
  }
}

type Members = ReadonlyMap<string, unknown>;

const PRICE_KEYS = [
  "input",
  "cached_input",
  "cache_write_input",
  "output",
] as const;

const TOP_KEYS = ["list", "stats", "limits", "prices", "redact"] as const;

/**
 * Decodes a parsed file.
 *
 * @throws {ConfigError} Naming the path of the value and what is allowed.
 */
export function decodeConfig(value: unknown): Config {
  const top = members("", value, TOP_KEYS);
  const list = members("list", top.get("list") ?? {}, ["columns"]);
  const stats = members("stats", top.get("stats") ?? {}, ["columns"]);
  return {
    listColumns: columns<ListColumn>("list", list, LIST_COLUMNS),
    statsColumns: columns<StatsColumn>("stats", stats, STATS_COLUMNS),
    limits: limits(top.get("limits") ?? {}),
    prices: top.has("prices") ? prices(top.get("prices")) : null,
    redact: redactConfig(top.get("redact") ?? {}),
  };
}

function columns<T extends string>(
  path: string,
  object: Members,
  known: readonly T[],
): readonly T[] | null {
  if (!object.has("columns")) return null;
  const value = object.get("columns");
  const at = `${path}.columns`;
  if (!Array.isArray(value) || value.length === 0) {
    throw invalid(at, `must be a list of ${known.join(", ")}`);
  }
  return value.map((element: unknown, index) => {
    const column = known.find((name) => name === element);
    if (column !== undefined) return column;
    throw invalid(`${at}[${index}]`, `must be one of ${known.join(", ")}`);
  });
}

function limits(value: unknown): Partial<Limits> {
  const found: Partial<Limits>[] = [];
  const given = members("limits", value, LIMIT_NAMES);
  for (const name of LIMIT_NAMES) {
    if (!given.has(name)) continue;
    const limit = given.get(name);
    if (typeof limit !== "number" && typeof limit !== "string") {
      throw invalid(`limits.${name}`, `must be a number, or "100M"`);
    }
    try {
      found.push(parseLimit(`${name}=${limit}`));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw invalid(
        `limits.${name}`,
        `must be a number from 1 to ${MAX_LIMITS[name]}, or "100M"`,
      );
    }
  }
  return Object.assign({}, ...found);
}

function prices(value: unknown): PriceTable {
  const table = members("prices", value, ["currency", "models"]);
  const currency = table.get("currency");
  if (typeof currency !== "string" || !/^\S{1,12}$/.test(currency)) {
    throw invalid("prices.currency", `must be a word such as "USD"`);
  }
  const models = new Map<string, ModelPrice>();
  const entries = members("prices.models", table.get("models"));
  for (const [model, entry] of entries) {
    models.set(model, price(`prices.models, entry ${models.size + 1}:`, entry));
  }
  return { currency, models };
}

function price(path: string, value: unknown): ModelPrice {
  const object = members(path, value, PRICE_KEYS);
  const amount = (key: typeof PRICE_KEYS[number]) => {
    const found = object.get(key);
    if (typeof found === "number" && Number.isFinite(found) && found >= 0) {
      return found;
    }
    throw invalid(`${path} ${key}`, "must be the price of a million tokens");
  };
  return {
    input: amount("input"),
    cached_input: amount("cached_input"),
    ...object.has("cache_write_input")
      ? { cache_write_input: amount("cache_write_input") }
      : {},
    output: amount("output"),
  };
}

function redactConfig(value: unknown): RedactConfig {
  const object = members("redact", value, ["patterns", "allow"]);
  const list = (key: string): readonly unknown[] => {
    const found = object.get(key) ?? [];
    if (Array.isArray(found)) return found;
    throw invalid(`redact.${key}`, "must be a list");
  };
  return {
    patterns: list("patterns").map((each, at) =>
      customPattern(`redact.patterns[${at}]`, each)
    ),
    allow: list("allow").map((each, at) => {
      if (typeof each === "string" && each !== "") return each;
      throw invalid(`redact.allow[${at}]`, "must be a text");
    }),
  };
}

const PATTERN_KEYS = ["name", "pattern", "level"] as const;

function customPattern(path: string, value: unknown): CustomPattern {
  const object = members(path, value, PATTERN_KEYS);
  const text = (key: typeof PATTERN_KEYS[number]) => {
    const found = object.get(key);
    if (typeof found === "string" && found !== "") return found;
    throw invalid(`${path}.${key}`, "must be a text");
  };
  const level = object.get("level") ?? "secret";
  if (level !== "secret" && level !== "personal") {
    throw invalid(`${path}.level`, `must be "secret" or "personal"`);
  }
  return { name: text("name"), pattern: text("pattern"), level };
}

/** The members of an object; with `known` keys, only those are valid. */
function members(
  path: string,
  value: unknown,
  known?: readonly string[],
): Members {
  const where = path === "" ? "the file" : path;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid(
      where,
      `must be an object${known ? ` with ${known.join(", ")}` : ""}`,
    );
  }
  const found = new Map<string, unknown>(Object.entries(value));
  const unknown = [...found.keys()].findIndex((key) =>
    known !== undefined && !known.includes(key)
  );
  if (unknown >= 0) {
    throw invalid(
      where,
      `has an unknown key, number ${unknown + 1}: only ${known?.join(", ")}`,
    );
  }
  return found;
}

function invalid(path: string, message: string): ConfigError {
  return new ConfigError(`${path} ${message}`);
}
