/**
 * Puts what commands really print into the documentation: `deno task docs`.
 *
 * A block of the language `console` begins with a command; all after it is replaced. The reference
 * of the commands is made from their tables. A test holds both to what is printed, so this only
 * saves the typing.
 *
 * @module
 */

import { join } from "@std/path";
import { DOCUMENTS, printedBy, shownBlocks } from "../support/documents.ts";
import { PROJECT } from "../support/paths.ts";
import {
  REFERENCE_FILE,
  referenceText,
} from "./packaging/release/command_reference.ts";

for (const path of DOCUMENTS) {
  let text = Deno.readTextFileSync(join(PROJECT, path));
  for (const { block, command } of shownBlocks(text)) {
    const printed = printedBy(command);
    text = text.replace(
      `\`\`\`console\n${block}\`\`\``,
      () => `\`\`\`console\n$ rollout-trace ${command}\n${printed}\n\`\`\``,
    );
  }
  Deno.writeTextFileSync(join(PROJECT, path), text);
}
Deno.writeTextFileSync(join(PROJECT, REFERENCE_FILE), referenceText());
