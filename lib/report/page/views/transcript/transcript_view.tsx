/**
 * The transcript view: what the model of a thread saw at an LLM request.
 *
 * @module
 */

import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import type { CallRow, Pointer } from "../../../report_data.ts";
import type { Model } from "../../model/model.ts";
import type { Go } from "../../state/use_route.ts";
import { type Aim, VirtualList } from "../../ui/virtual_list.tsx";
import type { ViewProps } from "../../view.ts";
import { Finding } from "../../ui/content/finding.ts";
import { ItemCard } from "./cards/item_card.tsx";
import { Kept, keptOf } from "./cards/kept_state.ts";
import { useHighlight } from "./find/highlight.ts";
import { useFind } from "./find/use_find.ts";
import { MarkRow } from "./mark_row.tsx";
import { Outline } from "./outline.tsx";
import type { Line, Mark } from "./reading.ts";
import { RequestBar } from "./request_bar.tsx";
import { NO_LINES, type Read, useAim, useReading } from "./use_reading.ts";

/** Properties of the transcript. */
export interface TranscriptProps extends ViewProps {
  /** The request, by id; null for none. */
  readonly at: string | null;
  /** The thread, by id; null for none. */
  readonly of: string | null;
  readonly go: Go;
}

export function TranscriptView(props: TranscriptProps) {
  const { model, selection, onSelect, go } = props;
  const [completeCall, setCompleteCall] = useState<string | null>(null);
  const read = useReading({
    ...props,
    isComplete: completeCall !== null && completeCall === props.at,
  });
  const [aim, setAim] = useAim(model, read, selection);
  const body = useRef<HTMLDivElement>(null);
  const find = useFind(
    model,
    read?.lines ?? NO_LINES,
    props.ready,
    (row) => setAim({ row, align: "start" }),
  );
  useHighlight(body, find.wanted);
  if (read === undefined) {
    return <p class="empty">No thread was recorded.</p>;
  }
  const { thread, call, calls, lines, firstNew } = read;
  const onCall = (next: CallRow | null) => {
    setAim(undefined);
    go({ at: next?.id ?? null, of: thread.id });
  };
  const toMark = (isIt: (mark: Mark) => boolean) => {
    const row = lines.findIndex((line) =>
      line.type === "mark" && isIt(line.mark)
    );
    if (row >= 0) setAim({ row, align: "start" });
  };
  const onFirstNew = firstNew === undefined
    ? undefined
    : () => setAim({ row: firstNew, align: "start" });
  return (
    <section
      class="transcript"
      aria-label="Transcript"
      onKeyDown={(event) => onKey(event, read, onCall, onFirstNew)}
    >
      <RequestBar
        {...{ model, onCall, onSelect, find, ...read }}
        onThread={(of) => go({ of, at: null })}
      />
      <div class="transcript-body" ref={body}>
        {lines.length === 0
          ? <p class="empty">Nothing here passes the filters.</p>
          : (
            <Kept.Provider value={keptOf(model)}>
              <Finding.Provider value={find.wanted}>
                <TranscriptLines
                  {...props}
                  {...{ read, aim }}
                  onKnown={() => setCompleteCall(call?.id ?? null)}
                />
              </Finding.Provider>
            </Kept.Provider>
          )}
        {calls.length < 2 ? null : (
          <Outline
            {...{ model, thread, calls, call }}
            onTurn={(turn) =>
              call === null
                ? toMark((mark) =>
                  mark.type === "turn" && mark.turn.id === turn.id
                )
                : onCall(
                  calls.find(({ turn_id: id }) => id === turn.id) ?? null,
                )}
            onCall={(next) =>
              call === null
                ? toMark((mark) =>
                  mark.type === "answer" && mark.call.id === next.id
                )
                : onCall(next)}
            onCompaction={(next) =>
              call === null
                ? toMark((mark) =>
                  mark.type === "compacted" && mark.compaction.id === next.id
                )
                : onSelect(["compaction", next.id])}
          />
        )}
      </div>
    </section>
  );
}

function TranscriptLines(
  props: TranscriptProps & {
    readonly read: Read;
    readonly aim: Aim | undefined;
    readonly onKnown: () => void;
  },
) {
  const { read: { thread, call, lines }, aim, ready, onSelect } = props;
  const keys = useMemo(() => lines.map(keyOf), [lines]);
  const keyOfRow = useCallback((i: number) => keys[i] ?? i, [keys]);
  return (
    <VirtualList
      key={`${thread.id} ${call?.id} ${ready}`}
      label="Items"
      count={lines.length}
      estimate={(i) => lines[i]?.type === "mark" ? 36 : 140}
      keyOf={keyOfRow}
      aim={aim}
      onOpen={(i) => open(lines[i], onSelect)}
      render={(i) => <TranscriptLine {...props} line={lines[i]} />}
    />
  );
}

/** A key that stays the same when other rows are added or removed. */
function keyOf(line: Line, row: number): string {
  return line.type === "item"
    ? `item ${line.item.id}`
    : `${line.mark.type} ${row}`;
}

function TranscriptLine(
  { model, line, selection, onSelect, onKnown }: {
    model: Model;
    line: Line | undefined;
    selection: Pointer | null;
    onSelect: (pointer: Pointer) => void;
    onKnown: () => void;
  },
) {
  if (line === undefined) return null;
  if (line.type === "mark") {
    return <MarkRow {...{ model, onSelect, onKnown }} mark={line.mark} />;
  }
  const { item, isNew, droppedBy } = line;
  return (
    <ItemCard
      model={model}
      item={item}
      isNew={isNew}
      droppedBy={droppedBy}
      selected={selection?.[0] === "item" && selection[1] === item.id}
      onSelect={onSelect}
    />
  );
}

function open(
  line: Line | undefined,
  onSelect: (pointer: Pointer) => void,
): void {
  if (line === undefined) return;
  if (line.type === "item") return onSelect(["item", line.item.id]);
  const { mark } = line;
  switch (mark.type) {
    case "answer":
    case "unrecorded":
    case "dropped":
      return onSelect(["inference_call", mark.call.id]);
    case "compacted":
      return onSelect(["compaction", mark.compaction.id]);
    case "turn":
      return onSelect(["turn", mark.turn.id]);
    case "known":
      return onSelect(["inference_call", mark.call.id]);
    case "inherited":
      return onSelect(["thread", mark.thread.id]);
    case "new":
      if (mark.since !== undefined) {
        onSelect(["inference_call", mark.since.id]);
      }
  }
}

function onKey(
  event: KeyboardEvent,
  { calls, call }: Read,
  onCall: (call: CallRow) => void,
  onFirstNew: (() => void) | undefined,
): void {
  const typing = event.target instanceof HTMLElement &&
    event.target.matches("input, select, textarea");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = call === null ? calls.length : calls.indexOf(call);
  const step = event.key === "[" ? -1 : event.key === "]" ? 1 : 0;
  const next = step === 0 ? undefined : calls[at + step];
  if (next !== undefined) onCall(next);
  else if (event.key === "u" && onFirstNew !== undefined) onFirstNew();
  else if (step === 0) return;
  event.preventDefault();
  event.stopPropagation();
}

/** Keys and what they do, for the help. */
export const TRANSCRIPT_KEYS:
  readonly (readonly [keys: string, what: string])[] = [
    ["j ↓ / k ↑", "next or previous item; in every list"],
    ["Home, End", "first or last item; in every list"],
    ["Enter", "details of the item; in every list"],
    ["[ / ]", "previous or next LLM request"],
    ["u", "first item that is new in this request"],
    ["/, n / N", "find in the transcript; next or previous match"],
  ];
