/**
 * The page of a report begins here: it reads its data and draws itself.
 *
 * @module
 */

import { render } from "preact";
import { App } from "./app.tsx";
import { Model } from "./model/model.ts";
import { shownLine } from "./ui/shown.ts";
import { Printing } from "./ui/virtual_list.tsx";
import { followSystem, lightTheme } from "./state/theme.ts";

const root = document.getElementById("app");
if (root !== null) {
  followSystem();
  const model = new Model((id) => document.getElementById(id)?.textContent ?? undefined);
  const draw = (printing: boolean) =>
    render(
      <Printing.Provider value={printing}>
        <App model={model} />
      </Printing.Provider>,
      root,
    );
  draw(false);
  document.title = `${shownLine(model.data.session.name)} · rollout-trace report`;
  // At once: the browser prints what is there when the event is over.
  addEventListener("beforeprint", () => {
    const restore = lightTheme();
    draw(true);
    addEventListener("afterprint", () => {
      restore();
      draw(false);
    }, { once: true });
  });
}
