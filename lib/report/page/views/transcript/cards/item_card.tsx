/**
 * One item as the model saw it: what it is, how it ended, and its content.
 *
 * @module
 */

import type { CallRow, ItemRow, Pointer } from "../../../../report_data.ts";
import type { Model } from "../../../model/model.ts";
import { counted, offsetOf } from "../../../ui/figures.ts";
import { Icon, type IconName } from "../../../ui/icon.tsx";
import { ItemBody } from "../../../ui/item_body.tsx";
import { ObjectLink } from "../../../ui/object_link.tsx";
import { Text } from "../../../ui/text.tsx";
import { useContext } from "preact/hooks";
import { Finding, foundEnd } from "../../../ui/content/finding.ts";
import { useKept } from "./kept_state.ts";
import { ToolCall, ToolOutput } from "./tool_card.tsx";

/** Properties of a card. */
export interface ItemCardProps {
  readonly model: Model;
  readonly item: ItemRow;
  readonly isNew: boolean;
  /** The request that left the item out, without a compaction; undefined where none did. */
  readonly droppedBy: CallRow | undefined;
  readonly selected: boolean;
  readonly onSelect: (pointer: Pointer) => void;
}

export function ItemCard(props: ItemCardProps) {
  const { model, item, selected, droppedBy, onSelect } = props;
  const tool = toolOf(model, item);
  const own = { model, item, tool, onSelect };
  const content = item.kind.endsWith("_call")
    ? <ToolCall {...own} marks={<Marks {...props} />} />
    : item.kind.endsWith("_call_output")
    ? <ToolOutput {...own} marks={<Marks {...props} />} />
    : <Message {...props} />;
  return (
    <div
      class={`card item role-${item.role} ${selected ? "selected" : ""} ${
        droppedBy === undefined ? "" : "dropped"
      }`}
      aria-label={`${item.handle}, ${nameOf(item)}`}
    >
      {content}
    </div>
  );
}

/** The tool call that an item asks for or answers. */
function toolOf(model: Model, item: ItemRow) {
  const [, id] = model.callsOf(item).find(([kind]) => kind === "tool_call") ??
    [];
  return id === undefined ? undefined : model.tool(id);
}

const ROLE_ICONS: Readonly<Record<ItemRow["role"], IconName>> = {
  system: "info",
  developer: "code_cell",
  user: "item",
  assistant: "inference_call",
  tool: "tool_call",
};

/** Whether an item is collapsed until the reader opens it. */
function isCollapsed({ role, kind }: ItemRow): boolean {
  return kind === "reasoning" || role === "developer" || role === "system";
}

/** A message, a reasoning, or a text of the program around the model. */
function Message(props: ItemCardProps) {
  const { model, item, onSelect } = props;
  const [isOpen, setOpen] = useKept(item.id, !isCollapsed(item));
  const wanted = useContext(Finding);
  const open = isOpen ||
    item.parts.some((part) =>
      part.type !== "encoded" && foundEnd(model.text(part.text), wanted) > 0
    );
  const name = (
    <>
      <Icon name={ROLE_ICONS[item.role]} />
      {nameOf(item)}
    </>
  );
  return (
    <>
      <div class="card-head">
        {isCollapsed(item)
          ? (
            <button
              type="button"
              class={`role role-toggle ${open ? "open" : ""}`}
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            >
              <Icon name="open" />
              {name}
              <span class="role-size">{sizeOf(model, item)}</span>
            </button>
          )
          : <span class="role">{name}</span>}
        {item.author === null ? null : (
          <span class="address">
            <Text value={item.author} /> →{" "}
            <Text value={item.recipient ?? "?"} />
          </span>
        )}
        <Marks {...props} />
      </div>
      {open
        ? <ItemBody model={model} item={item} onSelect={onSelect} />
        : <Excerpt model={model} item={item} />}
    </>
  );
}

/** The start of what is collapsed. */
function Excerpt({ model, item }: Pick<ItemCardProps, "model" | "item">) {
  const text = item.parts.map((part) =>
    part.type === "text" || part.type === "summary" ? model.text(part.text) : ""
  ).find((each) => each.trim() !== "");
  return text === undefined ? null : (
    <p class="excerpt">
      <Text value={text} max={160} />
    </p>
  );
}

function sizeOf(model: Model, item: ItemRow): string {
  const length = item.parts.reduce(
    (sum, part) =>
      part.type === "encoded" ? sum : sum + model.text(part.text).length,
    0,
  );
  return length === 0
    ? "no text that can be read"
    : counted(length, "character");
}

function nameOf(item: ItemRow): string {
  const kind = item.kind.replaceAll("_", " ");
  const what = item.kind === "message"
    ? item.role
    : item.role === "assistant" || item.role === "tool"
    ? kind
    : `${item.role}, ${kind}`;
  return item.channel === null || item.kind !== "message"
    ? what
    : `${what} · ${item.channel}`;
}

/** What is special about an item, where it is from, and when it was first seen. */
function Marks(
  { model, item, isNew, droppedBy, onSelect }: ItemCardProps,
) {
  return (
    <>
      {isNew ? <span class="badge">new</span> : null}
      {item.is_inherited ? <span class="badge">inherited</span> : null}
      {item.is_accepted
        ? null
        : <span class="badge">never accepted into the history</span>}
      {droppedBy === undefined ? null : (
        <span class="badge badge-dropped">
          rewound: not in{" "}
          <ObjectLink
            model={model}
            pointer={["inference_call", droppedBy.id]}
            onSelect={onSelect}
            short
          />
        </span>
      )}
      {item.lacks_output_in_id === null ? null : (
        <span class="badge">
          no output in{" "}
          <ObjectLink
            model={model}
            pointer={["inference_call", item.lacks_output_in_id]}
            onSelect={onSelect}
            short
          />
        </span>
      )}
      <span class="card-origin">
        <Provenance model={model} item={item} onSelect={onSelect} />
        <time class="faint">{offsetOf(model.sinceStart(item.at, null))}</time>
        <ObjectLink
          model={model}
          pointer={["item", item.id]}
          onSelect={onSelect}
          short
        />
      </span>
    </>
  );
}

/** The objects that produced an item, and the calls that it belongs to. */
function Provenance(
  { model, item, onSelect }: Pick<ItemCardProps, "model" | "item" | "onSelect">,
) {
  const from = item.produced_by.flatMap((each) =>
    each.length === 2 ? [each] : []
  );
  const words = item.produced_by.flatMap((each) =>
    each.length === 1 ? [each[0].replaceAll("_", " ")] : []
  );
  const known = new Set(from.map(([, id]) => id));
  const calls = model.callsOf(item).filter(([, id]) => !known.has(id));
  return (
    <span class="provenance">
      {words.length > 0 || from.length > 0
        ? <span class="faint">from {words.join(", ")}</span>
        : null}
      {[...from, ...calls].map((pointer) => (
        <ObjectLink
          key={pointer.join(" ")}
          model={model}
          pointer={pointer}
          onSelect={onSelect}
          short
        />
      ))}
    </span>
  );
}
