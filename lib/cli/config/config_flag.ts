/**
 * `--config FILE`, and the file of the working directory.
 *
 * The file in the working directory is read only where that is allowed already: nobody is asked
 * for a permission because a file might be there.
 *
 * @module
 */

import { parse } from "@std/jsonc";
import { quote } from "../../errors.ts";
import type { ParsedFlags } from "../flags.ts";
import { requireAccess } from "../permissions.ts";
import { UsageError } from "../usage_error.ts";
import { type Config, CONFIG_FILE, NO_CONFIG } from "./config.ts";
import { ConfigError, decodeConfig } from "./decode_config.ts";

/** Nobody writes more than this by hand. */
const MOST_BYTES = 1024 * 1024;

/**
 * What the user's configuration says.
 *
 * @throws {UsageError} If the file cannot be read, or says what it may not.
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
      `Cannot use ${quote(path)}: ${error.message}`,
      named === undefined
        ? "correct the file, or name another with --config"
        : "correct the file",
    );
  }
}

function mayRead(path: string): boolean {
  return Deno.permissions.querySync({ name: "read", path }).state === "granted";
}

/** The text of the file; `undefined` where there is none and none was asked for. */
function textOf(path: string, isAskedFor: boolean): string | undefined {
  try {
    const { isFile, size } = Deno.statSync(path);
    if (!isFile || size > MOST_BYTES) {
      throw new UsageError(
        `Cannot use ${quote(path)}: it is no file of at most a megabyte`,
      );
    }
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound && !isAskedFor) return undefined;
    if (error instanceof UsageError) throw error;
    if (!(error instanceof Error)) throw error;
    throw new UsageError(`Cannot read ${quote(path)}: ${error.message}`);
  }
}
