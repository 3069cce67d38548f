/**
 * Ways in which a bundle loses evidence.
 *
 * @module
 */

import { copySync } from "@std/fs";
import { join } from "@std/path";
import type { Raw } from "../raw_session.ts";

/** A copy of a bundle to be damaged. */
export interface Copy {
  readonly folder: string;
  /** Lines of the log, with their ends. */
  readonly lines: string[];
  /** The events of the lines. */
  readonly events: readonly Raw[];
}

/** Damages a copy; `false` where the bundle has nothing that the damage is of. */
type Damage = (copy: Copy) => boolean;

/** The line of the event for which `isMeant` is, nearest to the middle of the log. */
function middleOf(
  { events }: Copy,
  isMeant: (payload: Raw) => boolean,
): number | undefined {
  const half = events.length / 2;
  return events.flatMap(({ payload }, at) => isMeant(payload) ? [at] : [])
    .toSorted((a, b) => Math.abs(a - half) - Math.abs(b - half))[0];
}

function changeLine(
  copy: Copy,
  at: number | undefined,
  change: (line: string) => string,
): boolean {
  const line = at === undefined ? undefined : copy.lines[at];
  if (at === undefined || line === undefined) return false;
  copy.lines[at] = change(line);
  return true;
}

function loseLine(copy: Copy, at: number | undefined): boolean {
  return changeLine(copy, at, () => "");
}

function loseEvent(type: string): Damage {
  return (copy) => loseLine(copy, middleOf(copy, (each) => each.type === type));
}

/** A payload file, or a shard, that an event in the middle of the log names. */
function payloadFile(copy: Copy): string | undefined {
  const at = middleOf(
    copy,
    (payload) => payload.type === "inference_completed",
  );
  const ref = at === undefined
    ? undefined
    : copy.events[at].payload.response_payload;
  if (ref === null || ref === undefined) return undefined;
  if (ref.path !== undefined) return join(copy.folder, ref.path);
  if (ref.capture !== undefined || ref.parts !== undefined) return undefined;
  const name = `${String(ref.shard).padStart(6, "0")}.zst`;
  return join(copy.folder, "payloads", name);
}

function truncatedFile(copy: Copy, part: number): boolean {
  const file = payloadFile(copy);
  if (file === undefined) return false;
  const bytes = Deno.readFileSync(file);
  Deno.writeFileSync(file, bytes.slice(0, Math.floor(bytes.length * part)));
  return true;
}

/** The damages, by what they do. */
export const DAMAGES: Readonly<Record<string, Damage>> = {
  "the first line is lost": (copy) => loseLine(copy, 0),
  "a line in the middle is lost": (copy) =>
    loseLine(copy, Math.floor(copy.lines.length / 2)),
  "a request is lost": loseEvent("inference_started"),
  "a response is lost": loseEvent("inference_completed"),
  "a failure is lost": loseEvent("inference_failed"),
  "the start of a tool call is lost": loseEvent("tool_call_started"),
  "the end of a tool call is lost": loseEvent("tool_call_ended"),
  "the start of a thread is lost": (copy) =>
    loseLine(
      copy,
      copy.events.findLastIndex(({ payload }) =>
        payload.type === "thread_started"
      ),
    ),
  "the last line is lost": (copy) => loseLine(copy, copy.lines.length - 1),
  "the last quarter is lost": (copy) => {
    copy.lines.length = Math.ceil(copy.lines.length * 3 / 4);
    return true;
  },
  "the last line is truncated": (copy) =>
    changeLine(
      copy,
      copy.lines.length - 1,
      (line) => line.slice(0, line.length / 2),
    ),
  "a line is truncated in front of the next": (copy) =>
    changeLine(
      copy,
      Math.floor(copy.lines.length / 2),
      (line) => line.slice(0, line.length / 2),
    ),
  "a block is NUL bytes": (copy) =>
    changeLine(
      copy,
      Math.floor(copy.lines.length / 2),
      (line) => "\0".repeat(line.length),
    ),
  "an event is of an unknown type": (copy) =>
    changeLine(
      copy,
      middleOf(copy, ({ type }) => type === "inference_completed"),
      (line) => line.replace('"inference_completed"', '"unknown_event"'),
    ),
  "a payload is lost": (copy) => {
    const file = payloadFile(copy);
    if (file !== undefined) Deno.removeSync(file);
    return file !== undefined;
  },
  "a payload is truncated": (copy) => truncatedFile(copy, 0.5),
  "a payload ends early": (copy) => truncatedFile(copy, 0.9),
  "the start of a turn is lost": loseEvent("codex_turn_started"),
  "the end of a turn is lost": loseEvent("codex_turn_ended"),
  "the end of the session is lost": loseEvent("rollout_ended"),
  "a field of the manifest is lost": ({ folder }) => {
    const path = join(folder, "manifest.json");
    const { started_at_unix_ms: _, ...manifest } = JSON.parse(
      Deno.readTextFileSync(path),
    );
    Deno.writeTextFileSync(path, JSON.stringify(manifest, null, 2));
    return true;
  },
};

/** What became of a damaged copy. */
export interface Damaged {
  /** Whether the log is as it was at an earlier moment: nothing shows that lines followed. */
  readonly endsEarlier: boolean;
}

/** Writes a damaged copy of a bundle; null where the damage is not possible. */
export function writeDamaged(
  from: string,
  to: string,
  damage: string,
): Damaged | null {
  copySync(from, to);
  const log = join(to, "trace.jsonl");
  const text = Deno.readTextFileSync(log);
  const lines = text.split(/(?<=\n)/);
  const events = lines.map((line) => JSON.parse(line));
  if (DAMAGES[damage]?.({ folder: to, lines, events }) !== true) return null;
  const damaged = lines.join("");
  Deno.writeTextFileSync(log, damaged);
  const endsEarlier = damaged !== text && damaged.endsWith("\n") &&
    text.startsWith(damaged);
  return { endsEarlier };
}
