/**
 * Whether what a question prints fits a width, and is escaped.
 *
 * @module
 */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import stringWidth from "string-width";
import { EXIT } from "../../../lib/cli/command.ts";
import { escapeControls } from "../../../lib/text/escape.ts";
import { printed } from "./command_golden.ts";

/**
 * No line is too long, but for one with a path to paste; nothing in one steers a terminal, and the
 * command line is understood.
 */
export async function assertFits(
  args: readonly string[],
  width: number,
  what: string,
): Promise<void> {
  const { stdout, code, stderr } = await printed([
    ...args,
    "--width",
    String(width),
    "--color",
    "never",
  ]);
  assertNotEquals(code, EXIT.usage, `${what}: ${stderr}`);
  for (const line of stdout.split("\n")) {
    const isFit = stringWidth(line) <= width || line.includes(args[1] ?? "\n");
    assert(isFit, `${what}: ${line}`);
    assertEquals(escapeControls(line), line, what);
    assertEquals(line.trimEnd(), line, what);
  }
}
