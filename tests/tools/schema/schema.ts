/**
 * Rewrites the JSON schemas of what the commands print: `deno task schema`.
 *
 * A command that prints JSON has a line in {@linkcode ANSWER_SCHEMAS}; the rest follows from
 * the types of its answer and their docstrings.
 *
 * @module
 */

import {
  type AnswerSchema,
  schemaFile,
  SchemaMaker,
} from "../../support/answer_schemas.ts";

/** What each command prints with `--json`, in the order of the help. */
export const ANSWER_SCHEMAS: readonly AnswerSchema[] = [
  { question: "check", type: "CheckReport", alone: true },
  { question: "show", type: "ShowAnswer" },
  {
    question: "timeline",
    type: "TimelineAnswer",
    asked: [[], ["--failed"], ["--kind", "item,protocol,loss,resumed"]],
  },
  {
    question: "transcript",
    type: "TranscriptAnswer",
    asked: [[], ["--at", "call:2"]],
  },
  {
    question: "context",
    type: "ContextReport",
    asked: [[], ["--at", "call:1"]],
  },
  {
    question: "explain",
    type: "ExplainAnswer",
    asked: [
      ["thread:1"],
      ["turn:1"],
      ["item:5"],
      ["call:1"],
      ["tool:1"],
      ["cell:1"],
      ["terminal:1"],
      ["operation:1"],
      ["compaction:1"],
      ["compaction_request:1"],
      ["edge:1"],
      ["payload:1"],
    ],
  },
  {
    question: "payload",
    type: "PayloadAnswer",
    asked: [["payload:1"], ["call:1"]],
  },
  {
    question: "search",
    type: "SearchAnswer",
    asked: [["e"], ["/[A-Z]\\w+/", "--hits", "1"], ["found nowhere"]],
  },
  {
    question: "stats",
    type: "StatsAnswer",
    asked: [[], ["--by", "turn"], ["--by", "tool"]],
  },
  {
    question: "diff",
    type: "DiffAnswer",
    asked: [
      ["call:2"],
      ["call:1", "call:3"],
      ["testdata/upstream/0.169.0-agents_v2/bundle"],
    ],
  },
  { question: "list", type: "ListAnswer" },
];

/** Writes one schema; reports whether it changed. */
function rewrite(path: string, text: string): boolean {
  let before: string | undefined;
  try {
    before = Deno.readTextFileSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  if (before === text) return false;
  Deno.writeTextFileSync(path, text);
  return true;
}

function main(): void {
  const maker = new SchemaMaker();
  const changed = ANSWER_SCHEMAS.filter((entry) =>
    rewrite(schemaFile(entry), maker.textOf(entry))
  );
  for (const { question } of changed) console.log(`rewritten: ${question}`);
  console.log(
    `${changed.length} of ${ANSWER_SCHEMAS.length} schemas rewritten`,
  );
}

if (import.meta.main) main();
