/**
 * Makes a module of a text, for `unpackText()`.
 *
 * @module
 */

import { deflateSync } from "node:zlib";

/** Returns a module with the text, compressed. */
export function packedModule(text: string): string {
  const packed = deflateSync(text, { level: 9 }).toString("base64");
  return "// Made by `deno task build`; `unpackText()` returns the text.\n" +
    `export const PACKED = "${packed}";\n`;
}
