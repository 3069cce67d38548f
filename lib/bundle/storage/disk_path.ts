/**
 * Paths of the disk as text, by the rules of the system: pure, so that those of Windows are tested
 * everywhere.
 *
 * @module
 */

/** A path in two parts. */
export interface SplitPath {
  /** The folder; `.` where the path is a name alone. */
  readonly folder: string;
  /** The name in it. */
  readonly name: string;
}

/** Splits a path at its last separator; on Windows `\` is one too, and a drive is a folder. */
export function splitPath(
  path: string,
  isWindows = Deno.build.os === "windows",
): SplitPath {
  const [start = ""] = (isWindows ? /^(?:.*[\\/]|[A-Za-z]:)/s : /^.*\//s)
    .exec(path) ?? [];
  const name = path.slice(start.length);
  if (start === "") return { folder: ".", name };
  const isRoot = isWindows ? /^(?:[A-Za-z]:)?[\\/]*$/ : /^\/+$/;
  return { folder: isRoot.test(start) ? start : start.slice(0, -1), name };
}

/**
 * Returns a path of Windows without the prefix of long paths, behind which `/` is no separator: the
 * runtime adds it where a path needs it. On other systems, the path.
 */
export function plainPath(
  path: string,
  isWindows = Deno.build.os === "windows",
): string {
  if (!isWindows) return path;
  return path.replace(/^\\\\\?\\UNC\\/i, "\\\\")
    .replace(/^\\\\\?\\(?=[A-Za-z]:\\)/, "");
}
