/**
 * The search over all texts of the page.
 *
 * @module
 */

import { useLayoutEffect, useRef } from "preact/hooks";
import type { Go } from "../../state/use_route.ts";
import { counted, countOf } from "../../ui/figures.ts";
import { Icon } from "../../ui/icon.tsx";
import { ObjectLink } from "../../ui/object_link.tsx";
import { escapeText } from "../../ui/escape.ts";
import { keyOfPlace, VirtualList } from "../../ui/virtual_list.tsx";
import type { ViewProps } from "../../view.ts";
import {
  type Hit,
  MAX_HITS,
  type SearchResult,
  useSearch,
} from "./use_search.ts";

/** Properties of the search. */
export interface SearchProps extends ViewProps {
  readonly query: string;
  readonly go: Go;
}

/** A field, and what was found. */
export function SearchView(props: SearchProps) {
  const { model, query, filters, ready, onSelect } = props;
  const found = useSearch(model, query, filters, ready);
  const { hits, done } = found;
  return (
    <section class="search" aria-label="Search">
      <SearchBar {...props} message={messageOf(query, found)} />
      {query.trim() === ""
        ? <WhatIsSearched />
        : hits.length === 0
        ? <p class="empty">{done ? "Nothing found." : "Searching …"}</p>
        : (
          <VirtualList
            label="SearchResult"
            count={hits.length}
            estimate={() => 58}
            keyOf={keyOfPlace}
            onOpen={(i) => {
              const hit = hits[i];
              if (hit !== undefined) onSelect(hit.entry.pointer);
            }}
            render={(i) => <HitRow {...props} hit={hits[i]} />}
          />
        )}
    </section>
  );
}

function WhatIsSearched() {
  return (
    <p class="empty">
      Searches model input and output, commands and their output, code, errors,
      names and ids, and the raw payloads in this page. The filters apply here,
      too.
    </p>
  );
}

function SearchBar(
  { query, go, message }: Pick<SearchProps, "query" | "go"> & {
    message: string;
  },
) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  return (
    <div class="search-bar" role="search">
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        value={query}
        placeholder="Search messages, commands, outputs, code, errors, ids …"
        aria-label="Search for"
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => go({ query: event.currentTarget.value }, true)}
        onKeyDown={(event) => {
          const next = event.key === "ArrowDown" || event.key === "Enter";
          if (next) focusFirst(event);
        }}
      />
      <span class="faint" role="status">{message}</span>
    </div>
  );
}

function HitRow(
  { model, hit, onSelect, selection }: ViewProps & { hit: Hit | undefined },
) {
  if (hit === undefined) return null;
  const { entry: { pointer, field }, before, match, after, count } = hit;
  const selected = selection?.[0] === pointer[0] &&
    selection[1] === pointer[1];
  return (
    <div
      class={`card hit ${selected ? "selected" : ""}`}
      onClick={() => onSelect(pointer)}
    >
      <div class="card-head">
        <ObjectLink model={model} pointer={pointer} onSelect={onSelect} />
        <span class="faint">{field}</span>
        {count > 1 ? <span class="badge">{countOf(count)} times</span> : null}
      </div>
      <bdi class="snippet">
        {escapeText(before)}
        <mark>{escapeText(match)}</mark>
        {escapeText(after)}
      </bdi>
    </div>
  );
}

function messageOf(
  query: string,
  { hits, done, truncated }: SearchResult,
): string {
  if (query.trim() === "") return "";
  if (truncated) return `the first ${countOf(MAX_HITS)}`;
  return `${counted(hits.length, "hit")}${done ? "" : " so far"}`;
}

function focusFirst(event: KeyboardEvent): void {
  event.preventDefault();
  const { currentTarget: field } = event;
  if (!(field instanceof HTMLElement)) return;
  field.closest("section")?.querySelector<HTMLElement>(".scroller .row")
    ?.focus();
}
