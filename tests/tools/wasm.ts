/**
 * Translates the comparison that is written in WebAssembly's text form and puts it into a module
 * of the library: `deno task wasm`. A test translates it anew and compares.
 *
 * @module
 */

import { join } from "@std/path";
import wabtModule from "wabt";
import { PROJECT } from "../support/paths.ts";

const FOLDER = join(PROJECT, "lib", "bundle", "request");
/** Where the translation is committed. */
export const MADE = join(FOLDER, "common_blocks.ts");
const SOURCE = "common_blocks.wat";
const DIGITS_PER_LINE = 70;

/** The module as the text form has it now. */
export async function translated(): Promise<string> {
  const wabt = await wabtModule();
  const text = Deno.readTextFileSync(join(FOLDER, SOURCE));
  const parsed = wabt.parseWat(SOURCE, text, { simd: true });
  try {
    parsed.validate();
    return moduleOf(parsed.toBinary({}).buffer);
  } finally {
    parsed.destroy();
  }
}

function moduleOf(binary: Uint8Array): string {
  const digits = Array.from(
    binary,
    (byte) => byte.toString(16).padStart(2, "0"),
  )
    .join("");
  const lines = digits.match(new RegExp(`.{1,${DIGITS_PER_LINE}}`, "g")) ?? [];
  return `/**
 * Made by \`deno task wasm\` from ${SOURCE}, not written.
 *
 * @module
 */

/** The bytes of a WebAssembly module, in hexadecimal digits. */
export const COMMON_BLOCKS =
${lines.map((line) => `  "${line}"`).join(" +\n")};
`;
}

if (import.meta.main) Deno.writeTextFileSync(MADE, await translated());
