/**
 * The entry of the page: reads the data of the report, or the worker of the viewer, and renders
 * the page.
 *
 * @module
 */

import { BLOCKS, type PageSessions } from "../block_names.ts";
import { App } from "./app.tsx";
import { SessionBlocks } from "./compare/session_blocks.ts";
import { Sessions } from "./compare/sessions.tsx";
import { Model } from "./model/model.ts";
import { readBlock } from "./model/read_block.ts";
import { renderPage } from "./render_page.tsx";
import { escapeLine } from "./ui/escape.ts";
import { setLocalTimes } from "./ui/figures.ts";
import { Viewer } from "./viewer/viewer.tsx";

const read = (id: string) => readBlock(document, id);
const root = document.getElementById("app");
const worker = read(BLOCKS.worker);
const sessions = read(BLOCKS.sessions);
if (root !== null && worker !== undefined) {
  renderPage(root, () => <Viewer worker={worker} />);
} else if (root !== null && sessions !== undefined) {
  const { names }: PageSessions = JSON.parse(sessions);
  const blocks = new SessionBlocks(names, read);
  renderPage(root, () => <Sessions blocks={blocks} />);
  setTitle(names);
} else if (root !== null) {
  const model = new Model(read);
  setLocalTimes(model.data.has_local_times);
  renderPage(root, () => <App model={model} />);
  setTitle([model.data.session.name]);
}

function setTitle(names: readonly string[]): void {
  document.title = `${
    names.map((name) => escapeLine(name)).join(" and ")
  } · rollout-trace report`;
}
