/**
 * What the timeline adds up and folds, without a screen: critical paths, ranges, bundles of arrows.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import fc from "../support/random_seed.ts";
import { criticalPath } from "../../lib/report/page/views/timeline/layout/critical_path.ts";
import { edgePaths } from "../../lib/report/page/views/timeline/layout/edge_path.ts";
import {
  barTop,
  spanAt,
  stack,
} from "../../lib/report/page/views/timeline/layout/geometry.ts";
import { pack } from "../../lib/report/page/views/timeline/layout/pack.ts";
import { sumsByKind } from "../../lib/report/page/views/timeline/layout/range_sums.ts";
import { TimeScale } from "../../lib/report/page/views/timeline/layout/time_scale.ts";
import {
  rangeView,
  toPixel,
} from "../../lib/report/page/views/timeline/layout/viewport.ts";
import type { SpanKind } from "../../lib/report/page/views/timeline/layout/scene.ts";
import { lane, sceneOf, span } from "./timeline_scene.ts";

/** The path of the first span, by labels and times. */
function pathOf(scene: ReturnType<typeof sceneOf>) {
  return criticalPath(pack(scene), 0).map(({ span, from, to }) => [
    scene.spans[span]?.label,
    from,
    to,
  ]);
}

Deno.test("criticalPath() takes what ended last, and the span itself where nothing ran", () => {
  assertEquals(
    pathOf(sceneOf([
      span("turn", 0, 100, { kind: "turn" }),
      span("call", 5, 30, { parent: 0 }),
      span("short", 30, 40, { parent: 0 }),
      span("long", 31, 70, { parent: 0 }),
      span("op", 35, 60, { parent: 3 }),
      span("call2", 72, 95, { parent: 0 }),
    ])),
    [
      ["turn", 0, 5],
      ["call", 5, 30],
      ["short", 30, 31],
      ["long", 31, 35],
      ["op", 35, 60],
      ["long", 60, 70],
      ["turn", 70, 72],
      ["call2", 72, 95],
      ["turn", 95, 100],
    ],
  );
});

Deno.test("criticalPath() continues in the agent that a tool call waited for", () => {
  const scene = sceneOf([
    span("turn", 0, 100, { kind: "turn" }),
    {
      ...span("wait", 20, 90, { parent: 0, kind: "tool" }),
      isWaiting: true,
    },
    span("other turn", 10, 95, { kind: "turn", lane: 1 }),
    span("work", 30, 75, { parent: 2, lane: 1 }),
  ], {
    lanes: [lane("root"), lane("kid")],
    edges: [{
      from: { lane: 1, span: 2, time: 80 },
      to: { lane: 0, span: 0, time: 85 },
    }],
  });
  assertEquals(pathOf(scene), [
    ["turn", 0, 20],
    ["other turn", 20, 30],
    ["work", 30, 75],
    ["other turn", 75, 80],
    ["wait", 80, 90],
    ["turn", 90, 100],
  ]);
});

Deno.test("criticalPath() lasts as long as its turn, whatever ran in it", () => {
  const drawn = fc.record({
    start: fc.integer({ min: 0, max: 300 }),
    length: fc.option(fc.integer({ min: 0, max: 100 }), { freq: 8 }),
    parent: fc.integer({ min: -1, max: 20 }),
    lane: fc.integer({ min: 0, max: 1 }),
    kind: fc.constantFrom<SpanKind>("turn", "call", "tool"),
  });
  const ends = fc.record({
    from: fc.integer({ min: 0, max: 20 }),
    to: fc.integer({ min: 0, max: 20 }),
  });
  const many = fc.array(drawn, { maxLength: 40 });
  fc.assert(
    fc.property(many, fc.array(ends, { maxLength: 8 }), (all, edges) => {
      const spans = [
        span("turn", 50, 250, { kind: "turn" }),
        ...all.map(({ start, length, parent, lane, kind }, i) => ({
          ...span(`s${i}`, start, length === null ? null : start + length, {
            ...{ parent, lane, kind },
          }),
          isWaiting: kind === "tool",
        })),
      ];
      const end = (at: number) => ({
        lane: spans[at]?.lane ?? 0,
        span: at in spans ? at : -1,
        time: spans[at]?.start ?? 0,
      });
      const scene = sceneOf(spans, {
        lanes: [lane("a"), lane("b")],
        edges: edges.map(({ from, to }) => ({ from: end(from), to: end(to) })),
        end: 400,
      });
      const path = criticalPath(pack(scene), 0);
      let at = 50;
      for (const { from, to } of path) {
        assertEquals(from, at);
        assert(to > from);
        at = to;
      }
      assertEquals(at, 250);
    }),
  );
});

Deno.test("sumsByKind() counts what ran at once once, and only inside the range", () => {
  const scene = sceneOf([
    span("turn", 0, 100, { kind: "turn" }),
    span("a", 0, 40, { kind: "tool" }),
    span("b", 20, 60, { kind: "tool" }),
    span("c", 90, 99, { kind: "tool" }),
    span("call", 10, 50, { kind: "call" }),
    span("elsewhere", 10, 50, { kind: "call", lane: 1 }),
  ], { lanes: [lane("one"), lane("two")] });
  assertEquals(sumsByKind(scene, [0], [30, 70]), [
    { kind: "call", count: 1, ms: 20 },
    { kind: "tool", count: 2, ms: 30 },
  ]);
  assertEquals(sumsByKind(scene, [0, 1], [30, 70])[0]?.count, 2);
  assertEquals(sumsByKind(scene, [0], [70, 80]), []);
});

Deno.test("sumsByKind() reports no time where an end or a duration is unknown", () => {
  const open = sceneOf([
    span("a", 0, 10, { kind: "tool" }),
    span("b", 5, null, { kind: "tool" }),
  ], { end: 50 });
  assertEquals(sumsByKind(open, [0], [0, 20])[0]?.ms, null);
  assertEquals(sumsByKind(open, [0], [0, 4])[0], {
    kind: "tool",
    count: 1,
    ms: 4,
  });
  const jumped = sceneOf([
    { ...span("a", 0, 10, { kind: "tool" }), duration: null },
  ]);
  assertEquals(sumsByKind(jumped, [0], [0, 20])[0]?.ms, null);
});

Deno.test("stack() shows one row of a folded lane, in which spans are found", () => {
  const packed = pack(sceneOf([
    span("turn", 0, 100, { kind: "turn" }),
    span("a", 10, 40, { parent: 0 }),
    span("op", 12, 30, { parent: 1 }),
    span("other", 50, 60, { lane: 1 }),
  ], { lanes: [lane("one"), lane("two")] }));
  const measures = {
    header: 0,
    rowHeight: 20,
    top: 26,
    room: 0,
    lanes: [0, 1],
  };
  const full = stack(packed, { ...measures, folded: new Set() });
  const folded = stack(packed, { ...measures, folded: new Set([0]) });
  assert(folded.height < full.height - 40);
  assertEquals(folded.byLane[0]?.rows, [[1]]);
  assertEquals(barTop(packed, folded, 2), barTop(packed, folded, 1));
  const scale = new TimeScale(packed.scene.start, packed.scene.end);
  const view = rangeView(0, scale.length, scale.length, 1000);
  const projection = { packed, scale, view, group: () => 0 };
  const y = (barTop(packed, folded, 1) ?? 0) + 5;
  assertEquals(spanAt(folded, projection, [toPixel(view, 20), y]), 1);
});

Deno.test("edgePaths() bundle arrows of one kind that leave a lane close together", () => {
  const spans = [
    span("turn", 0, 1000, { kind: "turn" }),
    ...[1, 2, 3, 4].map((lane) => span(`turn ${lane}`, 100, 900, { lane })),
  ];
  const packed = pack(sceneOf(spans, {
    lanes: ["a", "b", "c", "d", "e"].map((name) => lane(name)),
    edges: [1, 2, 3, 4].map((to) => ({
      from: { lane: 0, span: 0, time: to === 4 ? 800 : 90 + to },
      to: { lane: to, span: to, time: to === 4 ? 810 : 100 },
    })),
  }));
  const scale = new TimeScale(packed.scene.start, packed.scene.end);
  const view = rangeView(0, scale.length, scale.length, 1000);
  const geometry = stack(packed, {
    ...{ header: 0, rowHeight: 20, top: 26, room: 0 },
    lanes: [0, 1, 2, 3, 4],
    folded: new Set(),
  });
  const paths = edgePaths(geometry, { packed, scale, view, group: () => 0 });
  const byEdge = paths.toSorted((a, b) => a.edge - b.edge);
  assertEquals(byEdge.map(({ bundled }) => bundled), [3, 0, 0, 1]);
  const lines = byEdge.slice(0, 3).map(({ handles }) => handles[0][0]);
  assertEquals(new Set(lines).size, 1);
});
