/**
 * The machines that a release is for, and what its files are called.
 *
 * @module
 */

/** A machine with a program of its own. */
export interface ReleaseTarget {
  /** Its name to Deno and Rust. */
  readonly triple: string;
  /** The names of the system to npm: `process.platform` and `process.arch`. */
  readonly npm: { readonly os: string; readonly cpu: string };
  /** How Homebrew selects it; absent where there is no Homebrew. */
  readonly brew?: {
    readonly os: "macos" | "linux";
    readonly cpu: "arm" | "intel";
  };
}

/** Every machine the program is built for. */
export const RELEASE_TARGETS: readonly ReleaseTarget[] = [
  {
    triple: "x86_64-unknown-linux-gnu",
    npm: { os: "linux", cpu: "x64" },
    brew: { os: "linux", cpu: "intel" },
  },
  {
    triple: "aarch64-unknown-linux-gnu",
    npm: { os: "linux", cpu: "arm64" },
    brew: { os: "linux", cpu: "arm" },
  },
  {
    triple: "x86_64-apple-darwin",
    npm: { os: "darwin", cpu: "x64" },
    brew: { os: "macos", cpu: "intel" },
  },
  {
    triple: "aarch64-apple-darwin",
    npm: { os: "darwin", cpu: "arm64" },
    brew: { os: "macos", cpu: "arm" },
  },
  { triple: "x86_64-pc-windows-msvc", npm: { os: "win32", cpu: "x64" } },
];

/** Whether the program of a machine is for Windows. */
export function isWindows({ npm }: ReleaseTarget): boolean {
  return npm.os === "win32";
}

/** The name of the program inside an archive and after it is installed. */
export function programName(target: ReleaseTarget): string {
  return isWindows(target) ? "rollout-trace.exe" : "rollout-trace";
}

/** The name of the archive of a machine. */
export function archiveName(target: ReleaseTarget): string {
  const end = isWindows(target) ? "zip" : "tar.gz";
  return `rollout-trace-${target.triple}.${end}`;
}

/** SHA-256 of content, in hexadecimal. */
export async function sha256(
  content: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}

/** Checksums of the files of a release by their names. */
export type Checksums = ReadonlyMap<string, string>;

/** The lines of `SHA256SUMS`, as `sha256sum --check` reads them. */
export function checksumsText(checksums: Checksums): string {
  return Array.from(checksums, ([name, sum]) => `${sum}  ${name}\n`).sort(
    (a, b) => a.slice(66) < b.slice(66) ? -1 : 1,
  ).join("");
}

/**
 * The checksum of a file of the release.
 *
 * @throws {Error} If the release has no such file.
 */
export function checksumOf(checksums: Checksums, name: string): string {
  const sum = checksums.get(name);
  if (sum === undefined) throw new Error(`the release has no file ${name}`);
  return sum;
}
