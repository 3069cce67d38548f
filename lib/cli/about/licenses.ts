/**
 * The licenses of everything that the program contains: `rollout-trace --licenses`.
 *
 * They are in `dist/licenses.js`, which `deno task build` makes and which is not in the repository.
 *
 * @module
 */

import { unpackText } from "../../text/packed_text.ts";
import { SetupError } from "../errors/setup_error.ts";

/**
 * Returns the names and license texts of what the program and the page contain.
 *
 * @throws {SetupError} If they were not built.
 */
export async function licenseTexts(): Promise<string> {
  try {
    // @ts-types="../../text/packed_asset.d.ts"
    const { PACKED } = await import("../../../dist/licenses.js");
    return await unpackText(PACKED);
  } catch (error) {
    if (Reflect.get(Object(error), "code") !== "ERR_MODULE_NOT_FOUND") {
      throw error;
    }
    throw new SetupError("the licenses are not built", "run deno task build");
  }
}
