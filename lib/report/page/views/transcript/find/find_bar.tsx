/**
 * The field of the search inside a transcript, and its keys.
 *
 * @module
 */

import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { countOf } from "../../../ui/figures.ts";
import { Icon } from "../../../ui/icon.tsx";
import type { Find } from "./use_find.ts";

/** The field, the number of rows found, and the steps to the next and the previous. */
export function FindBar({ find }: { readonly find: Find }) {
  const field = useRef<HTMLInputElement>(null);
  useFindKeys(field, find);
  const { query, setQuery, rows, at, step } = find;
  return (
    <span class="find-bar">
      <input
        ref={field}
        type="search"
        aria-label="Find in this transcript"
        placeholder="find (/)"
        value={query}
        onInput={({ currentTarget: { value } }) => setQuery(value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          step(event.shiftKey ? -1 : 1);
          event.preventDefault();
        }}
      />
      <span class="faint num" role="status">
        {find.isPending ? "" : countText(query, rows, at)}
      </span>
      <StepButton name="Previous match (N)" by={-1} find={find} />
      <StepButton name="Next match (n)" by={1} find={find} />
    </span>
  );
}

function countText(query: string, rows: readonly number[], at: number): string {
  if (query.trim() === "") return "";
  if (rows.length === 0) return "none";
  return at === -1
    ? `${countOf(rows.length)} items`
    : `${countOf(at + 1)} of ${countOf(rows.length)}`;
}

function StepButton(
  { name, by, find }: { name: string; by: 1 | -1; find: Find },
) {
  return (
    <button
      type="button"
      class="tool-button"
      title={name}
      disabled={find.rows.length === 0}
      onClick={() => find.step(by)}
    >
      <span class={by === -1 ? "flip" : ""}>
        <Icon name="open" />
      </span>
      <span class="sr-only">{name}</span>
    </button>
  );
}

/** `/` moves to the field, `n` and `N` step, from everywhere on the page. */
function useFindKeys(
  field: RefObject<HTMLInputElement | null>,
  find: Find,
): void {
  const latest = useRef(find);
  latest.current = find;
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement &&
        event.target.closest("input, textarea, select, dialog") !== null;
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      const { rows, step } = latest.current;
      if (event.key === "/") field.current?.focus();
      else if (event.key === "n" && rows.length > 0) step(1);
      else if (event.key === "N" && rows.length > 0) step(-1);
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    // Before the keys of the page, for which `/` is the search view.
    document.addEventListener("keydown", listen, { capture: true });
    return () =>
      document.removeEventListener("keydown", listen, { capture: true });
  }, [field]);
}
