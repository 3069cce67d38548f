/**
 * Where things are.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";

/** The folder of the project. */
export const PROJECT = fromFileUrl(new URL("../../", import.meta.url));
/** Cases that ship with the sources. */
export const TESTDATA = join(PROJECT, "testdata");
/** The program. */
export const MAIN = join(PROJECT, "main.ts");
/** What `deno task build` makes; Git ignores it. */
export const DIST = join(PROJECT, "dist");
/** The program as `deno task build` bundles it. */
export const BUNDLED_PROGRAM = join(DIST, "program");
