/**
 * The content of an item: text, code, JSON, and references to content that is not in the graph.
 *
 * @module
 */

import type { ComponentChildren } from "preact";
import { captureText } from "../../../text/capture_text.ts";
import type { ItemRow, PartRow, Pointer } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import { DataImageButton } from "./content/image/data_image.tsx";
import { Received } from "./content/received.tsx";
import { counted } from "./figures.ts";
import { Content, type ContentProps } from "./content/content.tsx";
import { languageNamed } from "./content/code/code_tokens.ts";
import { Icon } from "./icon.tsx";
import { ObjectLink } from "./object_link.tsx";
import { Code, Text } from "./text.tsx";

/** Properties of a body. */
export interface ItemBodyProps {
  readonly model: Model;
  readonly item: ItemRow;
  readonly onSelect: (pointer: Pointer) => void;
}

/** The parts of an item, in order. */
export function ItemBody({ model, item, onSelect }: ItemBodyProps) {
  if (item.parts.length === 0) {
    return <p class="faint part">no content</p>;
  }
  return (
    <>
      {item.parts.map((part, i) => (
        <div class="part" key={i}>
          <Part
            model={model}
            part={part}
            as={item.kind.endsWith("_output") ? "terminal" : "prose"}
            isLast={i === item.parts.length - 1}
            onSelect={onSelect}
          />
        </div>
      ))}
    </>
  );
}

interface PartProps {
  readonly model: Model;
  readonly part: PartRow;
  /** Layout of plain text: the output of tools keeps its columns. */
  readonly as: ContentProps["as"];
  readonly isLast: boolean;
  readonly onSelect: (pointer: Pointer) => void;
}

function Part({ model, part, as, isLast, onSelect }: PartProps) {
  const text = model.text(part.text);
  const evidence = <Evidence model={model} part={part} onSelect={onSelect} />;
  switch (part.type) {
    case "text":
      return as === "terminal"
        ? <Received text={text} isLast={isLast} />
        : <Content text={text} as={as} />;
    case "summary":
      return <Labelled label="reasoning summary" text={text} as="prose" />;
    case "code":
      return (
        <Labelled
          label={<Text value={part.label ?? "code"} />}
          text={text}
          as="code"
          language={languageNamed(part.label)}
        />
      );
    case "json":
      return (
        <Labelled
          label={part.payload_id === null
            ? "JSON"
            : <>JSON, possibly truncated; complete in {evidence}</>}
          text={text}
          as="code"
        />
      );
    case "encoded":
      return (
        <p class="encoded">
          <Icon name="off" />
          <span>
            <Text value={part.label ?? "encoded"} />,{" "}
            {counted(text.length, "character")} that only the provider can read
          </span>
        </p>
      );
    case "payload_ref":
      return (
        <>
          <Reference part={part}>{evidence}</Reference>
          {part.label === "input_image"
            ? <DataImageButton model={model} part={part} />
            : null}
        </>
      );
  }
}

function Labelled(
  { label, ...content }: ContentProps & { label: ComponentChildren },
) {
  return (
    <>
      <span class="part-label">{label}</span>
      <Content {...content} />
    </>
  );
}

/** Content that is not in the graph, such as an image: a reference. */
function Reference(
  { part, children }: { part: PartRow; children: ComponentChildren },
) {
  return (
    <p class="encoded">
      <Icon name="payload" />
      <span>
        <Text value={part.label ?? "content"} />
        {part.payload_id === null
          ? ""
          : part.capture === null
          ? ", in"
          : ` ${captureText(part.capture)}; payload`}
      </span>
      {children}
      {part.sha256 === null ? null : (
        <span class="faint">
          sha256 <Code value={part.sha256.slice(0, 16)} />…
        </span>
      )}
    </p>
  );
}

function Evidence(
  { model, part: { payload_id: id }, onSelect }: Pick<
    PartProps,
    "model" | "part" | "onSelect"
  >,
) {
  if (id === null) return null;
  return (
    <ObjectLink
      model={model}
      pointer={["payload", id]}
      onSelect={onSelect}
      short
    />
  );
}
