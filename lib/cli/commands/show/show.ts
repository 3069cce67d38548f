/**
 * `show BUNDLE`: the session on one screen.
 *
 * @module
 */

import { summarize } from "../../../query/show/show.ts";
import { reportPageOf } from "../../shared/open/report_page.ts";
import { queryCommand } from "../../shared/query_command.ts";
import { showLines } from "./show_text.ts";

/** Runs `show`. */
export const runShow = queryCommand("show", ({ session, config }) => {
  const data = summarize(session, { prices: config.prices });
  return {
    found: true,
    data,
    page: reportPageOf(session, "overview"),
    lines: (render) => showLines(data, session.place, render),
  };
});
