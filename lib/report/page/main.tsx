/**
 * The entry of the page: reads the data of the report and renders the page.
 *
 * @module
 */

import { App } from "./app.tsx";
import { Model } from "./model/model.ts";
import { renderPage } from "./render_page.tsx";
import { escapeLine } from "./ui/escape.ts";
import { setLocalTimes } from "./ui/figures.ts";

const root = document.getElementById("app");
if (root !== null) {
  const model = new Model((id) =>
    document.getElementById(id)?.textContent ?? undefined
  );
  setLocalTimes(model.data.has_local_times);
  renderPage(root, () => <App model={model} />);
  document.title = `${
    escapeLine(model.data.session.name)
  } · rollout-trace report`;
}
