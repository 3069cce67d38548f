/**
 * The answer where nothing has the name that was typed: why, and what may have been meant.
 *
 * @module
 */

import { quote } from "../../errors.ts";
import { eventNumber } from "../../query/session/resolve_object.ts";
import {
  HANDLE_WORDS,
  OBJECT_KINDS,
  type ObjectKind,
} from "../../query/session/names/object_kind.ts";
import type { TraceSession } from "../../query/session/session.ts";
import { closestWord } from "../args/closest_word.ts";
import type { QueryResult } from "./query_command.ts";

/** The beginning of an id has at least as many letters. */
const MIN_PREFIX = 4;
/** Among more agents, none is looked for that is called nearly so. */
const MAX_AGENTS = 200;

/** The answer when no object of some kinds, by default of any, has the name that was typed. */
export async function unknownName(
  session: TraceSession,
  word: string,
  kinds: readonly ObjectKind[] = OBJECT_KINDS,
): Promise<QueryResult> {
  const lines = await unknownNameLines(session, word, kinds);
  return { found: false, data: null, lines: () => lines };
}

/** Why no object of some kinds has the name that was typed, and what to do. */
export async function unknownNameLines(
  session: TraceSession,
  word: string,
  kinds: readonly ObjectKind[],
): Promise<readonly string[]> {
  return linesOfEvent(session, word, kinds) ?? [
    `${nameOf(kinds)} is called ${quote(word)}`,
    `hint: ${await hintFor(session, word, kinds)}`,
  ];
}

/** What is wrong with the number of an event; `undefined` where the word is none. */
function linesOfEvent(
  session: TraceSession,
  word: string,
  kinds: readonly ObjectKind[],
): string[] | undefined {
  const seq = eventNumber(word);
  if (seq === undefined) return undefined;
  const { log } = session;
  const hint = `hint: ${existing(session, kinds) ?? GENERAL_HINT}`;
  if (log === null) {
    return [`a number means an event, and a state.json has none`, hint];
  }
  const event = log.at(seq)?.event;
  if (event !== undefined) {
    const { type } = event.payload;
    return kinds.every((kind) => kind === "inference_call")
      ? [`no LLM request had started by event ${seq} (${type})`, hint]
      : [`event ${seq} (${type}) is about ${noneOf(kinds)}`, hint];
  }
  const [first, last] = [log.events[0], log.events.at(-1)];
  const has = first === undefined || last === undefined
    ? "no event could be read"
    : `the log has events ${first.event.seq} to ${last.event.seq}`;
  return [`there is no event ${seq}: ${has}`];
}

const GENERAL_HINT =
  "show and timeline print the names of objects, such as call:1 or tool:1";

async function hintFor(
  session: TraceSession,
  word: string,
  kinds: readonly ObjectKind[],
): Promise<string> {
  const [, start, number] = /^([a-z_]{1,20}):(\w{1,20})$/.exec(word) ?? [];
  if (start !== undefined && number !== undefined) {
    return await hintForHandle(session, start, number, kinds);
  }
  const agent = kinds.includes("thread")
    ? await closestWord(word, agentsOf(session))
    : undefined;
  if (agent !== undefined) return `did you mean ${agent}?`;
  const there = kinds.length < OBJECT_KINDS.length
    ? existing(session, kinds)
    : undefined;
  if (there !== undefined) return there;
  return word.length < MIN_PREFIX
    ? `the beginning of an id needs ${MIN_PREFIX} letters; ${GENERAL_HINT}`
    : GENERAL_HINT;
}

async function hintForHandle(
  session: TraceSession,
  start: string,
  number: string,
  kinds: readonly ObjectKind[],
): Promise<string> {
  const words = kinds.map((kind) => HANDLE_WORDS[kind]);
  if (!words.includes(start)) {
    const meant = await closestWord(start, words);
    const handle = `${meant}:${number}`;
    const found = session.names.resolve(handle, kinds);
    if (found.type === "found") return `did you mean ${handle}?`;
  }
  const named = kinds.filter((kind) => HANDLE_WORDS[kind] === start);
  return existing(session, named.length > 0 ? named : kinds) ?? GENERAL_HINT;
}

/** The objects of a kind that there are; `undefined` where many kinds are meant. */
function existing(
  { names }: TraceSession,
  [kind, ...others]: readonly ObjectKind[],
): string | undefined {
  if (kind === undefined || others.length > 0) return undefined;
  const all = names.all(kind);
  const [first, last] = [all[0], all.at(-1)];
  if (first === undefined || last === undefined) {
    return `there is no ${spaced(kind)} in this session`;
  }
  if (all.length === 1) return `there is only ${first.handle}`;
  const between = all.length === 2 ? "and" : "…";
  return `there are ${first.handle} ${between} ${last.handle}`;
}

function agentsOf({ trace }: TraceSession): string[] {
  if (trace.threads.size > MAX_AGENTS) return [];
  return [...trace.threads.values()].flatMap(({ agent_path, nickname }) =>
    nickname === null ? [agent_path] : [agent_path, nickname]
  );
}

function nameOf(kinds: readonly ObjectKind[]): string {
  const [kind, ...others] = kinds;
  return kind === undefined || others.length > 0
    ? "nothing"
    : `no ${spaced(kind)}`;
}

function noneOf(kinds: readonly ObjectKind[]): string {
  const name = nameOf(kinds);
  return name === "nothing" ? "no object of the graph" : name;
}

function spaced(kind: ObjectKind): string {
  return kind.replaceAll("_", " ");
}
