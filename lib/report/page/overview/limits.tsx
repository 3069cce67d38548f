/**
 * What the recorder's limits left out, first of all: everything that depends on it is unknown.
 *
 * @module
 */

import { limitsText } from "../../../text/capture_text.ts";
import type { Model } from "../model/model.ts";
import { Icon } from "../ui/icon.tsx";

/** How many payloads were truncated and omitted; nothing where all were recorded whole. */
export function Limits({ model }: { model: Model }) {
  const limits = limitsText(model.data.session);
  if (limits === null) return null;
  return (
    <section class="panel panel-warn">
      <p>
        <Icon name="warn" /> {limits}. Their content is unknown.
      </p>
    </section>
  );
}
