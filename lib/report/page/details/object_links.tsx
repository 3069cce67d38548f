/**
 * Ways to several objects.
 *
 * @module
 */

import type { ObjectKind } from "../../../query/names/object_kind.ts";
import type { Pointer } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import { More } from "../ui/more.tsx";
import { ObjectLink } from "../ui/object_link.tsx";

/** How many are shown before somebody asks for all. */
const SEEN = 24;

/** What the links are given. */
export interface ObjectLinksProps {
  readonly model: Model;
  readonly kind: ObjectKind;
  readonly ids: readonly string[];
  readonly onSelect: (pointer: Pointer) => void;
}

/** Ways to objects of one kind. */
export function ObjectLinks({ model, kind, ids, onSelect }: ObjectLinksProps) {
  if (ids.length === 0) return <span class="faint">none</span>;
  return (
    <span class="links">
      <More
        items={ids}
        most={SEEN}
        render={(id, i) => (
          <ObjectLink
            key={`${i} ${id}`}
            model={model}
            pointer={[kind, id]}
            onSelect={onSelect}
            short={kind === "item" || kind === "payload"}
          />
        )}
      />
    </span>
  );
}
