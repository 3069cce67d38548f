/**
 * Nothing from a bundle steers a terminal: every question, over bundles in which every word is
 * hostile.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import stringWidth from "string-width";
import type { CommandIo } from "../../lib/cli/command.ts";
import { COMMANDS } from "../../lib/cli/catalog/catalog.ts";
import { TABLES } from "../../lib/export/tables/catalog.ts";
import { runProgram } from "../../lib/cli/program.ts";
import { replayBundle } from "../../lib/replay.ts";
import { escapeControls } from "../../lib/text/escape.ts";
import type { AnswerSchema } from "../support/answer_schemas.ts";
import { recordedIo } from "../support/cli.ts";
import { HOSTILE, writeHostileBundle } from "./hostile_words.ts";
import { TESTDATA } from "../support/paths.ts";
import { runMain } from "../support/processes.ts";
import { stateText } from "../support/state_text.ts";
import { ANSWER_SCHEMAS } from "../tools/schema/schema.ts";

const RECORDED = [
  "0.164.0-agents_v2",
  "0.169.0-code_mode_tools",
  "0.164.0-compact_remote_manual",
  "0.169.0-stdin_session",
  "0.169.0-mcp",
  "0.169.0-agents_v2_fail",
  "0.164.0-dup_call_id",
  "0.171.0-agents_v2",
] as const;
/** Those that are also asked by their state alone. */
const STATES: readonly string[] = ["0.164.0-agents_v2", "0.169.0-mcp"];
const PAPERS = [["60", "never"], ["80", "always"]] as const;

/** What colours and weights the program itself uses, and how each ends. */
// deno-lint-ignore no-control-regex
const OWN_COLOURS = /\x1b\[(?:0|1|2|22|3[1-6]|39|9[0-7])m/g;
/**
 * Controls, separators of lines, and everything without a shape of its own; not what joins
 * letters or emoji, nor the marks before Arabic numbers, which are seen.
 */
const STEERING =
  /(?![\n\u200c\u200d\u0600-\u0605\u06dd\u0890\u0891\u08e2])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** As the streams of the process: what is printed beside the answer is escaped there. */
function terminalIo(): CommandIo & { stdout: string; stderr: string } {
  const io = recordedIo();
  return {
    ...io,
    stderrLine: (text) => io.stderrLine(escapeControls(text)),
    get stdout() {
      return io.stdout;
    },
    get stderr() {
      return io.stderr;
    },
  };
}

async function ask(args: readonly string[]): Promise<string> {
  const io = terminalIo();
  await runProgram(args, io);
  const coloured = args.includes("always");
  const result = `${args.join(" ")}\n`;
  const plain = coloured ? io.stdout.replace(OWN_COLOURS, "") : io.stdout;
  const found = STEERING.exec(ownSpacing(plain, args));
  assert(found === null, `${result}${around(io.stdout, found?.[0])}`);
  const remarked = STEERING.exec(io.stderr);
  assert(remarked === null, `${result}${around(io.stderr, remarked?.[0])}`);
  assert(io.stdout !== "" || io.stderr !== "", result);
  return io.stdout;
}

/** Without the line ends of CSV, and the tabs of a text that is kept as it is for Markdown. */
function ownSpacing(text: string, args: readonly string[]): string {
  if (args.includes("--csv")) return text.replaceAll("\r\n", "\n");
  return args.includes("--markdown") ? text.replaceAll("\t", " ") : text;
}

function around(text: string, found: string | undefined): string {
  if (found === undefined) return "";
  const at = text.indexOf(found);
  return JSON.stringify(text.slice(Math.max(0, at - 60), at + 20));
}

/** Output that is not laid out for a terminal: exact bytes; or text that a program wraps. */
const NOT_FOR_TERMINALS: readonly string[] = ["raw", "record"];
const UNWRAPPED: readonly string[] = ["markdown", "csv", "jsonl"];

/** Every way to ask a question: with the words of the tests, and with each of its switches. */
function waysToAsk(entry: AnswerSchema): string[][] {
  const command = COMMANDS.find(({ name }) => name === entry.question);
  assert(command !== undefined);
  // The ids of payloads have no numbers here.
  const asked = (entry.asked ?? [[]]).map((words) =>
    words.map((word) => word.replace(/^payload:(?=\d)/, "payload:x"))
  );
  const [first = []] = asked;
  const switches = command.flags.filter(({ name, value }) =>
    value === undefined &&
    !["json", "help", ...NOT_FOR_TERMINALS].includes(name)
  );
  return [...asked, ...switches.map(({ name }) => [...first, `--${name}`])];
}

async function askEvery(entry: AnswerSchema, place: string): Promise<number> {
  let shown = 0;
  for (const words of waysToAsk(entry)) {
    const args = [entry.question, place, ...words];
    await ask([...args, "--json"]);
    if (entry.alone) {
      await ask(args);
      continue;
    }
    const isWrapped = !UNWRAPPED.some((name) => words.includes(`--${name}`));
    for (const [width, color] of PAPERS) {
      const asked = [...args, "--width", width, "--color", color];
      const stdout = await ask(asked);
      for (const line of isWrapped ? stdout.split("\n") : []) {
        const columns = stringWidth(line);
        assert(
          columns <= Number(width),
          `${asked.join(" ")}: ${columns}: ${line}`,
        );
      }
      if (stdout !== "") shown++;
    }
  }
  return shown;
}

function inHostileBundles(
  work: (places: readonly string[]) => Promise<void>,
): Promise<void> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  const places = RECORDED.flatMap((name) => {
    const bundle = join(folder, name);
    writeHostileBundle(join(TESTDATA, "upstream", name, "bundle"), bundle);
    if (!STATES.includes(name)) return [bundle];
    const state = `${bundle}.state.json`;
    Deno.writeTextFileSync(
      state,
      stateText(replayBundle(bundle, { tolerant: true })),
    );
    return [bundle, state];
  });
  return work(places).finally(() =>
    Deno.removeSync(folder, { recursive: true })
  );
}

Deno.test("answers about hostile bundles contain as much as those about their originals", () =>
  inHostileBundles((places) => {
    const bundles = places.filter((place) => !place.endsWith(".json"));
    for (const [index, name] of RECORDED.entries()) {
      const sound = replayBundle(join(TESTDATA, "upstream", name, "bundle"), {
        tolerant: true,
      });
      const hostile = replayBundle(bundles[index] ?? "", { tolerant: true });
      for (const key of ["conversation_items", "inference_calls"] as const) {
        assertEquals(hostile[key].size, sound[key].size, `${name} ${key}`);
      }
      for (const [id, call] of hostile.inference_calls) {
        assert(id.endsWith(HOSTILE) && call.model.endsWith(HOSTILE));
      }
    }
    return Promise.resolve();
  }));

for (const entry of ANSWER_SCHEMAS) {
  Deno.test(`nothing in a bundle steers a terminal through ${entry.question}`, () =>
    inHostileBundles(async (places) => {
      let shown = 0;
      for (const place of places) {
        if (entry.alone && place.endsWith(".json")) continue;
        shown += await askEvery(entry, place);
      }
      assert(entry.alone || shown > 0, "nothing was shown");
    }));
}

Deno.test("every question is among those that are held to this", () => {
  const asked = ANSWER_SCHEMAS.map(({ question }) => question);
  for (const { name, flags } of COMMANDS) {
    // These have tests of their own.
    const isQuestion = !["sql", "follow"].includes(name) &&
      flags.some((flag) => flag.name === "width");
    assert(!isQuestion || asked.includes(name), name);
  }
});

Deno.test("no table of sql steers a terminal, in any format", () =>
  inHostileBundles(async (places) => {
    for (const place of places.slice(0, 3)) {
      for (const { name } of TABLES) {
        for (const format of ["--width=60", "--csv", "--jsonl", "--markdown"]) {
          const io = recordedIo();
          await runProgram(["sql", place, `SELECT * FROM ${name}`, format], io);
          assert(!STEERING.test(io.stdout.replaceAll("\r\n", "\n")), name);
        }
      }
    }
  }));

Deno.test("the program itself lets nothing through to its streams", () =>
  inHostileBundles((places) => {
    const [bundle] = places;
    assert(bundle !== undefined);
    for (
      const args of [["show", bundle], [
        "show",
        join(bundle, HOSTILE.replaceAll("\0", "")),
      ]]
    ) {
      const { stdout, stderr } = runMain([`--allow-read`], args);
      assert(stdout !== "" || stderr !== "");
      assert(!STEERING.test(stdout + stderr));
    }
    return Promise.resolve();
  }));
