/**
 * Paths of entries of an archive, which may be made to leave the folder that it is unpacked in.
 *
 * @module
 */

/** Why an entry is not taken. */
export type PathFault =
  | "its path is absolute"
  | "its path leads out"
  | "its path is too long";

/** Maximum length of a path, as systems have it. */
const MAX_PATH = 4096;

/**
 * Returns the path of an entry with `/` between names, without names that are empty or a dot; or why
 * it is refused. An empty path is the folder itself.
 */
export function entryPath(
  name: string,
): { readonly path: string } | { readonly fault: PathFault } {
  if (name.length > MAX_PATH) return { fault: "its path is too long" };
  if (/^(?:[/\\]|[A-Za-z]:)/.test(name)) {
    return { fault: "its path is absolute" };
  }
  // A backslash is part of a name, but archives made to mislead use it as a separator.
  if (name.split(/[/\\]/).includes("..") || name.includes("\0")) {
    return { fault: "its path leads out" };
  }
  const names = name.split("/").filter((each) => each !== "" && each !== ".");
  return { path: names.join("/") };
}
