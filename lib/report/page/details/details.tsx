/**
 * The details of one object: facts, outputs, evidence.
 *
 * @module
 */

import type { ComponentChildren } from "preact";
import type { Pointer } from "../../report_data.ts";
import { timelineObject, transcriptPlace } from "../model/carriers.ts";
import type { Model } from "../model/model.ts";
import { labelOf } from "../model/names.ts";
import type { Found } from "../model/objects.ts";
import { DETAILS_TABS, type DetailsTab, type Route } from "../state/route.ts";
import type { ViewName } from "../state/view_name.ts";
import type { Go } from "../state/use_route.ts";
import { ItemBody } from "../ui/item_body.tsx";
import { Icon } from "../ui/icon.tsx";
import { durationOf, offsetOf } from "../ui/figures.ts";
import { OutcomeMark } from "../ui/status.tsx";
import { Text } from "../ui/text.tsx";
import type { ViewProps } from "../view.ts";
import { Chain } from "./chain.tsx";
import { CopyMenu } from "./copy_menu.tsx";
import { Comparisons, Outputs } from "./outputs.tsx";
import { Evidence } from "./evidence.tsx";
import { Facts } from "../ui/facts.tsx";
import { factsOf } from "./object_facts.tsx";
import { PayloadText, Raw } from "./raw.tsx";

/** Opens a view on an object, and moves the focus there. */
export type Find = (view: ViewName, change: Partial<Route>) => void;

/** Properties of the details. */
export interface DetailsProps extends ViewProps {
  readonly pointer: Pointer;
  readonly tab: DetailsTab;
  readonly go: Go;
  readonly onFind: Find;
}

/** The contents of the panel. */
export function Details(props: DetailsProps) {
  const { model, pointer, tab, go } = props;
  const found = model.find(pointer);
  if (found === undefined) {
    return <p class="empty">The graph does not hold this object.</p>;
  }
  return (
    <>
      <Heading model={model} pointer={pointer} found={found} />
      <ShowIn {...props} />
      <CopyMenu key={pointer.join(" ")} model={model} found={found} />
      <DetailsTabs tab={tab} onTab={(next) => go({ tab: next }, true)} />
      <div id="details-tab" role="tabpanel" aria-label={tab}>
        <TabContents {...props} found={found} />
      </div>
    </>
  );
}

/** The tabs; arrow keys move between them. */
function DetailsTabs(
  { tab, onTab }: { tab: DetailsTab; onTab: (tab: DetailsTab) => void },
) {
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight"
      ? 1
      : event.key === "ArrowLeft"
      ? -1
      : 0;
    const next = DETAILS_TABS.at(
      (DETAILS_TABS.indexOf(tab) + by) % DETAILS_TABS.length,
    );
    if (by === 0 || next === undefined) return;
    event.preventDefault();
    onTab(next);
    const { currentTarget } = event;
    if (!(currentTarget instanceof HTMLElement)) return;
    currentTarget.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus();
  };
  return (
    <div
      class="detail-tabs"
      role="tablist"
      aria-label="Parts of the details"
      onKeyDown={onKeyDown}
    >
      {DETAILS_TABS.map((each) => (
        <button
          key={each}
          type="button"
          role="tab"
          data-tab={each}
          aria-selected={each === tab}
          aria-controls="details-tab"
          tabIndex={each === tab ? 0 : -1}
          onClick={() => onTab(each)}
        >
          {each}
        </button>
      ))}
    </div>
  );
}

function TabContents(
  props: DetailsProps & { found: Found },
): ComponentChildren {
  const { model, pointer, tab, onSelect, found } = props;
  switch (tab) {
    case "overview":
      return <Contents {...props} />;
    case "evidence":
      return <Evidence model={model} pointer={pointer} onSelect={onSelect} />;
    case "raw":
      return <Raw model={model} found={found} onSelect={onSelect} />;
  }
}

function Contents(props: DetailsProps & { found: Found }) {
  const { model, pointer, onSelect, found } = props;
  const error = model.errorOf(pointer);
  const own = { model, pointer, onSelect, found };
  const { id } = found.row;
  return (
    <>
      {error === null ? null : (
        <p class="error-box">
          <Icon name="bad" />
          <Text value={error} max={2000} />
        </p>
      )}
      {found.kind === "item" ? <ItemBody {...own} item={found.row} /> : null}
      {found.kind === "payload"
        ? (
          <section>
            <h3>As recorded</h3>
            <PayloadText model={model} row={found.row} />
          </section>
        )
        : null}
      <Outputs {...own} />
      <Comparisons {...own} />
      <Chain {...own} direction="upstream" key={`from ${id}`} />
      <Chain {...own} direction="downstream" key={`to ${id}`} />
      <h3>Facts</h3>
      <Facts facts={factsOf(own, found)} />
    </>
  );
}

/** The label of an object, its status and time. */
function Heading(
  { model, pointer, found }: { model: Model; pointer: Pointer; found: Found },
) {
  const ran = "outcome" in found.row && found.kind !== "terminal_session"
    ? found.row
    : undefined;
  return (
    <p class="details-label">
      <Text value={labelOf(model, pointer)} max={200} />
      {ran === undefined ? null : (
        <>
          <OutcomeMark {...ran} />
          <span>{durationOf(ran.duration_ms)}</span>
          {ran.is_start_lost ? null : (
            <span class="faint">
              {offsetOf(model.sinceStart(ran.started, ran.started_seq))}
            </span>
          )}
        </>
      )}
    </p>
  );
}

/** Links from an object to the views that show it, or what carries it. */
function ShowIn({ model, pointer, onFind }: DetailsProps) {
  const text = transcriptPlace(model, pointer);
  const links: readonly (readonly [ViewName, Partial<Route> | null])[] = [
    ["timeline", timelineObject(model, pointer) === null ? null : {}],
    ["transcript", text],
    ["log", model.isSessionLog ? null : {}],
    ["agents", pointer[0] === "edge" || pointer[0] === "thread" ? {} : null],
  ];
  return (
    <div class="copy" role="group" aria-label="Show in">
      <span class="faint">show in</span>
      {links.map(([view, change]) =>
        change === null ? null : (
          <button
            key={view}
            type="button"
            class="link"
            onClick={() => onFind(view, change)}
          >
            {view}
          </button>
        )
      )}
    </div>
  );
}
