/**
 * The page that `report` wrote into the folder of a bundle, as `show`, `explain` and `timeline` name it.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { copySync } from "@std/fs";
import { join } from "@std/path";
import { sessionMark } from "../../../lib/report/html/report_html.ts";
import { inFolderAsync } from "../../support/cli.ts";
import { ask, recorded } from "../../report/report_file.ts";

const MARK = sessionMark("13503e3c-cdcb-438a-bb27-0ceebe102648");

Deno.test("show, explain and timeline name the page of the bundle, and no other file", async () => {
  await inFolderAsync(async (folder) => {
    const bundle = join(folder, "bundle");
    copySync(recorded("0.169.0-agents_v2"), bundle);
    const page = join(bundle, "report.html");
    const pageOf = async (...args: string[]) => {
      const { stdout } = await ask(...args, "--json");
      return JSON.parse(stdout).page;
    };
    assertEquals(await pageOf("show", bundle), null);
    // The head of a page that report wrote has the mark.
    Deno.writeTextFileSync(page, `<!doctype html>\n<head>\n${MARK}`);
    assertEquals(await pageOf("show", bundle), `${page}#view=overview`);
    assertEquals(await pageOf("timeline", bundle), `${page}#view=timeline`);
    assertEquals(await pageOf("explain", bundle, "call:2"), `${page}#call=2`);
    const { stdout } = await ask("explain", bundle, "call:2");
    assertStringIncludes(stdout, `page  ${page}#call=2`);
    // In a page of several sessions, this one is the second.
    Deno.writeTextFileSync(page, `${sessionMark("other")}${MARK}`);
    assertEquals(
      await pageOf("explain", bundle, "call:2"),
      `${page}#s=2&call=2`,
    );
    // A page of another session, a link, and what is no file are none of this bundle.
    Deno.writeTextFileSync(page, sessionMark("other"));
    assertEquals(await pageOf("show", bundle), null);
    const elsewhere = join(folder, "elsewhere.html");
    Deno.writeTextFileSync(elsewhere, MARK);
    Deno.removeSync(page);
    Deno.symlinkSync(elsewhere, page);
    assertEquals(await pageOf("show", bundle), null);
    Deno.removeSync(page);
    Deno.mkdirSync(page);
    assertEquals(await pageOf("show", bundle), null);
  });
});
