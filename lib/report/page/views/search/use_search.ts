/**
 * The search: the texts of the session with their objects, searched in slices of time, so that the
 * page stays responsive.
 *
 * @module
 */

import { truncate } from "../../../../text/truncate.ts";
import { anyCase, firstMatch } from "../../ui/content/first_match.ts";
import type { Pointer, TextRef } from "../../../report_data.ts";
import type { Model } from "../../model/model.ts";
import { isFailed, labelOf, threadOf } from "../../model/names.ts";
import { useLayoutEffect, useState } from "preact/hooks";
import type { Filters } from "../../view.ts";

/** A text that can be found. */
export interface Entry {
  readonly pointer: Pointer;
  /** The part of the object that it is. */
  readonly field: string;
  /** The text, its index among the long texts, or a function that reads it. */
  readonly text: string | TextRef | (() => string);
}

/** Every text of a session, object by object. */
function* entriesOf(model: Model): Generator<Entry> {
  const { rows } = model;
  for (const { id, parts } of rows.items) {
    for (const { type, text } of parts) {
      if (text !== null && type !== "encoded") {
        yield { pointer: ["item", id], field: type, text };
      }
    }
  }
  yield* runtimeEntries(model);
  for (const event of rows.events) {
    const [pointer] = event.about;
    if (event.error !== null && pointer !== undefined) {
      yield { pointer, field: "error", text: event.error };
    }
  }
  yield* nameEntries(model);
  // Last: most payload text is also found above, in a form that is easier to read.
  for (const row of rows.payloads) {
    if (row.block === null) continue;
    const text = () => model.payloadText(row) ?? "";
    yield { pointer: ["payload", row.id], field: "raw payload", text };
  }
}

function* runtimeEntries({ rows }: Model): Generator<Entry> {
  for (const { id, input, output, operation_id: operation } of rows.tools) {
    if (operation !== null) continue;
    const pointer: Pointer = ["tool_call", id];
    if (input !== null) yield { pointer, field: "input", text: input };
    if (output !== null) yield { pointer, field: "output", text: output };
  }
  for (const { id, input, stdout, stderr, formatted } of rows.operations) {
    const pointer: Pointer = ["terminal_operation", id];
    yield { pointer, field: "command", text: input };
    if (stdout !== null) {
      yield { pointer, field: "standard output", text: stdout };
    }
    if (stderr !== null) {
      yield { pointer, field: "standard error", text: stderr };
    }
    if (formatted !== null && formatted !== stdout) {
      yield { pointer, field: "for the model", text: formatted };
    }
  }
  for (const { id, source } of rows.cells) {
    yield { pointer: ["code_cell", id], field: "JavaScript", text: source };
  }
}

/** Names: short ones, ids, labels, and what else an object is known by. */
function* nameEntries(model: Model): Generator<Entry> {
  const { rows } = model;
  const names = (
    pointer: Pointer,
    handle: string,
    ...more: (string | null)[]
  ) => ({
    pointer,
    field: "name",
    text: [handle, pointer[1], labelOf(model, pointer), ...more]
      .filter((each) => each !== null).join(" · "),
  });
  for (
    const { id, handle, agent_path: path, task_name: task } of rows.threads
  ) {
    yield names(["thread", id], handle, path, task);
  }
  for (const { id, handle } of rows.turns) yield names(["turn", id], handle);
  for (const { id, handle, call_id: call } of rows.items) {
    yield names(["item", id], handle, call);
  }
  for (const { id, handle, response_id: response } of rows.calls) {
    yield names(["inference_call", id], handle, response);
  }
  for (const { id, handle, call_id: call } of rows.tools) {
    yield names(["tool_call", id], handle, call);
  }
  for (const { id, handle } of rows.cells) {
    yield names(["code_cell", id], handle);
  }
  for (const { id, handle } of rows.compactions) {
    yield names(["compaction", id], handle);
  }
  for (const { id, handle } of rows.edges) yield names(["edge", id], handle);
  for (const { id, handle, path } of rows.payloads) {
    yield names(["payload", id], handle, path);
  }
}

function textOf(model: Model, { text }: Entry): string {
  switch (typeof text) {
    case "number":
      return model.text(text);
    case "function":
      return text();
    default:
      return text;
  }
}

/** A text that matches, with an excerpt around the match. */
export interface Hit {
  readonly entry: Entry;
  readonly before: string;
  readonly match: string;
  readonly after: string;
  /** Number of matches in this text, at least 1. */
  readonly count: number;
}

/** The matches so far. */
export interface SearchResult {
  readonly hits: readonly Hit[];
  readonly done: boolean;
  /** Whether there may be more hits than are listed. */
  readonly truncated: boolean;
}

/** Maximum time of one slice of the search, in milliseconds. */
const SLICE = 12;
/** Maximum number of hits that are listed. */
export const MAX_HITS = 2000;
const AROUND = 90;
const NO_RESULT: SearchResult = { hits: [], done: true, truncated: false };

/** Searches for a text without regard to case. */
export function useSearch(
  model: Model,
  query: string,
  filters: Filters,
  ready: boolean,
): SearchResult {
  const [found, setFound] = useState(NO_RESULT);
  useLayoutEffect(() => {
    const wanted = anyCase(query.trim());
    if (wanted === undefined || !ready) return setFound(NO_RESULT);
    const entries = entriesOf(model);
    const hits: Hit[] = [];
    let timer = 0;
    const step = () => {
      const until = performance.now() + SLICE;
      while (performance.now() < until) {
        const { value: entry, done } = entries.next();
        if (done || hits.length >= MAX_HITS) {
          return setFound({ hits, done: true, truncated: !done });
        }
        const hit = passes(model, entry, filters)
          ? hitIn(entry, textOf(model, entry), wanted)
          : undefined;
        if (hit !== undefined) hits.push(hit);
      }
      setFound({ hits: hits.slice(), done: false, truncated: false });
      timer = setTimeout(step);
    };
    step();
    return () => clearTimeout(timer);
  }, [model, query, filters, ready]);
  return found;
}

function passes(
  model: Model,
  { pointer }: Entry,
  { failed, tool, thread }: Filters,
): boolean {
  if (failed && !isFailed(model, pointer)) return false;
  if (tool !== null) {
    const id = pointer[0] === "terminal_operation"
      ? model.operation(pointer[1])?.tool_id
      : pointer[0] === "tool_call"
      ? pointer[1]
      : undefined;
    if (id === undefined || model.tool(id)?.kind !== tool) return false;
  }
  return thread === null || threadOf(model, pointer) === thread;
}

function hitIn(
  entry: Entry,
  text: string,
  wanted: RegExp,
): Hit | undefined {
  const match = firstMatch(text, wanted);
  if (match === undefined) return undefined;
  const { start, end, count } = match;
  return {
    entry,
    before: (start > AROUND ? "…" : "") +
      text.slice(Math.max(0, start - AROUND), start),
    match: text.slice(start, end),
    after: truncate(text.slice(end), AROUND),
    count,
  };
}
