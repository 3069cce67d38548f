/**
 * JSON as a tree that the reader opens level by level.
 *
 * @module
 */

import { useMemo, useState } from "preact/hooks";
import { escapeLine, escapeText } from "../escape.ts";
import { countOf } from "../figures.ts";
import { Folded } from "../folded.tsx";
import { Icon } from "../icon.tsx";
import { More } from "../more.tsx";
import { type JsonPart, partsOf, sourceOf, stringOf } from "./json_parts.ts";

/** Levels that are open at first, where they are small. */
const OPEN_LEVELS = 3;
const OPEN_MEMBERS = 12;
/** Members of one level that are shown before the reader expands it. */
const SEEN = 60;
/** Deeper levels are not shown as a tree: there is no room to indent them. */
const MAX_LEVELS = 100;
/** Characters of a string that are shown in its line. */
const LINE_CHARACTERS = 160;

/** Properties of a tree. */
export interface JsonTreeProps {
  readonly text: string;
  /** The value in the text. */
  readonly part: JsonPart;
}

export function JsonTree({ text, part }: JsonTreeProps) {
  return (
    <div class="json-tree">
      <Node text={text} part={part} level={0} />
    </div>
  );
}

interface NodeProps extends JsonTreeProps {
  readonly level: number;
}

function Node({ text, part, level }: NodeProps) {
  const { key, type } = part;
  const name = key === null
    ? null
    : <span class="json-key">{escapeLine(stringOf(key))}:</span>;
  if (type !== "object" && type !== "array") {
    return (
      <div class="json-line">
        {name}
        <Scalar text={text} part={part} />
      </div>
    );
  }
  return <Container text={text} part={part} level={level} />;
}

function Container({ text, part, level }: NodeProps) {
  const { key, size, type } = part;
  const [open, setOpen] = useState(
    level === 0 || (level < OPEN_LEVELS && size <= OPEN_MEMBERS),
  );
  const [left, right] = type === "object" ? "{}" : "[]";
  const name = key === null
    ? null
    : <span class="json-key">{escapeLine(stringOf(key))}:</span>;
  if (size === 0) {
    return (
      <div class="json-line">
        {name}
        <span>{left}{right}</span>
      </div>
    );
  }
  return (
    <div>
      <button
        type="button"
        class={`json-line json-toggle ${open ? "open" : ""}`}
        aria-expanded={open}
        disabled={level >= MAX_LEVELS}
        onClick={() => setOpen(!open)}
      >
        <Icon name="open" />
        {name}
        <span>
          {left}
          {open ? "" : `…${right}`}
        </span>
        <span class="faint">
          {countOf(size)} {type === "object"
            ? size === 1 ? "key" : "keys"
            : size === 1
            ? "element"
            : "elements"}
          {level >= MAX_LEVELS ? ", deeper than the tree goes" : ""}
        </span>
      </button>
      {open ? <Members text={text} part={part} level={level + 1} /> : null}
    </div>
  );
}

function Members({ text, part, level }: NodeProps) {
  const members = useMemo(() => partsOf(text, part), [text, part]);
  return (
    <ul>
      <More
        items={members}
        max={SEEN}
        wrap={(button) => <li>{button}</li>}
        render={(each, i) => (
          <li key={i}>
            <Node text={text} part={each} level={level} />
          </li>
        )}
      />
    </ul>
  );
}

/** A value without members: strings with several lines keep them. */
function Scalar({ text, part }: JsonTreeProps) {
  const source = sourceOf(text, part);
  if (part.type !== "string") {
    return <span class="json-other">{escapeText(source)}</span>;
  }
  const value = stringOf(source);
  if (value.length <= LINE_CHARACTERS && !value.includes("\n")) {
    return <bdi class="json-string">{escapeText(source)}</bdi>;
  }
  return <Folded text={value} as="code" />;
}
