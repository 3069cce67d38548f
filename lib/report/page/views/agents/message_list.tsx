/**
 * The edges between threads, in order: sender, receiver, kind, text, and the objects at both ends.
 *
 * @module
 */

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { truncate } from "../../../../text/truncate.ts";
import type { TreeNode } from "../../model/thread_tree.ts";
import { counted, durationOf, offsetOf } from "../../ui/figures.ts";
import type { EdgeRow } from "../../../report_data.ts";
import { deliveryOf, edgeWord } from "../../model/names.ts";
import { Icon } from "../../ui/icon.tsx";
import { ObjectLink } from "../../ui/object_link.tsx";
import { escapeText } from "../../ui/escape.ts";
import { Text } from "../../ui/text.tsx";
import type { ViewProps } from "../../view.ts";
import { type Message, type MessageTexts, textsOf } from "./messages.ts";

/** Properties of the list. */
export interface MessageListProps extends ViewProps {
  readonly tree: readonly TreeNode[];
  readonly messages: readonly Message[];
  /** Number of edges without a filter. */
  readonly all: number;
}

type MessageLineProps = MessageListProps & { readonly message: Message };

/** Number of edges added by one step. */
const PORTION = 200;
/** Maximum length of a text that is not collapsed. */
const FOLDED = 600;

export function MessageList(props: MessageListProps) {
  const { messages, all } = props;
  const [most, setMost] = useState(PORTION);
  const title = props.model.isSessionLog
    ? "edges between threads"
    : counted(all, "edge") + " between threads";
  return (
    <div class="agents-panel">
      <h2>
        {messages.length === all ? title : `${messages.length} of ${title}`}
      </h2>
      {all === 0
        ? (
          <p class="agents-empty">
            {props.model.isSessionLog
              ? "Unknown: a session log has those of no other thread."
              : "No edge between threads was recorded."}
          </p>
        )
        : null}
      <ol class="agents-messages">
        {messages.slice(0, most).map((message) => (
          <MessageLine key={message.row.id} {...props} message={message} />
        ))}
      </ol>
      {messages.length > most
        ? (
          <button
            type="button"
            class="tool-button"
            onClick={() => setMost(most + PORTION)}
          >
            {messages.length - most} more
          </button>
        )
        : null}
    </div>
  );
}

function MessageLine(props: MessageLineProps) {
  const { model, message, selection, tree } = props;
  const { row, from, to } = message;
  const chosen = selection?.[0] === "edge" && selection[1] === row.id;
  const line = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    if (chosen) line.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <li ref={line} class={chosen ? "agents-message chosen" : "agents-message"}>
      <Rails tree={tree} from={from} to={to} arrived={row.ended !== null} />
      <div class="agents-body">
        <MessageHead {...props} chosen={chosen} />
        <MessageBody texts={textsOf(model, message)} />
        <MessageEnds {...props} />
      </div>
    </li>
  );
}

function MessageHead(
  { model, message, onSelect, chosen }: MessageLineProps & {
    readonly chosen: boolean;
  },
) {
  const { row, pointer, from, to } = message;
  return (
    <div class="agents-head">
      <button
        type="button"
        class="agents-kind"
        aria-pressed={chosen}
        onClick={() => onSelect(pointer)}
      >
        <Icon name="edge" />
        {edgeWord(row.kind)}
      </button>
      <Who model={model} thread={from} onSelect={onSelect} />
      <span role="img" aria-label="to">→</span>
      <Who model={model} thread={to} onSelect={onSelect} />
      <span class="agents-time num">
        {offsetOf(model.sinceStart(row.started, null))}
      </span>
      <Delivery row={row} />
    </div>
  );
}

/** The tool call that sent it, and the item in which it was delivered. */
function MessageEnds({ model, message, onSelect }: MessageLineProps) {
  const { row, sentBy, arrivedIn } = message;
  return (
    <div class="agents-ends">
      <span>{sentBy === null ? "source" : "sent by"}</span>
      <ObjectLink
        model={model}
        pointer={sentBy ?? row.source}
        onSelect={onSelect}
      />
      <span>{arrivedIn === null ? "target" : "delivered in"}</span>
      <ObjectLink
        model={model}
        pointer={arrivedIn ?? row.target}
        onSelect={onSelect}
      />
    </div>
  );
}

function Who(
  { model, thread, onSelect }: Pick<ViewProps, "model" | "onSelect"> & {
    readonly thread: string | null;
  },
) {
  const row = model.thread(thread);
  if (row === undefined) return <span class="faint">unknown thread</span>;
  return (
    <button
      type="button"
      class="agents-link"
      onClick={() => onSelect(["thread", row.id])}
    >
      <Text value={row.nickname ?? row.agent_path} max={60} />
    </button>
  );
}

function Delivery({ row }: { row: EdgeRow }) {
  const delivery = deliveryOf(row);
  switch (delivery) {
    case null:
      return null;
    case "delivered":
      return (
        <span class="agents-ok">
          <Icon name="ok" /> delivered after {row.delivery_ms === null
            ? "an unknown time"
            : durationOf(row.delivery_ms)}
        </span>
      );
    case "not delivered":
      return (
        <span class="agents-bad">
          <Icon name="warn" /> not delivered
        </span>
      );
    case "delivery unknown":
      return <span class="faint">{delivery}</span>;
  }
}

function MessageBody({ texts }: { texts: MessageTexts }) {
  const { received, sealed, sent } = texts;
  return (
    <>
      <MessageText value={received} />
      {sealed === null ? null : (
        <p class="agents-note">
          <Text value={sealed.replaceAll("_", " ")} max={60} />{" "}
          that only the model's provider can read
        </p>
      )}
      {sent === "" ? null : (
        <>
          <p class="agents-note">text of the sender's tool call</p>
          <MessageText value={sent} />
        </>
      )}
    </>
  );
}

function MessageText({ value }: { value: string }) {
  const [open, setOpen] = useState(false);
  if (value === "") return null;
  const long = value.length > FOLDED;
  const text = open ? value : truncate(value, FOLDED);
  return (
    <>
      <pre class="agents-text"><bdi>{escapeText(text)}</bdi></pre>
      {long
        ? (
          <button
            type="button"
            class="agents-link"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {open ? "less" : `all ${value.length} characters`}
          </button>
        )
        : null}
    </>
  );
}

/** What a row of rails shows. */
export interface RailsProps {
  readonly tree: readonly TreeNode[];
  readonly from: string | null;
  readonly to: string | null;
  readonly arrived: boolean;
}

/** With more threads there would be no room beside the text. */
const MOST = 8;
const STEP = 18;
const MIDDLE = 18;

/**
 * The rails; none for more than a few threads. The names beside them carry the same information.
 */
function Rails({ tree, from, to, arrived }: RailsProps) {
  if (tree.length < 2 || tree.length > MOST) return null;
  const at = (thread: string | null) =>
    tree.findIndex(({ row }) => row.id === thread);
  const [start, end] = [at(from), at(to)];
  const x = (rail: number) => rail * STEP + STEP / 2;
  const back = end > start ? -6 : 6;
  return (
    <svg class="agents-rails" width={tree.length * STEP} aria-hidden="true">
      {tree.map((_, rail) => (
        <line
          key={rail}
          class="rail"
          x1={x(rail)}
          x2={x(rail)}
          y1="0"
          y2="100%"
        />
      ))}
      {start === -1 || end === -1 || start === end
        ? null
        : (
          <g class={arrived ? "arrow" : "arrow lost"}>
            <circle cx={x(start)} cy={MIDDLE} r="3.5" />
            <line x1={x(start)} x2={x(end)} y1={MIDDLE} y2={MIDDLE} />
            <path d={`M${x(end)} ${MIDDLE}l${back} -4v8z`} />
          </g>
        )}
    </svg>
  );
}
