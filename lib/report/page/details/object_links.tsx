/**
 * Ways to several objects.
 *
 * @module
 */

import { useState } from "preact/hooks";
import type { Pointer } from "../../report_data.ts";
import type { Kind } from "../model/objects.ts";
import type { Model } from "../model/model.ts";
import { ObjectLink } from "../ui/object_link.tsx";

/** How many are shown before somebody asks for all. */
const SEEN = 24;

/** What the links are given. */
export interface ObjectLinksProps {
  readonly model: Model;
  readonly kind: Kind;
  readonly ids: readonly string[];
  readonly onSelect: (pointer: Pointer) => void;
}

/** Ways to objects of one kind. */
export function ObjectLinks({ model, kind, ids, onSelect }: ObjectLinksProps) {
  const [all, setAll] = useState(false);
  if (ids.length === 0) return <span class="faint">none</span>;
  const seen = all ? ids : ids.slice(0, SEEN);
  return (
    <span class="links">
      {seen.map((id, i) => (
        <ObjectLink
          key={`${i} ${id}`}
          model={model}
          pointer={[kind, id]}
          onSelect={onSelect}
          short={kind === "item" || kind === "payload"}
        />
      ))}
      {seen.length < ids.length
        ? (
          <button type="button" class="link" onClick={() => setAll(true)}>
            and {ids.length - seen.length} more
          </button>
        )
        : null}
    </span>
  );
}
