/**
 * Outputs that the pages of `docs/` show, against what the program prints.
 *
 * `UPDATE_GOLDENS=1` writes them anew.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { isUpdating, printed } from "./support/ask_golden.ts";
import { PROJECT } from "./support/paths.ts";

const PAGES = join(PROJECT, "docs");
const BLOCK = /^```console\n\$ rollout-trace ([^\n]+)\n([\s\S]*?)^```$/gm;

for (const { name } of Deno.readDirSync(PAGES)) {
  if (!name.endsWith(".md")) continue;
  Deno.test(`docs/${name} shows what the program prints`, async () => {
    const path = join(PAGES, name);
    const page = Deno.readTextFileSync(path);
    let made = page;
    let shown = 0;
    for (const [block, command = ""] of page.matchAll(BLOCK)) {
      const { stdout, stderr } = await printed(command.split(" "));
      const output = `$ rollout-trace ${command}\n${stdout}${stderr}`;
      made = made.replace(block, () => `\`\`\`console\n${output}\`\`\``);
      shown++;
    }
    assert(shown > 0, "no output is shown");
    if (isUpdating()) Deno.writeTextFileSync(path, made);
    else assertEquals(page, made);
  });
}
