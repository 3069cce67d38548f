/**
 * Loads the programs of the page and of the viewer: `dist/page.js` and `dist/viewer_worker.js`,
 * which `deno task build` makes from `page/` and `viewer/`, and which are not in the repository.
 *
 * They are modules, so that loading them needs no permission, and imported only when requested. A published package and a compiled program include it.
 *
 * @module
 */

import { unpackText } from "../text/packed_text.ts";
import type { PageAsset, ViewerAsset } from "./page_asset.d.ts";

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
export function loadPage(): Promise<PageAsset> {
  return load(async () => {
    // @ts-types="../text/packed_asset.d.ts"
    const { PACKED } = await import("../../dist/page.js");
    return JSON.parse(await unpackText(PACKED));
  });
}

/**
 * Returns the program of the viewer.
 *
 * @throws {PageNotBuiltError} If it was not built.
 */
export function loadViewer(): Promise<ViewerAsset> {
  return load(async () => {
    // @ts-types="../text/packed_asset.d.ts"
    const { PACKED } = await import("../../dist/viewer_worker.js");
    return { page: await loadPage(), worker: await unpackText(PACKED) };
  });
}

async function load<Asset>(asset: () => Promise<Asset>): Promise<Asset> {
  try {
    return await asset();
  } catch (error) {
    if (isModuleMissing(error)) throw new PageNotBuiltError(error);
    throw error;
  }
}

function isModuleMissing(error: unknown): boolean {
  return error instanceof TypeError &&
    Reflect.get(error, "code") === "ERR_MODULE_NOT_FOUND";
}
