/**
 * Loads the program of the page: `dist/page.js`, which `deno task build` makes from `page/` and
 * which is not in the repository.
 *
 * It is a module, so that loading it needs no permission, and it is imported only when a report is
 * requested. A published package and a compiled program include it.
 *
 * @module
 */

import type { PageAsset } from "./page_asset.d.ts";

/** The program of the page was not built. */
export class PageNotBuiltError extends Error {
  /** Name of the error. */
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
