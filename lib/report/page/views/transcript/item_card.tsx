/**
 * One item as the model saw it: its role, its source and its content.
 *
 * @module
 */

import type { ItemRow, Pointer } from "../../../report_data.ts";
import type { Model } from "../../model/model.ts";
import { offsetOf } from "../../ui/figures.ts";
import { Icon, type IconName } from "../../ui/icon.tsx";
import { ObjectLink } from "../../ui/object_link.tsx";
import { Text } from "../../ui/text.tsx";
import { ItemBody } from "../../ui/item_body.tsx";

/** Properties of a card. */
export interface ItemCardProps {
  readonly model: Model;
  readonly item: ItemRow;
  readonly isNew: boolean;
  readonly selected: boolean;
  readonly onSelect: (pointer: Pointer) => void;
}

const ROLE_ICONS: Readonly<Record<ItemRow["role"], IconName>> = {
  system: "info",
  developer: "code_cell",
  user: "item",
  assistant: "inference_call",
  tool: "tool_call",
};

/** A card for one item. */
export function ItemCard(
  { model, item, isNew, selected, onSelect }: ItemCardProps,
) {
  const pointer: Pointer = ["item", item.id];
  return (
    <div
      class={`card item role-${item.role} ${selected ? "selected" : ""}`}
      aria-label={`${item.handle}, ${titleOf(item)}`}
    >
      <div class="card-head">
        <span class="role">
          <Icon name={ROLE_ICONS[item.role]} />
          {titleOf(item)}
        </span>
        {item.author === null ? null : (
          <span class="address">
            <Text value={item.author} /> →{" "}
            <Text value={item.recipient ?? "?"} />
          </span>
        )}
        {isNew ? <span class="badge">new</span> : null}
        {item.is_inherited ? <span class="badge">inherited</span> : null}
        {item.is_accepted
          ? null
          : <span class="badge">never accepted into the history</span>}
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
        <Provenance model={model} item={item} onSelect={onSelect} />
        <span class="card-gap" />
        <time class="faint">{offsetOf(model.sinceStart(item.at, null))}</time>
        <ObjectLink model={model} pointer={pointer} onSelect={onSelect} short />
      </div>
      <ItemBody model={model} item={item} onSelect={onSelect} />
    </div>
  );
}

/** The title of an item. */
function titleOf(item: ItemRow): string {
  const kind = item.kind.replaceAll("_", " ");
  const what = item.kind === "message"
    ? item.role
    : item.role === "assistant" || item.role === "tool"
    ? kind
    : `${item.role}, ${kind}`;
  return item.channel === null ? what : `${what} · ${item.channel}`;
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
      {from.map((pointer) => (
        <ObjectLink
          key={pointer.join(" ")}
          model={model}
          pointer={pointer}
          onSelect={onSelect}
          short
        />
      ))}
      {calls.map((pointer) => (
        <ObjectLink
          key={pointer.join(" ")}
          model={model}
          pointer={pointer}
          onSelect={onSelect}
        />
      ))}
    </span>
  );
}
