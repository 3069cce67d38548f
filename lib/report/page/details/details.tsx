/**
 * The details of one object: facts, outputs, evidence.
 *
 * @module
 */

import { useEffect, useRef } from "preact/hooks";
import type { PayloadRow, Pointer } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import { isFailed, labelOf } from "../model/names.ts";
import { type Found, TITLES } from "../model/objects.ts";
import type { Go } from "../state/route.ts";
import { ItemBody } from "../ui/item_body.tsx";
import { Content } from "../ui/content/content.tsx";
import { Icon } from "../ui/icon.tsx";
import { escapeLine } from "../ui/escape.ts";
import { durationOf, offsetOf } from "../ui/figures.ts";
import { Status } from "../ui/status.tsx";
import { Text } from "../ui/text.tsx";
import type { ViewProps } from "../view.ts";
import { Chain } from "./chain.tsx";
import { Comparisons, Outputs } from "./outputs.tsx";
import { Evidence } from "./evidence.tsx";
import { Facts } from "../ui/facts.tsx";
import { factsOf } from "./object_facts.tsx";

/** Properties of the details. */
export interface DetailsProps extends ViewProps {
  readonly pointer: Pointer;
  readonly go: Go;
  readonly onClose: () => void;
}

/** The panel of details. */
export function Details(props: DetailsProps) {
  const { model, pointer, onClose } = props;
  const [kind, id] = pointer;
  const found = model.find(pointer);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.scrollTo(0, 0), [kind, id]);
  return (
    <aside ref={panel} class="details" aria-label="Details" tabIndex={-1}>
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
      {found === undefined
        ? <p class="empty">The graph does not hold this object.</p>
        : <Contents {...props} found={found} />}
    </aside>
  );
}

function Contents(props: DetailsProps & { found: Found }) {
  const { model, pointer, go, onSelect, found } = props;
  const error = model.errorOf(pointer);
  const own = { model, pointer, onSelect, found };
  const { id } = found.row;
  return (
    <>
      <Heading model={model} pointer={pointer} found={found} go={go} />
      {error === null ? null : (
        <p class="error-box">
          <Icon name="bad" />
          <Text value={error} max={2000} />
        </p>
      )}
      {found.kind === "item" ? <ItemBody {...own} item={found.row} /> : null}
      {found.kind === "payload"
        ? <Payload model={model} row={found.row} />
        : null}
      <Outputs {...own} />
      <Comparisons {...own} />
      <Chain {...own} direction="upstream" key={`from ${id}`} />
      <Chain {...own} direction="downstream" key={`to ${id}`} />
      <h3>Facts</h3>
      <Facts facts={factsOf(own, found)} />
      <Evidence {...own} />
    </>
  );
}

/** The label of an object, its status and time, and a link to the transcript. */
function Heading(
  { model, pointer, found, go }: {
    model: Model;
    pointer: Pointer;
    found: Found;
    go: Go;
  },
) {
  const ran = "status" in found.row && "started" in found.row
    ? found.row
    : undefined;
  return (
    <p class="details-label">
      <Text value={labelOf(model, pointer)} max={200} />
      {ran === undefined ? null : (
        <>
          <Status status={ran.status} failed={isFailed(model, pointer)} />
          <span>{durationOf(ran.duration_ms)}</span>
          {ran.is_start_lost ? null : (
            <span class="faint">
              {offsetOf(model.sinceStart(ran.started, ran.started_seq))}
            </span>
          )}
        </>
      )}
      <TranscriptLink found={found} go={go} />
    </p>
  );
}

/** A link from an object to its position in the transcript. */
function TranscriptLink({ found, go }: { found: Found; go: Go }) {
  const change = found.kind === "inference_call"
    ? { at: found.row.id, of: found.row.thread_id }
    : found.kind === "item" || found.kind === "thread"
    ? {
      at: null,
      of: found.kind === "item" ? found.row.thread_id : found.row.id,
    }
    : undefined;
  if (change === undefined) return null;
  return (
    <button
      type="button"
      class="link"
      onClick={() => go({ view: "transcript", ...change })}
    >
      open in transcript
    </button>
  );
}

function Payload({ model, row }: { model: Model; row: PayloadRow }) {
  const text = model.payloadText(row);
  return (
    <section>
      <h3>As recorded</h3>
      {text === undefined
        ? (
          <p class="faint">
            {row.capture?.status === "omitted"
              ? "The recorder omitted this payload; the bundle does not have it."
              : "This payload is not in the page. Its file in the bundle is " +
                "named below; report --payloads all includes it."}
          </p>
        )
        : <Content text={text} as="code" />}
    </section>
  );
}
