/**
 * The first prompt and the last answer of the session.
 *
 * @module
 */

import {
  type CaptureFigures,
  captureText,
  unrecordedText,
} from "../../../../text/capture_text.ts";
import type { Go } from "../../state/use_route.ts";
import { Content } from "../../ui/content/content.tsx";
import { Icon } from "../../ui/icon.tsx";
import { ObjectLink } from "../../ui/object_link.tsx";
import type { ViewProps } from "../../view.ts";

/** The first prompt and the last answer. */
export function PromptAndAnswer(props: ViewProps & { go: Go }) {
  const { prompt_id: prompt, answer_id: answer, ...shown } =
    props.model.data.show;
  const { prompt_capture, answer_capture, reported_answer } = shown;
  const { is_complete } = shown.completeness;
  const none = is_complete
    ? "not recorded"
    : props.model.isSessionLog
    ? "unknown"
    : "unknown: evidence was lost";
  const isKnown = prompt !== null || answer !== null ||
    reported_answer !== null;
  if (
    !isKnown && is_complete && prompt_capture === null &&
    answer_capture === null
  ) {
    return null;
  }
  return (
    <section class="panel beside">
      <PromptPanel
        {...props}
        title="First prompt"
        id={prompt}
        capture={prompt_capture}
        none={none}
      />
      <PromptPanel
        {...props}
        title="Last answer"
        id={answer}
        capture={answer_capture}
        none={none}
        reported={reported_answer}
        isUnaccepted={shown.answer_is_accepted === false}
      />
    </section>
  );
}

function PromptPanel(
  {
    model,
    ready,
    go,
    title,
    id,
    capture,
    none,
    reported = null,
    isUnaccepted = false,
  }: ViewProps & {
    go: Go;
    title: string;
    id: string | null;
    capture: CaptureFigures | null;
    /** What is shown in place of a text that is not known. */
    none: string;
    /** The text as the end of a turn repeats it, if there is no item. */
    reported?: string | null;
    isUnaccepted?: boolean;
  },
) {
  const item = id === null ? undefined : model.item(id);
  const text =
    item?.parts.map(({ type, text }) => type === "text" ? model.text(text) : "")
      .filter((part) => part !== "").join("\n") ?? "";
  return (
    <div class="prompt-panel">
      <div class="panel-head">
        <h2>
          <Icon name={title === "Last answer" ? "inference_call" : "item"} />
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
      {capture === null ? null : (
        <p class="error-text">
          {item === undefined
            ? unrecordedText(capture)
            : `part of it ${captureText(capture)}`}
        </p>
      )}
      {isUnaccepted && <p class="faint">never accepted into the history</p>}
      {item === undefined && reported !== null
        ? <Content text={reported} as="prose" />
        : item === undefined
        ? capture === null ? <p class="faint">{none}</p> : null
        : ready
        ? <Content text={text} as="prose" />
        : <p class="faint">reading …</p>}
    </div>
  );
}
