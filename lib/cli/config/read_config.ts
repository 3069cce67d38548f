/**
 * Reads the configuration: `--config FILE`, or the file of the working directory.
 *
 * The file of the working directory is read only if that is permitted already: the user is not
 * asked for a permission because a file might exist.
 * An unknown key is an error and not ignored.
 *
 * @module
 */

import { parse } from "@std/jsonc";
import { quote } from "../../errors.ts";
import type { ParsedFlags } from "../args/parse_args.ts";
import { requireAccess } from "../access/permissions.ts";
import { UsageError } from "../args/usage_error.ts";
import { LIMIT_NAMES, type Limits, parseLimit } from "../../bundle/limits.ts";
import type {
  ModelPrice,
  PriceTable,
} from "../../query/stats/measures/cost.ts";
import {
  type Config,
  CONFIG_FILE,
  LIST_COLUMNS,
  type ListColumn,
  NO_CONFIG,
  STATS_COLUMNS,
  type StatsColumn,
} from "./config.ts";

/** A file that is written by hand is smaller. */
const MAX_BYTES = 1024 * 1024;

/** An invalid configuration. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Reads the configuration of the user.
 *
 * @throws {UsageError} If the file cannot be read, or is invalid.
 */
export function configOf(flags: ParsedFlags): Config {
  const named = flags.value("config");
  if (named !== undefined) requireAccess("read", named);
  else if (!mayRead(CONFIG_FILE)) return NO_CONFIG;
  const path = named ?? CONFIG_FILE;
  const text = textOf(path, named !== undefined);
  if (text === undefined) return NO_CONFIG;
  try {
    return decodeConfig(parse(text));
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof SyntaxError)) {
      throw error;
    }
    throw new UsageError(
      `cannot use ${quote(path)}: ${error.message}`,
      named === undefined
        ? "correct the file, or name another with --config"
        : "correct the file",
    );
  }
}

function mayRead(path: string): boolean {
  return Deno.permissions.querySync({ name: "read", path }).state === "granted";
}

/** The text of the file; `undefined` where there is none and the command line names none. */
function textOf(path: string, isNamed: boolean): string | undefined {
  try {
    const { isFile, size } = Deno.statSync(path);
    if (!isFile || size > MAX_BYTES) {
      throw new UsageError(
        `cannot use ${quote(path)}: not a file of at most 1 MiB`,
      );
    }
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound && !isNamed) return undefined;
    if (error instanceof UsageError) throw error;
    if (!(error instanceof Error)) throw error;
    throw new UsageError(`cannot read ${quote(path)}: ${error.message}`);
  }
}

type Members = ReadonlyMap<string, unknown>;

const PRICE_KEYS = ["input", "cached_input", "output"] as const;

/**
 * Decodes a parsed file.
 *
 * @throws {ConfigError} Naming the key and what is allowed.
 */
export function decodeConfig(value: unknown): Config {
  const top = members("", value, ["list", "stats", "limits", "prices"]);
  const list = members("list", top.get("list") ?? {}, ["columns"]);
  const stats = members("stats", top.get("stats") ?? {}, ["columns"]);
  return {
    listColumns: columns<ListColumn>("list", list, LIST_COLUMNS),
    statsColumns: columns<StatsColumn>("stats", stats, STATS_COLUMNS),
    limits: limits(top.get("limits") ?? {}),
    prices: top.has("prices") ? prices(top.get("prices")) : null,
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
  return value.map((element: unknown) => {
    const column = known.find((name) => name === element);
    if (column !== undefined) return column;
    throw invalid(
      at,
      `cannot contain ${jsonOf(element)}: only ${known.join(", ")}`,
    );
  });
}

function limits(value: unknown): Partial<Limits> {
  const found: Partial<Limits>[] = [];
  for (const [name, limit] of members("limits", value, LIMIT_NAMES)) {
    if (typeof limit !== "number" && typeof limit !== "string") {
      throw invalid(`limits.${name}`, `must be a number, or "100M"`);
    }
    try {
      found.push(parseLimit(`${name}=${limit}`));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw invalid(`limits.${name}`, error.message);
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
  for (const [model, entry] of members("prices.models", table.get("models"))) {
    models.set(model, price(`prices.models.${model}`, entry));
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
    throw invalid(`${path}.${key}`, "must be the price of a million tokens");
  };
  return {
    input: amount("input"),
    cached_input: amount("cached_input"),
    output: amount("output"),
  };
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
  const unknown = [...found.keys()].find((key) =>
    known !== undefined && !known.includes(key)
  );
  if (unknown !== undefined) {
    throw invalid(
      where,
      `has no key ${jsonOf(unknown)}: only ${known?.join(", ")}`,
    );
  }
  return found;
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}

function invalid(path: string, message: string): ConfigError {
  return new ConfigError(`${path} ${message}`);
}
