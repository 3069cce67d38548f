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
import { type Places, readPlaces, writePlaces } from "./places.ts";
import { type ViewName, VIEWS } from "./view_name.ts";

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
  readonly tab: DetailsTab;
  /** Where the reader is in the views. */
  readonly places: Places;
  /** Whether the page loads itself again; only that of a session that is recorded does. */
  readonly reloads: boolean;
}

export type DetailsTab = "overview" | "evidence" | "raw";

/** The tabs of the details, in order. */
export const DETAILS_TABS: readonly DetailsTab[] = [
  "overview",
  "evidence",
  "raw",
];

export const NO_FILTERS: Filters = { failed: false, tool: null, thread: null };

/** Reads the address; it ignores names of objects that the graph does not have. */
export function readRoute(hash: string, model: Model): Route {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const selection = selectionIn(words, model);
  const view = VIEWS.find((each) => each === words.get("view")) ??
    viewFor(selection);
  const { start, end } = model.span();
  const limits = { duration: end - start, lanes: model.rows.threads.length };
  return {
    view,
    selection,
    at: idOf(model, "inference_call", words.get("at")),
    of: idOf(model, "thread", words.get("of")),
    query: words.get("q") ?? "",
    filters: {
      failed: words.get("failed") === "1",
      tool: words.get("kind"),
      thread: idOf(model, "thread", words.get("only")),
    },
    tab: DETAILS_TABS.find((each) => each === words.get("tab")) ?? "overview",
    places: readPlaces(words, view, limits),
    reloads: model.watch !== null && words.get("reload") === "1",
  };
}

/** Writes the address. */
export function writeRoute(route: Route, model: Model): string {
  const words = new URLSearchParams();
  const { view, selection, at, of, query, filters, tab, places } = route;
  const { reloads } = route;
  if (model.session > 1) words.set("s", `${model.session}`);
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
  if (selection !== null && tab !== "overview") words.set("tab", tab);
  writePlaces(words, view, places);
  if (reloads) words.set("reload", "1");
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
