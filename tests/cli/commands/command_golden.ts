/**
 * Goldens of what a question prints for a person, at several widths and once in colour.
 *
 *     testdata/ask/<command>/<case>.<width>.txt         without colour
 *     testdata/ask/<command>/<case>.<width>.color.txt   in colour, escapes shown as ␛
 *
 * A file holds the command line, what went to standard output, and, where there was any, what
 * went to standard error and how the program ended. `UPDATE_GOLDENS=1 deno test -A …` writes the
 * files anew and removes those that no case has; it refuses to where CI runs.
 *
 * @module
 */

import { assert, assertEquals, assertNotEquals, fail } from "@std/assert";
import { join } from "@std/path";
import stringWidth from "string-width";
import { runProgram } from "../../../lib/cli/program.ts";
import { escapeControls } from "../../../lib/text/escape.ts";
import { recordedIo } from "../../support/cli.ts";
import { PROJECT, TESTDATA } from "../../support/paths.ts";

/** A command line whose output is held. */
export interface AskCase {
  /** Name of the files. */
  readonly name: string;
  /** What is after the command, without `--width` and `--color`. */
  readonly args: readonly string[];
  /** Columns; by default 60, 80 and 120. */
  readonly widths?: readonly number[];
  /** Columns of the one that is in colour; by default there is none. */
  readonly color?: number;
}

const WIDTHS = [60, 80, 120] as const;
const ESCAPE = "\x1b";

/** What a command line did. */
export interface Printed {
  /** Standard output. */
  readonly stdout: string;
  /** Standard error. */
  readonly stderr: string;
  /** How the program ended. */
  readonly code: number;
}

/** A bundle of `testdata/upstream`, named as a user in the project's folder would. */
export function upstreamBundle(name: string): string {
  return `testdata/upstream/${name}/bundle`;
}

/** Runs the program in this process, in the project's folder. */
export async function printed(args: readonly string[]): Promise<Printed> {
  if (Deno.cwd() !== join(PROJECT, ".")) Deno.chdir(PROJECT);
  const io = recordedIo();
  const code = await runProgram(args, io);
  return { stdout: io.stdout, stderr: io.stderr, code };
}

/** Runs the program at a moment: milliseconds since 1970. Other tests have the time of the clock. */
export async function printedAt(
  now: number,
  args: readonly string[],
): Promise<Printed> {
  const { now: clock } = Date;
  Date.now = () => now;
  try {
    return await printed(args);
  } finally {
    Date.now = clock;
  }
}

/** Registers a test for every golden of a command, and one for files that no case has. */
export function testAskGoldens(
  command: string,
  cases: readonly AskCase[],
  print: (args: readonly string[]) => Promise<Printed> = printed,
): void {
  const folder = join(TESTDATA, "ask", command);
  const known = new Set<string>();
  for (const each of cases) {
    const { name, args, widths = WIDTHS, color } = each;
    for (const width of widths) {
      const file = `${name}.${width}.txt`;
      assert(!known.has(file), `two goldens are called ${file}`);
      known.add(file);
      Deno.test(`${command} prints ${name} in ${width} columns`, async () => {
        const line = [command, ...args];
        const result = await print([...line, ...plain(width)]);
        assertPlain(result.stdout, width);
        compare(join(folder, file), goldenText(line, result));
      });
    }
    if (color === undefined) continue;
    const file = `${name}.${color}.color.txt`;
    known.add(file);
    Deno.test(`${command} prints ${name} in colour`, async () => {
      const line = [command, ...args];
      const result = await print([...line, ...coloured(color)]);
      const same = await print([...line, ...plain(color)]);
      assertEquals(uncoloured(result.stdout), same.stdout);
      assertNotEquals(result.stdout, same.stdout);
      compare(join(folder, file), goldenText(line, result));
    });
  }
  Deno.test(`${command} has no golden without a case`, () => {
    const orphans = filesIn(folder).filter((name) => !known.has(name));
    if (isUpdating()) {
      for (const name of orphans) Deno.removeSync(join(folder, name));
    } else assertEquals(orphans, []);
  });
}

function plain(width: number): string[] {
  return ["--width", String(width), "--color", "never"];
}

function coloured(width: number): string[] {
  return ["--width", String(width), "--color", "always"];
}

/** No line is too long, and nothing in one steers a terminal. */
function assertPlain(text: string, width: number): void {
  for (const line of text.split("\n")) {
    const columns = stringWidth(line);
    assert(columns <= width, `${columns} of ${width} columns: ${line}`);
    assertEquals(escapeControls(line), line);
    assertEquals(line.trimEnd(), line, "spaces at the end of a line");
  }
}

/** Without the colours, which are all that may begin with an escape. */
function uncoloured(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b\[\d+m/g, "");
}

function goldenText(line: readonly string[], result: Printed): string {
  const parts = [
    `$ rollout-trace ${line.map(quoted).join(" ")}`,
    result.stdout,
  ];
  if (result.stderr !== "") parts.push("--- standard error", result.stderr);
  if (result.code !== 0) parts.push(`--- exit code ${result.code}`);
  return `${parts.map((part) => part.replace(/\n$/, "")).join("\n")}\n`
    .replaceAll(ESCAPE, "␛");
}

function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word}'`;
}

function compare(path: string, actual: string): void {
  if (isUpdating()) {
    Deno.mkdirSync(join(path, ".."), { recursive: true });
    Deno.writeTextFileSync(path, actual);
    return;
  }
  let expected: string;
  try {
    expected = Deno.readTextFileSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    fail(`there is no golden ${path}: UPDATE_GOLDENS=1 writes it`);
  }
  assertEquals(actual, expected);
}

/** Whether what is shown is to be written anew; fails where CI runs. */
export function isUpdating(): boolean {
  if (Deno.env.get("UPDATE_GOLDENS") !== "1") return false;
  assert(Deno.env.get("CI") === undefined, "goldens are reviewed, not made");
  return true;
}

function filesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
