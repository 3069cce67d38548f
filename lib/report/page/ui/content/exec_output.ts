/**
 * What Codex writes above an output that it sends to the model: time, exit code, size.
 *
 * @module
 */

/** An output, and what is above it. */
export interface ExecOutput {
  /** The lines above the output; empty without any. */
  readonly head: readonly string[];
  readonly body: string;
}

const HEAD_LINE =
  /^(?:Chunk ID|Wall time|Exit code|Original token count|Total output lines)\b|^(?:Process (?:exited|running)|Script (?:completed|failed|running|terminated))\b/;
/** A head is short: an output of many such lines is none. */
const MAX_HEAD_LINES = 8;

/** Splits a text that the model received at its line `Output:`. */
export function execOutputOf(text: string): ExecOutput {
  const head: string[] = [];
  let at = 0;
  while (head.length <= MAX_HEAD_LINES) {
    const end = text.indexOf("\n", at);
    const line = text.slice(at, end === -1 ? text.length : end);
    if (line === "Output:" && head.length > 0) {
      return { head, body: end === -1 ? "" : text.slice(end + 1) };
    }
    if (end === -1 || !HEAD_LINE.test(line)) break;
    head.push(line);
    at = end + 1;
  }
  return { head: [], body: text };
}

/** Whether the process of an output still ran when the model received it. */
export function isStillRunning({ head }: ExecOutput): boolean {
  return head.some((line) => line.startsWith("Process running"));
}
