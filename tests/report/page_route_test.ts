/**
 * The address of the page without a browser: written and read back it is the same, and what is not
 * valid counts as absent.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import fc from "../support/random_seed.ts";
import { openBundle } from "../../lib/query/session/open_bundle.ts";
import type { PageWatch } from "../../lib/report/block_names.ts";
import { buildReport } from "../../lib/report/build/build_report.ts";
import { commandOf } from "../../lib/report/page/details/copied_texts.ts";
import { Model } from "../../lib/report/page/model/model.ts";
import {
  timelineObject,
  transcriptPlace,
} from "../../lib/report/page/model/carriers.ts";
import { TABLES } from "../../lib/report/page/model/objects.ts";
import { NO_PLACES } from "../../lib/report/page/state/places.ts";
import {
  DETAILS_TABS,
  readRoute,
  type Route,
  writeRoute,
} from "../../lib/report/page/state/route.ts";
import { VIEWS } from "../../lib/report/page/state/view_name.ts";
import { inertJson } from "../../lib/report/html/inert_json.ts";
import { OBJECT_KINDS } from "../../lib/query/session/names/object_kind.ts";
import { recorded } from "./report_file.ts";

function modelOf(name: string, isWatched = true): Model {
  const { data, texts } = buildReport(openBundle(recorded(name)), {
    version: "0",
    payloads: "used",
    maxPayloadBytes: 1 << 20,
  });
  const watch: PageWatch = { made_at_unix_ms: 0, seconds: 5 };
  const blocks = new Map([
    ["report", inertJson(data)],
    ...isWatched ? [["watch", inertJson(watch)] as const] : [],
    ...texts.map((each, i) => [`texts-${i}`, inertJson(each)] as const),
  ]);
  return new Model((id) => blocks.get(id));
}

const MODEL = modelOf("0.164.0-agents_v2_sol_tree");

/** Every object of a session. */
const OBJECTS = OBJECT_KINDS.flatMap((kind) =>
  MODEL.rows[TABLES[kind]].map(({ id }) => [kind, id] as const)
);

/** Any state of the page that the reader can reach. */
function routes() {
  const { start, end } = MODEL.span();
  const one = <T>(rows: readonly T[]) => fc.constantFrom(...rows);
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
  const ids = (rows: readonly { id: string }[]) =>
    maybe(one(rows.map(({ id }) => id)));
  const range = maybe(
    fc.tuple(
      fc.integer({ min: -100, max: end - start - 1 }),
      fc.integer({ min: 1, max: 1_000_000 }),
    ).map(([from, length]) => [from, Math.max(from + length, 1)] as const),
  );
  const lanes = MODEL.rows.threads.map((_, lane) => lane);
  return fc.record({
    view: one(VIEWS),
    selection: maybe(one(OBJECTS)),
    at: ids(MODEL.rows.calls),
    of: ids(MODEL.rows.threads),
    query: fc.string(),
    filters: fc.record({
      failed: fc.boolean(),
      tool: maybe(fc.string({ minLength: 1 })),
      thread: ids(MODEL.rows.threads),
    }),
    tab: one(DETAILS_TABS),
    reloads: fc.boolean(),
    scroll: fc.integer({ min: 1, max: 99_999_999 }),
    timeline: fc.record({
      zoom: range,
      range,
      isIdleFull: fc.boolean(),
      isPathShown: fc.boolean(),
      folded: maybe(fc.subarray(lanes)),
    }),
  }).map(({ scroll, timeline, ...rest }): Route => ({
    ...rest,
    tab: rest.selection === null ? "overview" : rest.tab,
    places: {
      scroll: { [rest.view]: scroll },
      timeline: rest.view === "timeline" ? timeline : NO_PLACES.timeline,
    },
  }));
}

Deno.test("an address that was written is read as the same state", () => {
  fc.assert(fc.property(routes(), (route) => {
    assertEquals(readRoute(writeRoute(route, MODEL), MODEL), route);
  }));
});

Deno.test("any text after # is read as a state that is written and read as itself", () => {
  const words = fc.constantFrom(
    ...["view", "v", "y", "t", "range", "fold", "idle", "path", "tab", "call"],
    ...[
      "at",
      "of",
      "only",
      "kind",
      "failed",
      "q",
      "item",
      "__proto__",
      "reload",
    ],
  );
  const values = fc.oneof(
    fc.string(),
    fc.constantFrom("1", "timeline", "1_2", "1-3", "1-999999", "none", "0"),
    fc.constantFrom("__proto__", "-1_1e9", "NaN_NaN", "1.2.3", "constructor"),
  );
  const hash = fc.array(fc.tuple(words, values)).map((pairs) =>
    "#" + new URLSearchParams(pairs.map(([name, value]) => [name, value]))
  );
  fc.assert(fc.property(fc.oneof(hash, fc.string()), (text) => {
    const route = readRoute(text, MODEL);
    assertEquals(readRoute(writeRoute(route, MODEL), MODEL), route);
    const { zoom, range, folded } = route.places.timeline;
    for (const each of [zoom, range]) {
      assert(each === null || each[0] < each[1]);
    }
    assert((folded ?? []).every((lane) => MODEL.rows.threads[lane]));
  }));
});

Deno.test("only the page of a session that is recorded loads itself again", () => {
  const hash = "#view=log&reload=1";
  const route = readRoute(hash, MODEL);
  assertEquals([route.reloads, writeRoute(route, MODEL)], [true, hash]);
  const ended = modelOf("0.169.0-hello", false);
  const { reloads } = readRoute(hash, ended);
  assertEquals(reloads, false);
});

Deno.test("places of another version are ignored, and all else is read", () => {
  const { view, places, selection } = readRoute(
    "#v=9&view=timeline&t=1_2&y=9&fold=1&call=1",
    MODEL,
  );
  assertEquals([view, places, selection?.[0]], [
    "timeline",
    NO_PLACES,
    "inference_call",
  ]);
});

Deno.test("an address names an object as the commands do", () => {
  const { view, selection } = readRoute("#call=3", MODEL);
  assertEquals(view, "transcript");
  assertEquals(selection && MODEL.handle(selection), "call:3");
});

Deno.test("every object but payloads without one leads to timeline and transcript", () => {
  for (const pointer of OBJECTS) {
    const carrier = timelineObject(MODEL, pointer);
    const place = transcriptPlace(MODEL, pointer);
    if (pointer[0] === "payload") {
      assertEquals(carrier === null, place === null, pointer[1]);
      continue;
    }
    assert(carrier !== null && MODEL.find(carrier), pointer.join(" "));
    assert(place !== null && MODEL.find(place.selection), pointer.join(" "));
  }
});

Deno.test("a copied command never has what a terminal may interpret", () => {
  const named = (name: string) => commandOf(name, "call:1");
  assertEquals(named("a/bundle"), "rollout-trace explain a/bundle call:1");
  assertEquals(named("my run"), "rollout-trace explain 'my run' call:1");
  for (
    const name of [
      ...["a'b", "x\ny", "\x1b[2J", "$(rm)", "`x`", "a\u202eb", ";x", "-x"],
    ]
  ) {
    assertEquals(named(name), "rollout-trace explain BUNDLE call:1");
  }
  assertEquals(commandOf("a", "x y"), "rollout-trace explain a 'x y'");
});
