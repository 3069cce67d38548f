/**
 * What the build makes of the viewer: the types of `dist/viewer_page.js`.
 *
 * @module
 */

import type { PageAsset } from "./page_asset.d.ts";

/** The program of the viewer. Its script has that of its worker in it. */
export const VIEWER_ASSET: PageAsset;
