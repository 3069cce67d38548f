/**
 * Where things lie.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";

/** The folder of the project. */
export const PROJECT = fromFileUrl(new URL("../../", import.meta.url));
/** Cases that ship with the sources. */
export const TESTDATA = join(PROJECT, "testdata");
/** Every recorded case, where the corpus lies beside the project. */
export const CORPUS = join(PROJECT, "..", "shared", "corpus");
/** The program. */
export const MAIN = join(PROJECT, "main.ts");
