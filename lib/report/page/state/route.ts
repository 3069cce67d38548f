/**
 * The state of the page that is kept in the address after `#`: it is the same after a reload, and a
 * reader can share it.
 *
 * @module
 */

import {
  HANDLE_WORDS,
  OBJECT_KINDS,
} from "../../../query/session/names/object_kind.ts";
import type { Pointer } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import { TABLES } from "../model/objects.ts";
import type { Filters } from "../view.ts";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

/** A view of the page. */
export type ViewName =
  | "overview"
  | "timeline"
  | "transcript"
  | "agents"
  | "search"
  | "log";

/** Every view, in the order of the tabs. */
export const VIEWS: readonly ViewName[] = [
  "overview",
  "timeline",
  "transcript",
  "agents",
  "search",
  "log",
];

/** The view, its parameters, the selection and the filters. */
export interface Route {
  readonly view: ViewName;
  /** The object that the details show. */
  readonly selection: Pointer | null;
  /** The LLM request of the transcript: id of an inference call. */
  readonly at: string | null;
  /** The thread of the transcript, by id. */
  readonly of: string | null;
  /** The text to search for. */
  readonly query: string;
  readonly filters: Filters;
}

/** No filter. */
export const NO_FILTERS: Filters = { failed: false, tool: null, thread: null };

/** Reads the address; it ignores names of objects that the graph does not have. */
export function readRoute(hash: string, model: Model): Route {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const selection = selectionIn(words, model);
  const named = VIEWS.find((view) => view === words.get("view"));
  return {
    view: named ?? viewFor(selection),
    selection,
    at: idOf(model, "inference_call", words.get("at")),
    of: idOf(model, "thread", words.get("of")),
    query: words.get("q") ?? "",
    filters: {
      failed: words.get("failed") === "1",
      tool: words.get("kind"),
      thread: idOf(model, "thread", words.get("only")),
    },
  };
}

/** Writes the address. */
export function writeRoute(route: Route, model: Model): string {
  const words = new URLSearchParams();
  const { view, selection, at, of, query, filters } = route;
  words.set("view", view);
  if (selection !== null) {
    words.set(HANDLE_WORDS[selection[0]], shortOf(model, selection));
  }
  if (at !== null) words.set("at", shortOf(model, ["inference_call", at]));
  if (of !== null) words.set("of", shortOf(model, ["thread", of]));
  if (query !== "") words.set("q", query);
  if (filters.failed) words.set("failed", "1");
  if (filters.tool !== null) words.set("kind", filters.tool);
  if (filters.thread !== null) {
    words.set("only", shortOf(model, ["thread", filters.thread]));
  }
  return `#${words}`;
}

/** The view for an address that names an object and no view. */
function viewFor(selection: Pointer | null): ViewName {
  if (selection === null) return "overview";
  const [kind] = selection;
  if (kind === "item" || kind === "inference_call" || kind === "compaction") {
    return "transcript";
  }
  return kind === "edge" ? "agents" : "timeline";
}

function selectionIn(words: URLSearchParams, model: Model): Pointer | null {
  for (const kind of OBJECT_KINDS) {
    const id = idOf(model, kind, words.get(HANDLE_WORDS[kind]));
    if (id !== null) return [kind, id];
  }
  return null;
}

/** The number of a short name, or the id where there is none. */
function shortOf(model: Model, pointer: Pointer): string {
  const handle = model.handle(pointer);
  const word = `${HANDLE_WORDS[pointer[0]]}:`;
  const number = handle.startsWith(word) ? handle.slice(word.length) : "";
  return /^\d+$/.test(number) ? number : pointer[1];
}

/** The id of an object, named by its number, its short name, or its id. */
function idOf(
  model: Model,
  kind: Pointer[0],
  name: string | null,
): string | null {
  if (name === null) return null;
  if (model.row(kind, name) !== undefined) return name;
  const handle = /^\d+$/.test(name) ? `${HANDLE_WORDS[kind]}:${name}` : name;
  const rows: readonly { id: string; handle: string }[] =
    model.rows[TABLES[kind]];
  return rows.find((row) => row.handle === handle)?.id ?? null;
}

/** Pause in typing after which the address is updated, in milliseconds. */
const PAUSE = 250;

/** Changes the route; `quietly` adds no entry to the history of the browser. */
export type Go = (change: Partial<Route>, quietly?: boolean) => void;

/** The route, and a function that changes it. */
export function useRoute(model: Model): readonly [Route, Go] {
  const [route, setRoute] = useState(() => readRoute(location.hash, model));
  const latest = useRef(route);
  latest.current = route;
  const timer = useRef(0);
  const go = useCallback<Go>((change, quietly = false) => {
    const next = { ...latest.current, ...change };
    latest.current = next;
    clearTimeout(timer.current);
    const write = () => writeHash(writeRoute(next, model), quietly);
    // Browsers refuse too many changes of the address, such as one for each letter typed.
    if (change.query === undefined) write();
    else timer.current = setTimeout(write, PAUSE);
    setRoute(next);
  }, [model]);
  useEffect(() => {
    const follow = () => setRoute(readRoute(location.hash, model));
    addEventListener("hashchange", follow);
    addEventListener("popstate", follow);
    return () => {
      removeEventListener("hashchange", follow);
      removeEventListener("popstate", follow);
    };
  }, [model]);
  return [route, go];
}

function writeHash(hash: string, quietly: boolean): void {
  if (hash === location.hash) return;
  if (quietly) history.replaceState(null, "", hash);
  else history.pushState(null, "", hash);
}
