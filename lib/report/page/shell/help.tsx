/**
 * The help: every key, and how to share the page.
 *
 * @module
 */

import { useLayoutEffect, useRef } from "preact/hooks";
import { AGENTS_KEYS } from "../views/agents/agents_view.tsx";
import { SHELL_KEYS } from "./use_keys.ts";
import { TIMELINE_KEYS } from "../views/timeline/keyboard.ts";
import { TRANSCRIPT_KEYS } from "../views/transcript/transcript_view.tsx";
import { Icon } from "../ui/icon.tsx";

type Keys = readonly (readonly [keys: string, what: string])[];

/** A dialog that lists the keys. */
export function Help({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="help"
      aria-labelledby="help-title"
      onClose={onClose}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div class="panel-head">
        <h2 id="help-title">Keys</h2>
        <button
          type="button"
          class="tool-button"
          onClick={() => dialog.current?.close()}
        >
          <Icon name="close" />close
        </button>
      </div>
      <KeyList title="Everywhere" keys={SHELL_KEYS} />
      <KeyList title="Transcript" keys={TRANSCRIPT_KEYS} />
      <KeyList title="Timeline" keys={TIMELINE_KEYS} />
      <KeyList title="Agents" keys={AGENTS_KEYS} />
      <p class="faint">
        This page is one file. It loads nothing and sends nothing. The part of
        the address after # names the current view: share it with the file.
      </p>
    </dialog>
  );
}

function KeyList({ title, keys }: { title: string; keys: Keys }) {
  if (keys.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <dl class="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
