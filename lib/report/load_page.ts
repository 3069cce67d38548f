/**
 * Loads the program of the page, which `deno task build` makes of `page/` and which is in no
 * checkout: `dist/page.js`.
 *
 * It is a module so that to load it needs no permission, and imported when a report is asked for
 * so that nothing else needs it. A published package includes it, and so does a compiled program.
 *
 * @module
 */

import type { PageAsset } from "./page_asset.d.ts";

/** There is no program of the page, because nothing was built. */
export class PageNotBuiltError extends Error {
  override readonly name = "PageNotBuiltError";

  /** `cause` is the error of the runtime. */
  constructor(cause: unknown) {
    super("the page of the report is not built", { cause });
  }
}

/**
 * Returns the program of the page.
 *
 * @throws {PageNotBuiltError} If it was not built.
 */
export async function loadPage(): Promise<PageAsset> {
  try {
    // @ts-types="./page_asset.d.ts"
    const { PAGE_ASSET } = await import("../../dist/page.js");
    return PAGE_ASSET;
  } catch (error) {
    if (isModuleMissing(error)) throw new PageNotBuiltError(error);
    throw error;
  }
}

function isModuleMissing(error: unknown): boolean {
  return error instanceof TypeError &&
    Reflect.get(error, "code") === "ERR_MODULE_NOT_FOUND";
}
