/**
 * A text of the bundle by what it is: JSON as a tree, a difference by file, Markdown as elements,
 * else as it was recorded.
 *
 * @module
 */

import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import { Folded } from "../folded.tsx";
import type { CodeLanguage } from "./code/code_tokens.ts";
import { jsonIn } from "./json_parts.ts";
import { useFoundEnd } from "./finding.ts";
import { JsonTree } from "./json_tree.tsx";
import { Markdown } from "./markdown/markdown.tsx";
import { markdownTokens } from "./markdown/markdown_tokens.ts";
import { PatchBlock } from "./patch_block.tsx";
import { diffFilesIn } from "./patch_text.ts";
import { TerminalBlock } from "./terminal_block.tsx";

/** Properties of a text. */
export interface ContentProps {
  readonly text: string;
  /** How it is set where it is neither JSON nor a difference. */
  readonly as: "prose" | "code" | "terminal";
  /** The language of code; null or absent where it is not known. */
  readonly language?: CodeLanguage | null;
}

/** A text of the bundle, with a switch to the text as it was recorded. */
export function Content({ text, as, language }: ContentProps) {
  const known = useMemo(() => formOf(text, as), [text, as]);
  if (known !== undefined) {
    return <Switched text={text} name={known.name}>{known.view}</Switched>;
  }
  return as === "terminal"
    ? <TerminalBlock text={text} />
    : <Folded text={text} as={as} language={language} />;
}

function formOf(
  text: string,
  as: ContentProps["as"],
): { name: string; view: ComponentChildren } | undefined {
  const part = jsonIn(text);
  if (part !== undefined) {
    return { name: "JSON", view: <JsonTree text={text} part={part} /> };
  }
  const files = diffFilesIn(text);
  if (files !== null) {
    return { name: "difference", view: <PatchBlock files={files} /> };
  }
  const tokens = as === "prose" ? markdownTokens(text) : null;
  return tokens === null
    ? undefined
    : { name: "Markdown", view: <Markdown tokens={tokens} /> };
}

/** Properties of a text that has another form than the recorded one. */
export interface SwitchedProps {
  readonly text: string;
  /** What the other form is. */
  readonly name: string;
  readonly children: ComponentChildren;
}

/** Another form of a text, with a switch to the text as it was recorded. */
export function Switched({ text, name, children }: SwitchedProps) {
  const [chosen, setRaw] = useState(false);
  const found = useFoundEnd(text);
  // What is found may be in a part that is closed; the recorded text opens up to it.
  const raw = chosen || (found > 0 && name !== "Markdown");
  return (
    <div>
      {raw ? <Folded text={text} as="code" /> : children}
      <div class="fold-buttons">
        <button type="button" class="link" onClick={() => setRaw(!raw)}>
          {raw ? `as ${name}` : "as recorded"}
        </button>
      </div>
    </div>
  );
}
