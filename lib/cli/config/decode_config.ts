/**
 * Decodes a configuration strictly: an unknown key is an error and not ignored.
 *
 * @module
 */

import { LIMIT_NAMES, type Limits, parseLimit } from "../../bundle/limits.ts";
import type {
  ModelPrice,
  PriceTable,
} from "../../query/stats/measures/cost.ts";
import {
  type Config,
  LIST_COLUMNS,
  type ListColumn,
  STATS_COLUMNS,
  type StatsColumn,
} from "./config.ts";

/** An invalid configuration. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
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
