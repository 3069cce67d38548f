/**
 * The page of a report begins here: it reads its data and draws itself.
 *
 * @module
 */

import { render } from "preact";
import { App } from "./app.tsx";
import { readData } from "./model/blocks.ts";
import { Model } from "./model/model.ts";
import { followSystem } from "./state/theme.ts";

const root = document.getElementById("app");
if (root !== null) {
  followSystem();
  render(<App model={new Model(readData())} />, root);
}
