/**
 * What the session was asked first, and what it said last.
 *
 * @module
 */

import type { Go } from "../state/use_place.ts";
import { Folded } from "../ui/folded.tsx";
import { Icon } from "../ui/icon.tsx";
import { ObjectLink } from "../ui/object_link.tsx";
import type { ViewProps } from "../view.ts";

/** The first prompt and the last answer. */
export function PromptAndAnswer(props: ViewProps & { go: Go }) {
  const { prompt_id: prompt, answer_id: answer } = props.model.data.show;
  if (prompt === null && answer === null) return null;
  return (
    <section class="panel beside">
      <Said {...props} title="First asked" id={prompt} />
      <Said {...props} title="Said last" id={answer} />
    </section>
  );
}

function Said(
  { model, ready, go, title, id }: ViewProps & {
    go: Go;
    title: string;
    id: string | null;
  },
) {
  const item = id === null ? undefined : model.item(id);
  const text =
    item?.parts.map(({ type, text }) => type === "text" ? model.text(text) : "")
      .filter((part) => part !== "").join("\n") ?? "";
  return (
    <div class="said">
      <div class="panel-head">
        <h2>
          <Icon name={title === "Said last" ? "inference_call" : "item"} />
          {title}
        </h2>
        {item === undefined ? null : (
          <ObjectLink
            model={model}
            pointer={["item", item.id]}
            onSelect={(selection) =>
              go({ view: "transcript", selection, at: null, of: null })}
            short
          />
        )}
      </div>
      {item === undefined
        ? <p class="faint">nothing was recorded</p>
        : ready
        ? <Folded text={text} as="prose" />
        : <p class="faint">reading …</p>}
    </div>
  );
}
