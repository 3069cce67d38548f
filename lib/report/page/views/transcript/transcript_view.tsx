/**
 * The transcript view: what the model of a thread saw at an LLM request.
 *
 * @module
 */

import type { CallRow, Pointer } from "../../../report_data.ts";
import type { Model } from "../../model/model.ts";
import type { Go } from "../../state/use_route.ts";
import { type Aim, VirtualList } from "../../ui/virtual_list.tsx";
import type { ViewProps } from "../../view.ts";
import { ItemCard } from "./cards/item_card.tsx";
import { MarkRow } from "./mark_row.tsx";
import type { Line } from "./reading.ts";
import { RequestBar } from "./request_bar.tsx";
import { type Read, useAim, useReading } from "./use_reading.ts";

/** Properties of the transcript. */
export interface TranscriptProps extends ViewProps {
  /** The request, by id; null for none. */
  readonly at: string | null;
  /** The thread, by id; null for none. */
  readonly of: string | null;
  readonly go: Go;
}

/** A transcript. */
export function TranscriptView(props: TranscriptProps) {
  const { model, selection, onSelect, go } = props;
  const read = useReading(props);
  const [aim, setAim] = useAim(model, read, selection);
  if (read === undefined) {
    return <p class="empty">No thread was recorded.</p>;
  }
  const { thread, lines, firstNew } = read;
  const onCall = (next: CallRow | null) => {
    setAim(undefined);
    go({ at: next?.id ?? null, of: thread.id });
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
        {...{ model, onCall, onFirstNew, onSelect, ...read }}
        onThread={(of) => go({ of, at: null })}
      />
      {lines.length === 0
        ? <p class="empty">Nothing here passes the filters.</p>
        : <TranscriptLines {...props} read={read} aim={aim} />}
    </section>
  );
}

function TranscriptLines(
  props: TranscriptProps & {
    readonly read: Read;
    readonly aim: Aim | undefined;
  },
) {
  const { read: { thread, call, lines }, aim, ready, onSelect } = props;
  return (
    <VirtualList
      key={`${thread.id} ${call?.id} ${ready}`}
      label="Items"
      count={lines.length}
      estimate={(i) => lines[i]?.type === "mark" ? 36 : 140}
      keyOf={(i) => i}
      aim={aim}
      onOpen={(i) => open(lines[i], onSelect)}
      render={(i) => <TranscriptLine {...props} line={lines[i]} />}
    />
  );
}

function TranscriptLine(
  { model, line, selection, onSelect }: {
    model: Model;
    line: Line | undefined;
    selection: Pointer | null;
    onSelect: (pointer: Pointer) => void;
  },
) {
  if (line === undefined) return null;
  if (line.type === "mark") {
    return <MarkRow model={model} mark={line.mark} onSelect={onSelect} />;
  }
  const { item, isNew } = line;
  return (
    <ItemCard
      model={model}
      item={item}
      isNew={isNew}
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
  else if (event.key === "n" && onFirstNew !== undefined) onFirstNew();
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
    ["n", "first item that is new in this request"],
  ];
