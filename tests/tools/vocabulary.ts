/**
 * Prints the words of files and folders that the project does not use: `deno task vocabulary PATH…`.
 * Paths are relative to the project. Exits with 1 if there are any.
 *
 * @module
 */

import { isAbsolute, join, relative } from "@std/path";
import {
  findingText,
  VocabularyCheck,
} from "../support/vocabulary/findings.ts";
import { filesOf } from "../support/vocabulary/files.ts";
import { PROJECT } from "../support/paths.ts";

if (import.meta.main) {
  const check = new VocabularyCheck();
  const places = Deno.args.length === 0 ? [""] : Deno.args.map(fromProject);
  const findings = places.flatMap(filesOf).flatMap((path) =>
    check.findings(path, Deno.readTextFileSync(join(PROJECT, path)))
  );
  for (const finding of findings) console.log(findingText(finding));
  console.log(`${findings.length} findings`);
  Deno.exit(findings.length === 0 ? 0 : 1);
}

function fromProject(path: string): string {
  return isAbsolute(path) ? relative(PROJECT, path) : path;
}
