/**
 * What `--licenses` prints: the license texts of packages, and of Deno with its crates.
 *
 * @module
 */

import { join } from "@std/path";
import SPDX from "spdx-license-list/full";
import { PROJECT } from "../../../support/paths.ts";
import type { BundledPackage } from "./bundled_packages.ts";
import { KNOWN_DENO, type RuntimeCrate } from "./runtime_crates.ts";

/** Deno and V8, which are a part of the compiled program only. */
const RUNTIME = readBeside("runtime_licenses.txt");
const LLVM_EXCEPTION = readBeside("llvm_exception.txt");

function readBeside(name: string): string {
  return Deno.readTextFileSync(new URL(name, import.meta.url)).trim();
}

/** What `--licenses` prints. */
export function licensesText(
  packages: readonly BundledPackage[],
  crates: readonly RuntimeCrate[],
): string {
  const own = Deno.readTextFileSync(join(PROJECT, "LICENSE")).trim();
  return [
    `## rollout-trace\n\n${own}`,
    "The program and the page of a report contain these packages, or parts of them.",
    ...packages.map(({ name, version, license, licenseText }) =>
      `## ${name} ${version} (${license})\n\n${licenseText}`
    ),
    RUNTIME,
    crateList(crates),
    ...standardTexts(crates),
  ].join("\n\n");
}

/** The crates with their licenses, and what is not known about them. */
function crateList(crates: readonly RuntimeCrate[]): string {
  const { deno } = Deno.version;
  const other = deno === KNOWN_DENO
    ? ""
    : ` The licenses are those that they declare in Deno ${KNOWN_DENO}.`;
  const lines = crates.map(({ name, version, license }) =>
    `- ${name} ${version}: ${
      license ?? `unknown; see crates.io/crates/${name}`
    }`
  );
  return [
    `## Crates in Deno ${deno}`,
    "These are the crates that the Deno which built the program names in its binary, " +
    `with the licenses that they declare.${other} It may contain others, of which ` +
    "nothing in the binary bears the name, and Deno for another system has some of " +
    `its own: Cargo.lock of https://github.com/denoland/deno at v${deno} lists all. ` +
    "Rust's standard library has the license MIT OR Apache-2.0. Copyright belongs " +
    "to the authors of each crate, which crates.io/crates/NAME has.",
    lines.join("\n"),
  ].join("\n\n");
}

/** The text of each license that a crate declares, once. */
function standardTexts(crates: readonly RuntimeCrate[]): string[] {
  const expressions = crates.flatMap(({ license }) => license ?? []);
  const ids = new Set(
    ["MIT OR Apache-2.0", ...expressions].flatMap(idsOf),
  );
  return [...ids].sort().map((id) => `## License ${id}\n\n${textOf(id)}`);
}

/** The identifiers in an expression of SPDX. `MPL-2.0+` is the text of `MPL-2.0`. */
export function idsOf(expression: string): string[] {
  return expression.split(/ (?:OR|AND|WITH) |[()]/).map((each) =>
    each.trim().replace(/\+$/, "")
  ).filter((each) => each !== "");
}

function textOf(id: string): string {
  const text = id === "LLVM-exception" ? LLVM_EXCEPTION : SPDX[id]?.licenseText;
  if (text === undefined) throw new Error(`no text of the license ${id}`);
  return text.replaceAll("\r", "").trim();
}
