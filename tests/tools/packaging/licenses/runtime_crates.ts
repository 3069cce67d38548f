/**
 * The crates that are compiled into Deno, with their licenses.
 *
 * The binary is the list of them that every version has. Rust compiles the paths of sources into
 * it, for its messages, and they name crate and version. `runtime_crates.json` has the licenses that
 * these crates declare in their `Cargo.toml`.
 *
 * @module
 */

import TABLE from "./runtime_crates.json" with { type: "json" };

/** A crate that a binary names. */
export interface RuntimeCrate {
  readonly name: string;
  readonly version: string;
  /** The license that it declares, by SPDX; `null` where it is not known. */
  readonly license: string | null;
}

/** The version of Deno whose crates the table has, all of them. */
export const KNOWN_DENO = TABLE.deno;

/** Crates of that Deno whose license is not known for sure: no source was available. */
export const UNKNOWN_CRATES: readonly string[] = TABLE.unknown.split(" ");

/** The folder of a crate in the cache of Cargo, on the machine that built the binary. */
const CRATE =
  /index\.crates\.io-[0-9a-f]+[\\/]([A-Za-z][\w-]*?)-(\d+\.\d+\.\d+[\w.+-]*)[\\/]/g;
const MAX_CHUNK = 1024 * 1024;
/** More than such a path has. */
const MAX_PATH = 1024;

const LICENSES = new Map(
  Object.entries(TABLE.licenses).flatMap(([license, names]) =>
    names.split(" ").map((name) => [name, license])
  ),
);

/**
 * Returns the crates that a binary names, sorted by name and version. It may contain others, which
 * have no message that needs a path.
 */
export function runtimeCrates(binary = Deno.execPath()): RuntimeCrate[] {
  const found = new Map<string, RuntimeCrate>();
  for (const text of chunksOf(binary)) {
    for (const [, name = "", version = ""] of text.matchAll(CRATE)) {
      const license = LICENSES.get(name) ?? null;
      found.set(`${name} ${version}`, { name, version, license });
    }
  }
  return [...found].sort(([a], [b]) => a < b ? -1 : 1).map(([, each]) => each);
}

/** The bytes of a file as characters, in chunks that overlap. */
function* chunksOf(path: string): Iterable<string> {
  const decoder = new TextDecoder("latin1");
  const buffer = new Uint8Array(MAX_CHUNK);
  using file = Deno.openSync(path);
  let end = "";
  while (true) {
    const read = file.readSync(buffer);
    if (read === null) return;
    const text = end + decoder.decode(buffer.subarray(0, read));
    yield text;
    end = text.slice(-MAX_PATH);
  }
}
