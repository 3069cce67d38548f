/**
 * The panel of the details: its head, and its size, which mouse and keys change.
 *
 * @module
 */

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Pointer } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import { TITLES } from "../model/objects.ts";
import { Icon } from "../ui/icon.tsx";
import { escapeLine } from "../ui/escape.ts";
import type { PanelSize } from "./panel_size.ts";

/** Properties of the panel. */
export interface DetailsPanelProps {
  readonly model: Model;
  readonly pointer: Pointer;
  /** What changes the contents: the panel scrolls to their start. */
  readonly tab: string;
  readonly size: PanelSize;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function DetailsPanel(props: DetailsPanelProps) {
  const { model, pointer, tab, size, onClose, children } = props;
  const [kind, id] = pointer;
  const contents = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => contents.current?.scrollTo(0, 0), [kind, id, tab]);
  return (
    <aside class="details" aria-label="Details">
      <Separator size={size} />
      <div ref={contents} class="details-scroll" tabIndex={-1}>
        <div class="panel-head">
          <h2>
            <Icon name={kind} />
            {TITLES[kind]}{" "}
            <span class="handle">{escapeLine(model.handle(pointer), 60)}</span>
          </h2>
          <button
            type="button"
            class="tool-button"
            title="Close (Esc)"
            onClick={onClose}
          >
            <Icon name="close" />
            <span class="sr-only">Close the details</span>
          </button>
        </div>
        {children}
      </div>
    </aside>
  );
}

/** The border of the panel: drag it, or press arrow keys. */
function Separator({ size }: { size: PanelSize }) {
  const held = useRef(false);
  const move = ({ clientX, clientY }: PointerEvent) => {
    if (held.current) size.setEdge(clientX, clientY);
  };
  return (
    <div
      class="separator"
      role="separator"
      tabIndex={0}
      aria-label="Size of the details"
      aria-orientation={size.isNarrow ? "horizontal" : "vertical"}
      aria-valuenow={Math.round(size.share)}
      aria-valuemin={size.min}
      aria-valuemax={size.max}
      onKeyDown={(event) => {
        if (!size.press(event.key)) return;
        event.preventDefault();
        event.stopPropagation();
      }}
      onPointerDown={(event) => {
        held.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        event.preventDefault();
      }}
      onPointerMove={move}
      onPointerUp={() => held.current = false}
      onPointerCancel={() => held.current = false}
    />
  );
}
