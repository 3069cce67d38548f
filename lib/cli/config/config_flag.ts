/**
 * `--config FILE`, and the file of the working directory.
 *
 * The file of the working directory is read only if that is permitted already: the user is not
 * asked for a permission because a file might exist.
 *
 * @module
 */

import { parse } from "@std/jsonc";
import { quote } from "../../errors.ts";
import type { ParsedFlags } from "../args/parse_args.ts";
import { requireAccess } from "../access/permissions.ts";
import { UsageError } from "../args/usage_error.ts";
import { type Config, CONFIG_FILE, NO_CONFIG } from "./config.ts";
import { ConfigError, decodeConfig } from "./decode_config.ts";

/** A file that is written by hand is smaller. */
const MAX_BYTES = 1024 * 1024;

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
