/**
 * Session logs made by hand, line by line.
 *
 * @module
 */

import { readSessionLog } from "../../../../lib/query/session/session_log/read_session_log.ts";
import { type Limits, limitsWith } from "../../../../lib/bundle/limits.ts";
import type { Diagnostic } from "../../../../lib/errors.ts";
import { openSessionLog } from "../../../../lib/query/session/session_log/open_session_log.ts";
import type { TraceSession } from "../../../../lib/query/session/session.ts";
import { inFolder } from "../../../support/cli.ts";

export const THREAD = "01a20000-0000-7000-8000-000000000001";
export const LOG_NAME = `rollout-2026-11-29T12-00-00-${THREAD}.jsonl`;
export const TURN = "01a20000-0000-7000-8000-0000000000aa";

let seconds = 0;

/** A line, each a second after the one before. */
export function line(type: string, payload: object): string {
  const at = new Date(Date.UTC(2026, 10, 29, 12) + 1000 * seconds++);
  return JSON.stringify({ timestamp: at.toISOString(), type, payload });
}

export function event(type: string, more: object = {}): string {
  return line("event_msg", { type, ...more });
}

export function message(role: string, text: string, more: object = {}): string {
  const type = role === "assistant" ? "output_text" : "input_text";
  return line("response_item", {
    type: "message",
    role,
    content: [{ type, text }],
    ...more,
  });
}

/** The first line of a log. */
export function meta(more: object = {}): string {
  return line("session_meta", {
    id: THREAD,
    timestamp: "2026-11-29T12:00:00.000Z",
    cwd: "/workspace/work",
    cli_version: "0.100.0",
    ...more,
  });
}

/** Bytes of lines; the last has no line end where `isTorn`. */
export function bytesOf(
  lines: readonly (string | Uint8Array)[],
  isTorn = false,
): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const parts = lines.flatMap((each) => [
    typeof each === "string" ? encoder.encode(each) : each,
    encoder.encode("\n"),
  ]);
  if (isTorn) parts.pop();
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

/** Reads a log, with what it reports. */
export function readLines(
  lines: readonly (string | Uint8Array)[],
  { limits = {}, isTorn = false }: {
    limits?: Partial<Limits>;
    isTorn?: boolean;
  } = {},
) {
  const left = [bytesOf(lines, isTorn)];
  const source = {
    readSync(buffer: Uint8Array): number | null {
      const [bytes] = left.splice(0);
      if (bytes === undefined) return null;
      const length = Math.min(bytes.length, buffer.length);
      buffer.set(bytes.subarray(0, length));
      if (length < bytes.length) left.push(bytes.subarray(length));
      return length;
    },
  };
  const diagnostics: Diagnostic[] = [];
  const log = readSessionLog(
    source,
    limitsWith(limits),
    (diagnostic) => diagnostics.push(diagnostic),
  );
  return { ...log, diagnostics };
}

/** Runs `use` with a log that is open for questions. */
export function withLog(
  lines: readonly string[],
  use: (session: TraceSession) => void,
): void {
  inFolder((folder) => {
    const path = `${folder}/${LOG_NAME}`;
    Deno.writeFileSync(path, bytesOf(lines));
    use(openSessionLog(path));
  });
}
