/**
 * The reference reducer: a real Codex, which can turn a bundle into state.json itself.
 *
 * The binary is from an environment variable (`CODEX_ORACLE_0164`, `CODEX_ORACLE_0169`, …) or
 * from the package `@openai/codex` of npm, kept in a cache folder.
 *
 * @module
 */

import { join } from "@std/path";

/** What the reference made of a bundle. */
export type OracleOutcome =
  | { kind: "state"; bytes: Uint8Array }
  | { kind: "error"; text: string }
  | { kind: "crash"; text: string }
  | { kind: "timeout" };

/** The release whose reducer is the measure for each schema. */
export const ORACLE_VERSIONS: Readonly<Record<1 | 2 | 3, string>> = {
  1: "0.164.0",
  2: "0.169.0",
  3: "0.171.0",
};

/** The release whose reducer is the measure for a schema. */
export function oracleVersion(schema: number): string {
  const known: Readonly<Record<number, string>> = ORACLE_VERSIONS;
  const version = known[schema];
  if (version !== undefined) return version;
  throw new RangeError(`Cannot name a reference for schema ${schema}`);
}

/** Name of the environment variable that may point to the binary of a version. */
export function oracleVariable(version: string): string {
  const [major = "", minor = ""] = version.split(".");
  return `CODEX_ORACLE_${major}${minor.padStart(3, "0")}`;
}

function cacheFolder(): string {
  const base = Deno.env.get("XDG_CACHE_HOME") ??
    join(Deno.env.get("HOME") ?? Deno.cwd(), ".cache");
  return join(base, "rollout-trace", "codex");
}

/** The vendored binary somewhere below an npm install, or undefined. */
function vendored(folder: string): string | undefined {
  const stack = [folder];
  for (let dir = stack.pop(); dir !== undefined; dir = stack.pop()) {
    for (const entry of listing(dir)) {
      const path = join(dir, entry.name);
      if (entry.isDirectory) stack.push(path);
      else if (/^codex(\.exe)?$/.test(entry.name) && /vendor/.test(dir)) {
        return path;
      }
    }
  }
  return undefined;
}

function listing(dir: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(dir)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** The binary of a version, installed from npm where it is not there yet. */
export async function findOracle(version: string): Promise<string> {
  const named = Deno.env.get(oracleVariable(version));
  if (named !== undefined) return named;
  const folder = join(cacheFolder(), version);
  const known = vendored(folder);
  if (known !== undefined) return known;
  Deno.mkdirSync(folder, { recursive: true });
  const { success, stderr } = await new Deno.Command("npm", {
    args: [
      "install",
      "--no-save",
      "--no-audit",
      "--no-fund",
      "--prefix",
      folder,
      `@openai/codex@${version}`,
    ],
    stdout: "null",
    stderr: "piped",
  }).output();
  const installed = success ? vendored(folder) : undefined;
  if (installed === undefined) {
    throw new Error(
      `Cannot install Codex ${version}: ${new TextDecoder().decode(stderr)}`,
    );
  }
  return installed;
}

/** The reference reducer of one version. */
export class Oracle {
  readonly #binary: string;
  readonly #home: string;
  readonly #timeoutMs: number;

  /** Runs `binary`, giving up on a bundle after `timeoutMs`. */
  constructor(binary: string, timeoutMs = 20_000) {
    this.#binary = binary;
    this.#timeoutMs = timeoutMs;
    // An empty home keeps the user's own configuration out of the result.
    this.#home = Deno.makeTempDirSync({ prefix: "oracle-home-" });
  }

  /** Finds the binary of a version and makes an oracle of it. */
  static async ofVersion(version: string): Promise<Oracle> {
    return new Oracle(await findOracle(version));
  }

  /** Reduces the bundle in `dir`. */
  async reduce(dir: string): Promise<OracleOutcome> {
    const out = join(this.#home, "state.json");
    removeIfThere(out);
    const run = await this.#run(["debug", "trace-reduce", dir, "-o", out]);
    if (run === undefined) return { kind: "timeout" };
    // Codex remarks on the temporary home before it does anything.
    const text = new TextDecoder().decode(run.stderr)
      .replace(/^WARNING: .*\n/gm, "").trim();
    if (run.code === 0) return { kind: "state", bytes: Deno.readFileSync(out) };
    return run.code === 1 ? { kind: "error", text } : { kind: "crash", text };
  }

  async #run(args: string[]): Promise<Deno.CommandOutput | undefined> {
    const child = new Deno.Command(this.#binary, {
      args,
      clearEnv: true,
      env: { HOME: this.#home, CODEX_HOME: this.#home },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, this.#timeoutMs);
    try {
      const output = await child.output();
      return late ? undefined : output;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Removes what the oracle left on disk. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.#home, { recursive: true });
  }
}

function removeIfThere(file: string): void {
  try {
    Deno.removeSync(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
