/**
 * Writes answers: lines in blocks, JSON as one document.
 *
 * @module
 */

import type { TraceSession } from "../../query/session/session.ts";
import type { CommandIo } from "../command.ts";
import { type JsonData, prettyJsonText } from "../text/json_document.ts";
import { withUnicode } from "../text/wrap/unicode.ts";
import { lossData } from "./session_losses.ts";

/** Characters that are written at a time. */
const BLOCK = 64 * 1024;

/**
 * Writes lines as they arrive, many at a time. They are asked for again, and those not written twice,
 * when one of them needs what is not loaded yet.
 */
export async function printLines(
  io: CommandIo,
  lines: () => Iterable<string>,
): Promise<void> {
  let written = 0;
  await withUnicode(() => {
    let block: string[] = [];
    let size = 0;
    let at = 0;
    const write = () => {
      io.printTrusted(block.join("\n"));
      written += block.length;
      block = [];
      size = 0;
    };
    for (const line of lines()) {
      if (at++ < written) continue;
      block.push(line);
      size += line.length + 1;
      if (size >= BLOCK) write();
    }
    if (block.length > 0) write();
  });
}

/** The document that `--json` prints: the answer, and what it is an answer to. */
export function printJson(
  io: CommandIo,
  question: string,
  session: TraceSession,
  data: JsonData,
  page?: string | null,
): void {
  const { place, source } = session;
  printDocument(io, question, {
    bundle: place,
    source,
    partial: lossData(session),
    ...page === undefined ? {} : { page },
    answer: data,
  });
}

/** The same document, of what may be no session. */
export function printDocument(
  io: CommandIo,
  question: string,
  document: {
    readonly bundle: string;
    readonly source: TraceSession["source"];
    readonly partial: JsonData;
    readonly answer: JsonData;
  },
): void {
  io.printTrusted(prettyJsonText({
    format: `rollout-trace.${question}.1`,
    ...document,
  }));
}
