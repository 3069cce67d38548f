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

/** Returns a path without separators at its end, but those of a root. */
export function withoutSeparators(
  path: string,
  isWindows = Deno.build.os === "windows",
): string {
  return path.replace(
    isWindows ? /(?<=[^:\\/])[\\/]+$/ : /(?<=[^/])\/+$/,
    "",
  );
}

/**
 * Returns the path of a name in a folder, whether or not the folder ends with a separator. The name may
 * have folders before it, with `/` between; on Windows the path has `\` where the folder has no other.
 */
export function pathBelow(
  folder: string,
  name: string,
  isWindows = Deno.build.os === "windows",
): string {
  const start = withoutSeparators(folder, isWindows);
  const isNative = isWindows && /^[^/]*\\[^/]*$/.test(start);
  const separator = isNative ? "\\" : "/";
  const end = isNative ? name.replaceAll("/", separator) : name;
  return endsOpen(start, isWindows) ? start + end : start + separator + end;
}

/** Returns whether a path is `outer`, or inside it. */
export function isInside(
  path: string,
  outer: string,
  isWindows = Deno.build.os === "windows",
): boolean {
  const start = withoutSeparators(outer, isWindows);
  return path === start || path.startsWith(start) &&
      (endsOpen(start, isWindows) ||
        endsOpen(path.charAt(start.length), isWindows));
}

function endsOpen(path: string, isWindows: boolean): boolean {
  return path.endsWith("/") || isWindows && path.endsWith("\\");
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
