/**
 * An object as it is: its JSON, and the payloads that it refers to, as they were recorded.
 *
 * @module
 */

import { useMemo } from "preact/hooks";
import type { PayloadRow, Pointer } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import type { Found } from "../model/objects.ts";
import { Content } from "../ui/content/content.tsx";
import { ObjectLink } from "../ui/object_link.tsx";
import { rawJson } from "./copied_texts.ts";
import { payloadsOf } from "./evidence.tsx";

/** Properties of the tab. */
export interface RawProps {
  readonly model: Model;
  readonly found: Found;
  readonly onSelect: (pointer: Pointer) => void;
}

/** Maximum number of payloads that are shown in full. */
const MAX_SHOWN = 12;

/** The tab. */
export function Raw({ model, found, onSelect }: RawProps) {
  const json = useMemo(() => rawJson(model, found), [model, found]);
  const ids = found.kind === "payload"
    ? [found.row.id]
    : payloadsOf(model, [found.kind, found.row.id]);
  return (
    <>
      <h3>In this page</h3>
      <Content text={json} as="code" />
      {ids.slice(0, MAX_SHOWN).map((id) => {
        const row = model.payload(id);
        if (row === undefined) return null;
        return (
          <section key={id}>
            <h3>
              <ObjectLink
                model={model}
                pointer={["payload", id]}
                onSelect={onSelect}
              />
            </h3>
            <PayloadText model={model} row={row} />
          </section>
        );
      })}
      {ids.length > MAX_SHOWN
        ? (
          <p class="faint">
            {`${ids.length - MAX_SHOWN} more payloads are listed as evidence.`}
          </p>
        )
        : null}
    </>
  );
}

/** A payload as it was recorded, or why the page does not have it. */
export function PayloadText({ model, row }: { model: Model; row: PayloadRow }) {
  const text = model.payloadText(row);
  if (text !== undefined) return <Content text={text} as="code" />;
  return (
    <p class="faint">
      {row.capture?.status === "omitted"
        ? "The recorder omitted this payload; the bundle does not have it."
        : "This payload is not in the page. Its file in the bundle is " +
          "named in the overview; report --payloads all includes it."}
    </p>
  );
}
