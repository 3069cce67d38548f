/**
 * A link to an object: its handle and its label.
 *
 * @module
 */

import type { Pointer } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import { isFailed, labelOf } from "../model/names.ts";
import { TITLES } from "../model/objects.ts";
import { Icon } from "./icon.tsx";
import { escapeLine } from "./escape.ts";

/** Properties of a link. */
export interface ObjectLinkProps {
  readonly model: Model;
  readonly pointer: Pointer;
  readonly onSelect: (pointer: Pointer) => void;
  /** Leaves the label out. */
  readonly short?: boolean;
}

/** A button that selects an object. */
export function ObjectLink(
  { model, pointer, onSelect, short = false }: ObjectLinkProps,
) {
  const handle = escapeLine(model.handle(pointer), 60);
  const failed = isFailed(model, pointer);
  const known = model.find(pointer) !== undefined;
  return (
    <button
      type="button"
      class={`object kind-${pointer[0]}`}
      disabled={!known}
      title={`${TITLES[pointer[0]]} ${handle}${failed ? ", failed" : ""}`}
      onClick={(event) => {
        event.stopPropagation();
        onSelect(pointer);
      }}
    >
      <Icon name={failed ? "bad" : pointer[0]} />
      <span class="handle">{handle}</span>
      {short
        ? null
        : <bdi class="label">{escapeLine(labelOf(model, pointer), 60)}</bdi>}
    </button>
  );
}
