/**
 * A long list that renders only the rows in view; arrow keys, j and k move from row to row.
 *
 * @module
 */

import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from "@tanstack/virtual-core";
import type { ComponentChildren, RefObject } from "preact";
import {
  useContext,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from "preact/hooks";
import { usePlaces } from "../state/place_keeper.ts";
import { Printing } from "./printing.ts";

/** Properties of a list. */
export interface VirtualListProps extends VirtualOptions {
  /** Name of the list for screen readers. */
  readonly label: string;
  readonly render: (index: number) => ComponentChildren;
  /** Called with the row on which Enter was pressed. */
  readonly onOpen: (index: number) => void;
  /** A row to scroll into view; the list scrolls whenever this is another object. */
  readonly aim?: Aim | undefined;
}

/** A row to scroll into view. */
export interface Aim {
  readonly row: number;
  /** `auto` does not scroll if the row is in view already. */
  readonly align: "auto" | "start";
}

export function VirtualList(props: VirtualListProps) {
  const printing = useContext(Printing);
  return printing ? <PrintedList {...props} /> : <ScrolledList {...props} />;
}

function PrintedList({ count, keyOf, render, label }: VirtualListProps) {
  const rows = Math.min(count, MAX_PRINTED);
  return (
    <div class="printed" role="feed" aria-label={label}>
      {Array.from(
        { length: rows },
        (_, i) => <article key={keyOf(i)}>{render(i)}</article>,
      )}
      {rows < count ? <p>{`${count - rows} more are not printed`}</p> : null}
    </div>
  );
}

function ScrolledList(props: VirtualListProps) {
  const { count, label, render, onOpen } = props;
  const virtual = useVirtual(props);
  const { scroller, list } = virtual;
  const keeper = usePlaces();
  const [current, setCurrent, goTo] = useCurrent(
    props,
    virtual,
    keeper.places().scroll[keeper.view] ?? 0,
  );
  const onKeyDown = (event: KeyboardEvent) => {
    const next = stepOf(event.key, current, count);
    const inRow = event.target instanceof HTMLElement &&
      event.target.matches("article, .scroller");
    if (next !== undefined && !event.ctrlKey && !event.metaKey) goTo(next);
    else if (event.key === "Enter" && inRow) onOpen(current);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={scroller}
      class="scroller"
      role="feed"
      aria-label={label}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={({ currentTarget: { scrollTop } }) =>
        keeper.keepScroll(list.getVirtualItemForOffset(scrollTop)?.index ?? 0)}
    >
      <div class="scrolled" style={{ height: `${list.getTotalSize()}px` }}>
        {list.getVirtualItems().map((item) => (
          <Row
            key={item.key}
            {...{ item, count, list, render }}
            isCurrent={item.index === current}
            onEnter={setCurrent}
          />
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  readonly item: VirtualItem;
  readonly count: number;
  readonly list: Virtual["list"];
  readonly isCurrent: boolean;
  readonly onEnter: (index: number) => void;
  readonly render: VirtualListProps["render"];
}

/** A row at its offset; its height is measured as soon as it is rendered. */
function Row({ item, count, list, isCurrent, onEnter, render }: RowProps) {
  const { index, start } = item;
  // The list is rendered with every step that it scrolls, and most rows only move.
  const content = useMemo(() => render(index), [render, index]);
  return (
    <article
      ref={list.measureElement}
      data-index={index}
      tabIndex={-1}
      aria-posinset={index + 1}
      aria-setsize={count}
      class={isCurrent ? "row current" : "row"}
      style={{ transform: `translateY(${start}px)` }}
      onFocusIn={() => onEnter(index)}
    >
      {content}
    </article>
  );
}

/**
 * The current row: set by `aim`, by focus, or by a key. A list that the reader returns to shows
 * the row `kept` again, and does not scroll to its first aim.
 */
function useCurrent(
  { count, aim }: VirtualListProps,
  { scroller, list }: Virtual,
  kept: number,
): readonly [number, (row: number) => void, (row: number) => void] {
  const [current, setCurrent] = useState(aim?.row ?? kept);
  const focusNext = useRef(false);
  const returned = useRef(kept > 0);
  useLayoutEffect(() => {
    if (kept > 0) {
      list.scrollToIndex(Math.min(kept, count - 1), { align: "start" });
    }
  }, [list]);
  useLayoutEffect(() => {
    if (aim === undefined) return;
    setCurrent(aim.row);
    if (!returned.current) list.scrollToIndex(aim.row, { align: aim.align });
    returned.current = false;
  }, [aim, list]);
  // Before the next key: a row that gets the focus later would become the current one again.
  useLayoutEffect(() => {
    const list = scroller.current;
    if (!focusNext.current || list === null) return;
    const row = list.querySelector<HTMLElement>(`[data-index="${current}"]`);
    // A row that is not rendered yet is focused as soon as it is; until then the list has the keys.
    focusNext.current = row === null && list.contains(document.activeElement);
    if (focusNext.current || row !== null) {
      (row ?? list).focus({ preventScroll: true });
    }
  });
  const goTo = (index: number) => {
    const next = Math.max(0, Math.min(count - 1, index));
    focusNext.current = true;
    setCurrent(next);
    list.scrollToIndex(next, { align: "auto" });
  };
  return [current, setCurrent, goTo];
}

function stepOf(
  key: string,
  current: number,
  count: number,
): number | undefined {
  switch (key) {
    case "j":
    case "ArrowDown":
      return current + 1;
    case "k":
    case "ArrowUp":
      return current - 1;
    case "Home":
    case "g":
      return 0;
    case "End":
    case "G":
      return count - 1;
    default:
      return undefined;
  }
}

/** Maximum number of rows of a list in print. */
const MAX_PRINTED = 3000;

/** What a list is made of. */
export interface VirtualOptions {
  readonly count: number;
  /** The height a row probably has, in CSS pixels. */
  readonly estimate: (index: number) => number;
  /** Returns the key of a row. All rows are laid out again when this is another function. */
  readonly keyOf: (index: number) => string | number;
}

/** The keys of rows that are never inserted or removed: their places. */
export const keyOfPlace = (index: number): number => index;

/** The list, and where it scrolls. */
export interface Virtual {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly list: Virtualizer<HTMLDivElement, HTMLElement>;
}

/** Keeps a list. */
export function useVirtual(
  { count, estimate, keyOf }: VirtualOptions,
): Virtual {
  const scroller = useRef<HTMLDivElement>(null);
  const [, redraw] = useReducer<number, void>((n) => n + 1, 0);
  const kept = useRef<Virtualizer<HTMLDivElement, HTMLElement> | null>(null);
  const options = {
    count,
    estimateSize: estimate,
    getItemKey: keyOf,
    getScrollElement: () => scroller.current,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    overscan: 6,
    initialRect: { width: 800, height: 900 },
    onChange: () => redraw(),
  };
  const list = kept.current ??= new Virtualizer(options);
  list.setOptions(options);
  useLayoutEffect(() => list._didMount(), [list]);
  useLayoutEffect(() => list._willUpdate());
  return { scroller, list };
}
