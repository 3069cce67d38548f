/**
 * Buttons that copy an object: its text, its JSON, its handle, a command, the request.
 *
 * @module
 */

import { useState } from "preact/hooks";
import type { Model } from "../model/model.ts";
import type { Found } from "../model/objects.ts";
import { type Copyable, copyables } from "./copied_texts.ts";

/** Properties of the buttons. */
export interface CopyMenuProps {
  readonly model: Model;
  readonly found: Found;
}

/** A button for each text that can be copied, and what the last one did. */
export function CopyMenu({ model, found }: CopyMenuProps) {
  const [result, setResult] = useState("");
  const copy = async ({ name, make }: Copyable) => {
    const made = make();
    if ("why" in made) return setResult(`not copied: ${made.why}`);
    setResult(
      await copyText(made.text)
        ? `${name} copied`
        : "not copied: the browser does not allow it",
    );
  };
  return (
    <div class="copy" role="group" aria-label="Copy">
      <span class="faint">copy</span>
      {copyables(model, found).map((each) => (
        <button
          key={each.name}
          type="button"
          class="link"
          onClick={() => void copy(each)}
        >
          {each.name}
        </button>
      ))}
      <span class="faint" role="status">{result}</span>
    </div>
  );
}

/** Copies a text; false where the browser refuses. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/** Copies without permission: some browsers give none to a page that is a file. */
function copySelected(text: string): boolean {
  const { activeElement } = document;
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "sr-only";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (activeElement instanceof HTMLElement) activeElement.focus();
  return done;
}
