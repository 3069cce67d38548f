/**
 * A page of several sessions: its blocks, its addresses, and what it omits of a comparison.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { openBundle } from "../../lib/query/session/open_bundle.ts";
import { buildReport } from "../../lib/report/build/build_report.ts";
import { pageComparison } from "../../lib/report/build/page_comparison.ts";
import { SessionBlocks } from "../../lib/report/page/compare/session_blocks.ts";
import { objectAddress } from "../../lib/query/session/names/object_address.ts";
import {
  placeHref,
  readSessionPlace,
} from "../../lib/report/page/state/session_place.ts";
import { readRoute, writeRoute } from "../../lib/report/page/state/route.ts";
import {
  reportParts,
  sessionMark,
  writeReport,
} from "../../lib/report/html/report_html.ts";
import { loadPage } from "../../lib/report/load_page.ts";
import { recorded } from "./report_file.ts";

const PAGE_ASSET = await loadPage();
const [FIRST, SECOND] = [recorded("0.164.0-shell"), recorded("0.145.0-shell")]
  .map((bundle) => openBundle(bundle));

function pageOf(): string {
  if (FIRST === undefined || SECOND === undefined) return "";
  const options = {
    version: "0",
    payloads: "used",
    maxPayloadBytes: 1e6,
  } as const;
  const others = [{
    report: buildReport(SECOND, options),
    reader: SECOND.payloads,
    comparison: pageComparison(FIRST, SECOND),
  }];
  const report = buildReport(FIRST, options);
  const decoder = new TextDecoder();
  let html = "";
  writeReport(
    reportParts(report, PAGE_ASSET, others),
    report,
    FIRST.payloads,
    (chunk) => html += decoder.decode(chunk, { stream: true }),
    others,
  );
  return html;
}

Deno.test("a page of two sessions has both, each with its texts and payloads, and compares them", () => {
  const html = pageOf();
  const blocks = new Map(
    Array.from(
      html.matchAll(
        /<script type="application\/json" id="([a-z0-9-]+)">([^<]*)</g,
      ),
      ([, id = "", text = ""]) => [id, text] as const,
    ),
  );
  const { names } = JSON.parse(blocks.get("sessions") ?? "");
  assertEquals(names, ["0.164.0-shell/bundle", "0.145.0-shell/bundle"]);
  const sessions = new SessionBlocks(names, (name) => blocks.get(name));
  for (const [at, session] of [FIRST, SECOND].entries()) {
    const model = sessions.model(at + 1);
    assertEquals(model.data.session.trace_id, session?.trace.trace_id);
    assert(html.includes(sessionMark(session?.trace.trace_id ?? "?")));
    const payload = model.rows.payloads.find(({ block }) => block !== null);
    assert(payload !== undefined && model.payloadText(payload) !== undefined);
    assert(model.text(0) !== "");
    // The address of the second names it; that of the first stays as in a page of one.
    const hash = writeRoute(readRoute("#call=2", model), model);
    assertEquals(hash.includes("s=2"), at === 1);
  }
  const { turns } = sessions.comparison(2);
  assertEquals(turns.threads[0]?.turns[0]?.omitted_rows, 0);
});

Deno.test("the address of a page of several names a session or a comparison", () => {
  const place = (hash: string) => {
    const { type, session } = readSessionPlace(hash, 3);
    return `${type} ${session}`;
  };
  assertEquals(place(""), "comparison 2");
  assertEquals(place("#compare=3"), "comparison 3");
  assertEquals(place("#compare=4"), "session 1");
  assertEquals(place("#s=3&view=log"), "session 3");
  assertEquals(place("#call=2"), "session 1");
  assertEquals(place("#s=-1"), "session 1");
  const open = "#compare=2&open=3_1";
  assertEquals(placeHref(readSessionPlace(open, 3)), open);
  const unknown = readSessionPlace("#compare=2&open=x_0_2_2_-1", 3);
  assertEquals(placeHref(unknown), "#compare=2&open=2");
  const ref = { kind: "inference_call", id: "a&b", handle: "call:3" } as const;
  assertEquals(objectAddress(2, ref), "#s=2&call=3");
  assertEquals(objectAddress(2, { ...ref, handle: "a&b" }), "#s=2&call=a%26b");
});
