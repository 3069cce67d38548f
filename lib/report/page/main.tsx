/**
 * The entry of the page: reads the data of the report and renders the page.
 *
 * @module
 */

import { render } from "preact";
import { App } from "./app.tsx";
import { Model } from "./model/model.ts";
import { escapeLine } from "./ui/escape.ts";
import { setLocalTimes } from "./ui/figures.ts";
import { Printing } from "./ui/printing.ts";
import { followSystem, lightTheme } from "./state/theme.ts";

const root = document.getElementById("app");
if (root !== null) {
  followSystem();
  const model = new Model((id) =>
    document.getElementById(id)?.textContent ?? undefined
  );
  setLocalTimes(model.data.has_local_times);
  const draw = (printing: boolean) =>
    render(
      <Printing.Provider value={printing}>
        <App model={model} />
      </Printing.Provider>,
      root,
    );
  draw(false);
  document.title = `${
    escapeLine(model.data.session.name)
  } · rollout-trace report`;
  // Rendered synchronously: the browser prints what the page shows when the event ends.
  addEventListener("beforeprint", () => {
    const restore = lightTheme();
    draw(true);
    addEventListener("afterprint", () => {
      restore();
      draw(false);
    }, { once: true });
  });
}
