/**
 * The transcript of a thread, as its model saw it at a request.
 *
 * @module
 */

import { useEffect, useMemo, useState } from "preact/hooks";
import type { CallRow, Pointer, ThreadRow } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import { isFailed, threadOf } from "../model/names.ts";
import type { Go } from "../state/use_place.ts";
import { type Aim, VirtualList } from "../ui/virtual_list.tsx";
import type { Filters, ViewProps } from "../view.ts";
import { ItemCard } from "./item_card.tsx";
import { MarkRow } from "./mark_row.tsx";
import {
  callsOf,
  type Line,
  readCall,
  type Reading,
  readThread,
} from "./reading.ts";
import { RequestBar } from "./request_bar.tsx";

/** What the transcript is given. */
export interface TranscriptProps extends ViewProps {
  /** The request it is read at. */
  readonly at: string | null;
  /** The thread it is read of. */
  readonly of: string | null;
  readonly go: Go;
}

/** A transcript. */
export function TranscriptView(props: TranscriptProps) {
  const { model, selection, onSelect, filters, go, ready } = props;
  const { thread, call } = useMemo(
    () => whatToRead(model, props),
    [model, props.at, props.of, selection, filters.thread],
  );
  const calls = useMemo(
    () => thread === undefined ? [] : callsOf(model, thread),
    [model, thread],
  );
  const reading = useMemo(
    () => thread === undefined ? undefined : read(model, thread, calls, call),
    [model, thread, calls, call],
  );
  const lines = useMemo(
    () => reading === undefined ? [] : filtered(model, reading.lines, filters),
    [model, reading, filters],
  );
  const [aim, setAim] = useAim(model, lines, selection);
  if (thread === undefined || reading === undefined) {
    return <p class="empty">No thread was recorded.</p>;
  }
  const { firstNew } = reading;
  const goTo = (next: CallRow | null) => {
    setAim(undefined);
    go({ at: next?.id ?? null, of: thread.id });
  };
  const newest = firstNew === undefined || lines !== reading.lines
    ? undefined
    : () => setAim({ row: firstNew, align: "start" });
  return (
    <section
      class="transcript"
      aria-label="Transcript"
      onKeyDown={(event) => onKey(event, calls, call, goTo, newest)}
    >
      <RequestBar
        model={model}
        thread={thread}
        calls={calls}
        call={call}
        onThread={(of) => go({ of, at: null })}
        onCall={goTo}
        onFirstNew={newest}
        onSelect={onSelect}
      />
      {lines.length === 0
        ? <p class="empty">Nothing here passes the filters.</p>
        : (
          <VirtualList
            key={`${thread.id} ${call?.id} ${ready}`}
            label="Items"
            count={lines.length}
            estimate={(i) => lines[i]?.type === "mark" ? 36 : 140}
            keyOf={(i) => i}
            aim={aim}
            onOpen={(i) => open(lines[i], onSelect)}
            render={(i) => (
              <TranscriptLine
                model={model}
                line={lines[i]}
                selection={selection}
                onSelect={onSelect}
              />
            )}
          />
        )}
    </section>
  );
}

/** The row to bring into sight: that of the selected object, until something else is asked for. */
function useAim(
  model: Model,
  lines: readonly Line[],
  selection: Pointer | null,
): readonly [Aim | undefined, (aim: Aim | undefined) => void] {
  const [aim, setAim] = useState<Aim | undefined>(undefined);
  useEffect(() => {
    const items = selection === null ? [] : itemsOf(model, selection);
    const row = lines.findIndex((line) =>
      line.type === "item" && items.includes(line.item.id)
    );
    if (row >= 0) setAim({ row, align: "auto" });
  }, [model, lines, selection]);
  return [aim, setAim];
}

/** The items in which a model met an object. */
function itemsOf(model: Model, pointer: Pointer): readonly string[] {
  const found = model.find(pointer);
  switch (found?.kind) {
    case "item":
      return [found.row.id];
    case "inference_call":
      return found.row.response_ids;
    case "tool_call":
      return found.row.call_item_ids;
    case "code_cell":
      return [found.row.source_item_id];
    case "terminal_operation":
      return found.row.output_item_ids;
    case "compaction":
      return [found.row.marker_item_id];
    default:
      return [];
  }
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

/** The thread and the request that the place, the selection or the filter ask for. */
function whatToRead(
  model: Model,
  { at, of, selection, filters }: TranscriptProps,
): { thread: ThreadRow | undefined; call: CallRow | null } {
  const call = at === null ? undefined : model.call(at);
  if (call !== undefined) return { thread: model.thread(call.thread_id), call };
  if (of === null && selection?.[0] === "inference_call") {
    const selected = model.call(selection[1]);
    if (selected !== undefined) {
      return { thread: model.thread(selected.thread_id), call: selected };
    }
  }
  const id = of ?? (selection === null ? null : threadOf(model, selection)) ??
    filters.thread ?? model.data.session.root_thread_id;
  return { thread: model.thread(id) ?? model.rows.threads[0], call: null };
}

function read(
  model: Model,
  thread: ThreadRow,
  calls: readonly CallRow[],
  call: CallRow | null,
): Reading {
  return call === null
    ? readThread(model, thread)
    : readCall(model, call, calls[calls.indexOf(call) - 1]);
}

/** Lines that pass the filters; the very same list where nothing is filtered. */
function filtered(
  model: Model,
  lines: readonly Line[],
  { failed, tool }: Filters,
): readonly Line[] {
  if (!failed && tool === null) return lines;
  return lines.filter((line) =>
    line.type === "item" && model.callsOf(line.item).some((pointer) => {
      const kind = model.tool(pointer[1])?.kind ?? null;
      return (tool === null || kind === tool) &&
        (!failed || isFailed(model, pointer));
    })
  );
}

function open(
  line: Line | undefined,
  onSelect: (pointer: Pointer) => void,
): void {
  if (line === undefined) return;
  if (line.type === "item") return onSelect(["item", line.item.id]);
  const { mark } = line;
  if (mark.type === "answer") onSelect(["inference_call", mark.call.id]);
  else if (mark.type === "compacted") {
    onSelect(["compaction", mark.compaction.id]);
  } else if (mark.since !== undefined) {
    onSelect(["inference_call", mark.since.id]);
  }
}

function onKey(
  event: KeyboardEvent,
  calls: readonly CallRow[],
  call: CallRow | null,
  goTo: (call: CallRow | null) => void,
  newest: (() => void) | undefined,
): void {
  const typing = event.target instanceof HTMLElement &&
    event.target.matches("input, select, textarea");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = call === null ? calls.length : calls.indexOf(call);
  if (event.key === "[") {
    const before = calls[at - 1];
    if (before !== undefined) goTo(before);
  } else if (event.key === "]") {
    const next = calls[at + 1];
    if (next !== undefined) goTo(next);
  } else if (event.key === "n" && newest !== undefined) newest();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
