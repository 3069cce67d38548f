/**
 * The scripts that install a release: `install.sh` and `install.ps1` with its address, version and
 * checksums in them.
 *
 * @module
 */

import { join } from "@std/path";
import {
  archiveName,
  checksumOf,
  type Checksums,
  isWindows,
  RELEASE_TARGETS,
} from "./artifacts.ts";

/** Where the files of a release are, and which they are. */
export interface Release {
  readonly version: string;
  /** The address in front of the name of a file, without a slash at its end. */
  readonly url: string;
  /** Of the archives. */
  readonly checksums: Checksums;
}

const TEMPLATES = join(import.meta.dirname ?? "", "templates");

/** Returns `install.sh`, for Linux and macOS. */
export function installSh(release: Release): string {
  return filled("install.sh", release, (name, sum) => `${sum}  ${name}`, false);
}

/** Returns `install.ps1`, for Windows. */
export function installPs1(release: Release): string {
  return filled(
    "install.ps1",
    release,
    (name, sum) => `  '${name}' = '${sum}'`,
    true,
  );
}

function filled(
  template: string,
  { version, url, checksums }: Release,
  line: (name: string, sum: string) => string,
  isForWindows: boolean,
): string {
  const sums = RELEASE_TARGETS
    .filter((target) => isWindows(target) === isForWindows)
    .map(archiveName)
    .filter((name) => checksums.has(name))
    .map((name) => line(name, checksumOf(checksums, name)));
  return Deno.readTextFileSync(join(TEMPLATES, template))
    .replaceAll("@VERSION@", version)
    .replaceAll("@URL@", url)
    .replaceAll("@CHECKSUMS@", sums.join("\n"));
}
