/**
 * The viewer: a page that becomes the report of the session that is dropped on it.
 *
 * @module
 */

import { useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks";
import { App } from "../app.tsx";
import { escapeLine } from "../ui/escape.ts";
import { counted } from "../ui/figures.ts";
import { Text } from "../ui/text.tsx";
import { filesOfDrop } from "./dropped_files.ts";
import { ViewerBar } from "./viewer_bar.tsx";
import { EMPTY, ViewerControl, type ViewerState } from "./viewer_state.ts";

/** The viewer. `worker` is the script of the worker that reads sessions. */
export function Viewer({ worker }: { worker: string }) {
  const [state, setState] = useState<ViewerState>(EMPTY);
  const control = useMemo(() => new ViewerControl(worker, setState), [worker]);
  const isOver = useDrop(control);
  const { model } = state;
  // After a frame is early enough: nothing that the reader does depends on it.
  useEffect(() => {
    document.title = `${
      model === null ? "" : `${escapeLine(model.data.session.name)} · `
    }rollout-trace viewer`;
  }, [model]);
  return (
    <div class={isOver ? "viewer over" : "viewer"}>
      <ViewerBar state={state} control={control} />
      {model !== null
        ? <App key={numberOf(model)} model={model} />
        : state.sessions.length > 1 && state.session === null
        ? <Choice sessions={state.sessions} control={control} />
        : <Start />}
    </div>
  );
}

/** What can be dropped. */
function Start() {
  return (
    <main id="main" class="viewer-start">
      <h1>Drop a trace bundle or a session log here</h1>
      <p>
        A bundle is a folder, a .tar, .tar.gz or .zip, of every schema of Codex;
        a session log is a file rollout-….jsonl. Several can be dropped at once.
      </p>
      <p class="faint">
        They are read in this page. Nothing is sent anywhere, and nothing is
        stored.
      </p>
    </main>
  );
}

/** The sessions of a drop, of which none was chosen yet. */
function Choice(
  { sessions, control }: {
    sessions: ViewerState["sessions"];
    control: ViewerControl;
  },
) {
  return (
    <main id="main" class="viewer-start">
      <h1>Choose one of {counted(sessions.length, "session")}</h1>
      <ul class="viewer-choice">
        {sessions.map(({ path, source }, i) => (
          <li key={path}>
            <button
              type="button"
              class="tool-button"
              onClick={() => control.open(i)}
            >
              <Text value={path} />
            </button>{" "}
            <span class="faint">
              {source === "session_log" ? "session log" : ""}
            </span>
          </li>
        ))}
      </ul>
    </main>
  );
}

const numbers = new WeakMap<object, number>();
let lastNumber = 0;

/** A number for each report, so that another one begins with a state of its own. */
function numberOf(model: object): number {
  const number = numbers.get(model) ?? ++lastNumber;
  numbers.set(model, number);
  return number;
}

/** Takes drops anywhere on the page; returns whether something is dragged over it. */
function useDrop(control: ViewerControl): boolean {
  const [isOver, setOver] = useState(false);
  // At once, not after the first frame: until then the browser itself opens what is dropped.
  useLayoutEffect(() => {
    const over = (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      const { dataTransfer } = event;
      if (dataTransfer === null || dataTransfer.items.length === 0) return;
      const files = filesOfDrop(dataTransfer);
      control.drop(() => files);
    };
    addEventListener("dragover", over);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, [control]);
  return isOver;
}
