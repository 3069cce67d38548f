/**
 * The program of a page, which the build makes.
 *
 * @module
 */

import { PageNotBuiltError } from "../../../report/load_page.ts";
import { SetupError } from "../../errors/setup_error.ts";

/**
 * Returns what `load` returns.
 *
 * @throws {SetupError} If it was not built.
 */
export async function builtPage<Asset>(
  load: () => Promise<Asset>,
): Promise<Asset> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof PageNotBuiltError)) throw error;
    throw new SetupError(error.message, "run deno task build");
  }
}
