/**
 * A compaction: the history before and after it, what was kept, dropped, added, and what is repeated.
 *
 * @module
 */

import { unrecordedText } from "../../../../text/capture_text.ts";
import type { CompactionRow, Pointer } from "../../../report_data.ts";
import type { Model } from "../../model/model.ts";
import { ObjectLinks } from "../../ui/facts.tsx";
import { bytesOf, counted, countOf, UNKNOWN } from "../../ui/figures.ts";
import { Icon } from "../../ui/icon.tsx";
import { ObjectLink } from "../../ui/object_link.tsx";
import { useKept } from "./cards/kept_state.ts";

/** Properties of the mark. */
export interface CompactionMarkProps {
  readonly model: Model;
  readonly compaction: CompactionRow;
  readonly onSelect: (pointer: Pointer) => void;
}

/** A compaction in a transcript. */
export function CompactionMark(props: CompactionMarkProps) {
  const { model, compaction, onSelect } = props;
  const [open, setOpen] = useKept(`compaction ${compaction.id}`, false);
  const effect = effectOf(model, compaction);
  return (
    <div class="mark mark-compacted">
      <Icon name="compaction" />
      <span>{compactedWords(compaction)}</span>
      <ObjectLink
        model={model}
        pointer={["compaction", compaction.id]}
        onSelect={onSelect}
        short
      />
      {effect === undefined ? null : (
        <button
          type="button"
          class="link"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {open ? "hide" : "show"} what was kept, dropped and added
        </button>
      )}
      {effect !== undefined && open
        ? <Effect {...props} effect={effect} />
        : null}
    </div>
  );
}

function effectOf({ data }: Model, { id }: CompactionRow) {
  const row = data.show.compactions.find((each) => each.compaction.id === id);
  return row?.effect ?? undefined;
}

type ShownEffect = NonNullable<ReturnType<typeof effectOf>>;

function Effect(
  { model, effect, onSelect }: CompactionMarkProps & { effect: ShownEffect },
) {
  const links = (ids: readonly string[]) => (
    <ObjectLinks model={model} kind="item" ids={ids} onSelect={onSelect} />
  );
  const { kept, dropped, added, prompt_before: before, prompt_after: after } =
    effect;
  return (
    <dl class="effect">
      <dt>before</dt>
      <dd>{promptWords(model, before)}</dd>
      <dt>after</dt>
      <dd>{promptWords(model, after)}</dd>
      <dt>repeated</dt>
      <dd>
        {repeatedWords(before)} before, {repeatedWords(after)} after
      </dd>
      <dt>kept, {countOf(kept.length)}</dt>
      <dd>{links(kept.map((each) => each.after.id))}</dd>
      <dt>dropped, {countOf(dropped.length)}</dt>
      <dd>{links(dropped.map(({ id }) => id))}</dd>
      <dt>added, {countOf(added.length)}</dt>
      <dd>{links(added.map(({ item }) => item.id))}</dd>
      {effect.histories_complete ? null : (
        <dd class="error-text">
          The histories were not recorded completely: items may be missing here.
        </dd>
      )}
    </dl>
  );
}

/** The size of a prompt, as `context` and `show` print it. */
function promptWords(
  { isSessionLog }: Model,
  prompt: ShownEffect["prompt_before"],
): string {
  if (prompt === null) return isSessionLog ? UNKNOWN : "no LLM request";
  const { bytes, input_tokens: tokens, call } = prompt;
  return `${call.handle}: ${
    bytes === null ? "size unknown" : bytesOf(bytes)
  }, ${tokens === null ? "tokens unknown" : `${countOf(tokens)} tokens`}`;
}

function repeatedWords(prompt: ShownEffect["prompt_before"]): string {
  const bytes = prompt?.repeated_bytes ?? null;
  return bytes === null ? UNKNOWN : bytesOf(bytes);
}

function compactedWords(row: CompactionRow): string {
  const { checkpoint_capture: capture, items_before, items_after } = row;
  if (capture !== null) {
    return `history compacted; both histories ${unrecordedText(capture)}`;
  }
  if (items_before === null || items_after === null) {
    return "history compacted; how many items is unknown";
  }
  return `history compacted: ${countOf(items_before)} → ${
    counted(items_after, "item")
  }`;
}
