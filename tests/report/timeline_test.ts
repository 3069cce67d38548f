/**
 * The timeline without a screen: rows, time, ticks, what merges, what is under a point, where
 * the keyboard leads.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import fc from "../support/random_seed.ts";
import {
  type Projection,
  sharesOf,
  visibleBlocks,
} from "../../lib/report/page/views/timeline/layout/blocks.ts";
import {
  edgeAt,
  edgePaths,
  pointOn,
} from "../../lib/report/page/views/timeline/layout/edge_path.ts";
import {
  barTop,
  spanAt,
  stack,
} from "../../lib/report/page/views/timeline/layout/geometry.ts";
import {
  pack,
  type Packed,
} from "../../lib/report/page/views/timeline/layout/pack.ts";
import type { SpanKind } from "../../lib/report/page/views/timeline/layout/scene.ts";
import { ticks } from "../../lib/report/page/views/timeline/layout/ticks.ts";
import { TimeScale } from "../../lib/report/page/views/timeline/layout/time_scale.ts";
import {
  fitAll,
  fitRange,
  panBy,
  rangeView,
  reveal,
  toPixel,
  toPosition,
  zoomAt,
} from "../../lib/report/page/views/timeline/layout/viewport.ts";
import {
  type Step,
  walk,
} from "../../lib/report/page/views/timeline/layout/walk.ts";
import { lane, type Place, sceneOf, span } from "./timeline_scene.ts";
import { startWork } from "../support/work_cost.ts";

/** Rows of a lane as the labels of their spans. */
function rowsOf({ rows, scene }: Packed, at = 0): string[][] {
  return (rows[at] ?? []).map((row) =>
    row.map((index) => scene.spans[index]?.label ?? "")
  );
}

function lensOf(packed: Packed, width = 1000): Projection {
  const scale = new TimeScale(packed.scene.start, packed.scene.end);
  const view = rangeView(0, scale.length, scale.length, width);
  return { packed, scale, view, group: () => 0 };
}

function assertLess(a: number, b: number, why = ""): void {
  assert(a < b, `${a} is not below ${b} ${why}`);
}

function assertGreater(a: number, b: number): void {
  assert(a > b, `${a} is not above ${b}`);
}

const PLACE: Place = {
  header: 0,
  rowHeight: 20,
  top: 26,
  room: 0,
  folded: new Set(),
};

Deno.test("pack() puts what runs inside a span under it, one after the other in one row", () => {
  const packed = pack(sceneOf([
    span("turn", 0, 100),
    span("call", 10, 20, { parent: 0 }),
    span("tool", 20, 40, { parent: 0 }),
    span("op", 25, 39, { parent: 2 }),
    span("call2", 40, 60, { parent: 0 }),
  ]));
  assertEquals(rowsOf(packed), [["turn"], ["call", "tool", "call2"], ["op"]]);
});

Deno.test("pack() puts parallel work side by side, with what is inside it", () => {
  const packed = pack(sceneOf([
    span("turn", 0, 100),
    span("a", 10, 60, { parent: 0 }),
    span("a1", 20, 50, { parent: 1 }),
    span("b", 15, 40, { parent: 0 }),
    span("b1", 18, 30, { parent: 3 }),
    span("c", 41, 55, { parent: 0 }),
    span("d", 61, 70, { parent: 0 }),
  ]));
  assertEquals(rowsOf(packed), [
    ["turn"],
    ["a", "d"],
    ["a1"],
    ["b", "c"],
    ["b1"],
  ]);
});

Deno.test("pack() sets two things at one moment in two rows", () => {
  const packed = pack(sceneOf([span("a", 5, 5), span("b", 5, 5)]));
  assertEquals(rowsOf(packed), [["a"], ["b"]]);
});

Deno.test("pack() returns room to what continues longer than the span around it", () => {
  const packed = pack(sceneOf([
    span("tool", 0, 10),
    span("op", 2, 50, { parent: 0 }),
    span("next", 12, 20),
    span("inside", 13, 15, { parent: 2 }),
  ]));
  assertEquals(rowsOf(packed), [["tool"], ["op"], ["next"], ["inside"]]);
});

Deno.test("pack() draws what never ended until its parent ended, or else the session", () => {
  const packed = pack(sceneOf([
    span("turn", 0, 80),
    span("call", 10, null, { parent: 0 }),
    span("lost", 90, null),
  ], { end: 200 }));
  assertEquals([...packed.until], [80, 80, 200]);
});

Deno.test("pack() bears circles, foreign parents and ends before beginnings", () => {
  const packed = pack(sceneOf([
    span("a", 0, 10, { parent: 1 }),
    span("b", 0, 10, { parent: 0 }),
    span("self", 20, 30, { parent: 2 }),
    span("far", 5, 1, { parent: 0, lane: 1 }),
    span("gone", 5, 6, { parent: 99 }),
  ], { lanes: [lane("one"), lane("two")] }));
  assertEquals(packed.rows.flat(2).toSorted(), [0, 1, 2, 3, 4]);
  assertEquals(packed.parent[3], -1);
  assertEquals(packed.until[3], 5);
});

Deno.test("pack() never lets two spans of a row overlap, whatever they are", () => {
  const drawn = fc.record({
    start: fc.integer({ min: 0, max: 300 }),
    length: fc.option(fc.integer({ min: 0, max: 100 }), { freq: 8 }),
    parent: fc.integer({ min: -1, max: 30 }),
    lane: fc.integer({ min: 0, max: 2 }),
    kind: fc.constantFrom<SpanKind>("turn", "call", "tool"),
  });
  fc.assert(fc.property(fc.array(drawn, { maxLength: 60 }), (many) => {
    const scene = sceneOf(
      many.map(({ start, length, parent, lane, kind }, i) =>
        span(
          `s${i}`,
          start,
          length === null ? null : start + length,
          { parent, lane, kind },
        )
      ),
      { lanes: [lane("a"), lane("b"), lane("c")], end: 400 },
    );
    const packed = pack(scene);
    assertEquals(pack(scene).rows, packed.rows);
    assertEquals(packed.rows.flat(2).length, scene.spans.length);
    for (const row of packed.rows.flat()) {
      for (let i = 1; i < row.length; i++) {
        const before = packed.until[row[i - 1] ?? 0] ?? 0;
        assert(before <= (scene.spans[row[i] ?? 0]?.start ?? -1));
      }
    }
    scene.spans.forEach((_, index) => {
      const above = packed.parent[index] ?? -1;
      if (above === -1) return;
      assertGreater(packed.row[index] ?? 0, packed.row[above] ?? 0);
    });
  }));
});

Deno.test("pack() takes 20,000 spans in less than a second", () => {
  const spans = Array.from(
    { length: 20_000 },
    (_, i) =>
      i % 10 === 0
        ? span(`t${i}`, i * 10, i * 10 + 100)
        : span(`s${i}`, i * 10, i * 10 + 9, { parent: i - i % 10 }),
  );
  const worked = startWork();
  const packed = pack(sceneOf(spans, { end: 200_100 }));
  assertLess(worked(), 1000);
  assertEquals(packed.rows[0]?.length, 2);
});

Deno.test("TimeScale shortens long idle times and finds the way back", () => {
  const scene = sceneOf([
    span("a", 0, 10_000),
    span("b", 3_610_000, 3_620_000),
    span("c", 3_621_000, 3_630_000),
  ], { end: 3_630_000 });
  const scale = TimeScale.of(scene, true);
  assertEquals(scale.gaps.map(({ start, end }) => [start, end]), [
    [10_000, 3_610_000],
  ]);
  assertLess(scale.length, 35_000);
  assertGreater(scale.left, 3_590_000);
  for (const time of [0, 1, 9_999, 10_000, 1_800_000, 3_610_000, 3_625_000]) {
    const back = scale.toTime(scale.toPosition(time));
    assertLess(Math.abs(back - time), 1e-3, `${time} became ${back}`);
  }
  assertEquals(TimeScale.of(scene, false).length, 3_630_000);
});

Deno.test("TimeScale does not take what never ended for work that continued", () => {
  const scene = sceneOf([span("a", 0, null), span("b", 900_000, 901_000)], {
    end: 901_000,
  });
  assertEquals(TimeScale.of(scene, true).gaps.length, 1);
});

Deno.test("TimeScale keeps order whatever the gaps", () => {
  const windows = fc.array(
    fc.tuple(
      fc.integer({ min: 0, max: 1e7 }),
      fc.integer({ min: 0, max: 1e5 }),
    ),
    { minLength: 1, maxLength: 12 },
  );
  const moments = fc.array(fc.integer({ min: 0, max: 2e7 }), { minLength: 2 });
  fc.assert(fc.property(windows, moments, (many, times) => {
    const spans = many.map(([at, long], i) => span(`s${i}`, at, at + long));
    const scale = TimeScale.of(sceneOf(spans, { end: 2e7 }), true);
    const places = times.toSorted((a, b) => a - b).map((t) =>
      scale.toPosition(t)
    );
    places.forEach((place, i) => assert(place >= (places[i - 1] ?? -Infinity)));
  }));
});

Deno.test("zoomAt() keeps the place under the pointer, and stops at either end", () => {
  let view = fitAll(10_000, 800);
  const under = toPosition(view, 300);
  view = zoomAt(view, 4, 300, 10_000);
  assertLess(Math.abs(toPixel(view, under) - 300), 1e-6);
  for (let i = 0; i < 60; i++) view = zoomAt(view, 2, 300, 10_000);
  assertGreater(view.to - view.from, 3.9);
  for (let i = 0; i < 60; i++) view = zoomAt(view, 0.5, 300, 10_000);
  assertEquals(view, fitAll(10_000, 800));
});

Deno.test("panBy() and reveal() never leave the session", () => {
  const all = fitAll(10_000, 800);
  const close = fitRange(4000, 4100, 10_000, 800);
  assertEquals(panBy(close, 1e9, 10_000).to, all.to);
  assertEquals(panBy(close, -1e9, 10_000).from, all.from);
  const moved = reveal(close, 9000, 9010, 10_000);
  assert(moved.from < 9000 && moved.to > 9010);
  assertEquals(reveal(close, 4050, 4060, 10_000), close);
});

Deno.test("ticks() are round, apart from each other, and not inside a gap", () => {
  const scene = sceneOf([
    span("a", 0, 30_000),
    span("b", 600_000, 630_000),
  ], { end: 630_000 });
  const scale = TimeScale.of(scene, true);
  const found = ticks(scale, fitAll(scale.length, 1000));
  assertEquals(found.map(({ label }) => label), [
    ...["0", "10 s", "20 s", "30 s", "10:10", "10:20", "10:30"],
  ]);
  const close = ticks(scale, rangeView(0, 4, scale.length, 1000));
  assertEquals(close.map(({ label }) => label), [
    ...["0", "1 ms", "2 ms", "3 ms", "4 ms"],
  ]);
  const [gap] = scale.gaps;
  const inside = rangeView(
    (gap?.from ?? 0) + 1,
    (gap?.to ?? 0) - 1,
    scale.length,
    9,
  );
  assertEquals(ticks(scale, inside), []);
});

Deno.test("visibleBlocks() merges what is under a pixel, never across groups", () => {
  const spans = Array.from(
    { length: 10_000 },
    (_, i) => span(`s${i}`, i * 10, i * 10 + 8),
  );
  const packed = pack(sceneOf(spans, { end: 100_000 }));
  const row = packed.rows[0]?.[0] ?? [];
  const projection = lensOf(packed);
  const blocks = visibleBlocks(row, projection);
  assertLess(blocks.length, 1001);
  assertEquals(blocks.reduce((n, b) => n + b.last - b.first + 1, 0), 10_000);
  const one = visibleBlocks(row, {
    ...projection,
    group: (s) => s === 5005 ? 1 : 0,
  });
  assertEquals(
    one.filter((b) => b.first === 5005 && b.last === 5005).length,
    1,
  );
});

Deno.test("visibleBlocks() shows only what is in view", () => {
  const spans = Array.from(
    { length: 1000 },
    (_, i) => span(`s${i}`, i * 10, i * 10 + 8),
  );
  const packed = pack(sceneOf(spans, { end: 10_000 }));
  const projection = lensOf(packed);
  const view = rangeView(500, 600, projection.scale.length, 1000);
  const blocks = visibleBlocks(packed.rows[0]?.[0] ?? [], {
    ...projection,
    view,
  });
  assertEquals([blocks[0]?.first, blocks.at(-1)?.first], [50, 60]);
});

Deno.test("spanAt() finds every span where it is drawn", () => {
  const packed = pack(sceneOf([
    span("turn", 0, 1000),
    span("a", 100, 400, { parent: 0 }),
    span("b", 200, 300, { parent: 0 }),
    span("instant", 700, 700, { parent: 0 }),
    span("other", 500, 600, { lane: 1 }),
  ], { lanes: [lane("one"), lane("two")] }));
  const projection = lensOf(packed);
  const geometry = stack(packed, { ...PLACE, lanes: [0, 1] });
  packed.scene.spans.forEach(({ start, end }, index) => {
    const x = toPixel(projection.view, (start + (end ?? start)) / 2);
    const y = (barTop(packed, geometry, index) ?? 0) + 5;
    assertEquals(spanAt(geometry, projection, [x, y]), index);
  });
  assertEquals(spanAt(geometry, projection, [450, 56]), -1);
  const one = stack(packed, { ...PLACE, lanes: [1] });
  assertEquals(barTop(packed, one, 0), null);
});

Deno.test("edgePaths() lead from sender to receiver and are found where they are drawn", () => {
  const packed = pack(sceneOf([
    span("tool", 100, 200),
    span("turn", 220, 500, { lane: 1 }),
  ], {
    lanes: [lane("one"), lane("two")],
    end: 1000,
    edges: [{
      from: { lane: 0, span: 0, time: 120 },
      to: { lane: 1, span: 1, time: 220 },
    }],
  }));
  const projection = lensOf(packed);
  const geometry = stack(packed, { ...PLACE, lanes: [0, 1] });
  const [path] = edgePaths(geometry, projection);
  assert(path !== undefined);
  assertEquals([path.from[0], path.to[0]].map(Math.round), [120, 220]);
  for (const part of [0.05, 0.3, 0.5, 0.77, 0.95]) {
    assertEquals(edgeAt([path], pointOn(path, part)), 0);
  }
  assertEquals(edgeAt([path], [600, 60]), -1);
  const hidden = stack(packed, { ...PLACE, lanes: [0] });
  assertEquals(edgePaths(hidden, projection), []);
});

Deno.test("walk() goes along, in, out and from lane to lane", () => {
  const packed = pack(sceneOf([
    span("turn1", 0, 100),
    span("a", 10, 20, { parent: 0 }),
    span("b", 20, 30, { parent: 0 }),
    span("turn2", 200, 300),
    span("c", 210, 220, { parent: 3 }),
    span("child", 25, 90, { lane: 1 }),
  ], { lanes: [lane("one"), lane("two")] }));
  const go = (from: number, step: Step) =>
    walk(packed, from, step, { lanes: [0, 1], matches: null });
  assertEquals(go(-1, "next"), 0);
  assertEquals(go(0, "in"), 1);
  assertEquals(go(1, "next"), 2);
  assertEquals(go(2, "next"), 4, "the walk continues inside the next turn");
  assertEquals(go(4, "previous"), 2);
  assertEquals(go(4, "out"), 3);
  assertEquals(go(3, "next"), 3);
  assertEquals(go(2, "lane_down"), 5);
  assertEquals(go(5, "lane_up"), 0);
  assertEquals(go(5, "lane_down"), 5);
  assertEquals([go(2, "first"), go(2, "last")], [0, 5]);
});

Deno.test("walk() goes only to what matches when a filter is on", () => {
  const packed = pack(sceneOf([
    span("turn", 0, 100),
    span("a", 10, 20, { parent: 0 }),
    span("b", 20, 30, { parent: 0 }),
    span("c", 40, 50, { lane: 1 }),
  ], { lanes: [lane("one"), lane("two")] }));
  const reach = { lanes: [0, 1], matches: (s: number) => s === 1 || s === 3 };
  assertEquals(walk(packed, -1, "next", reach), 1);
  assertEquals(walk(packed, 1, "next", reach), 3);
  assertEquals(walk(packed, 0, "next", reach), 1);
  assertEquals(walk(packed, 3, "previous", reach), 1);
  assertEquals(
    walk(packed, -1, "next", { lanes: [0], matches: (s) => s === 3 }),
    -1,
  );
});

Deno.test("pack() keeps turns on top when what they started continues after them", () => {
  const packed = pack(sceneOf([
    span("turn1", 0, 100, { kind: "turn" }),
    span("server", 50, 400, { parent: 0 }),
    span("turn2", 200, 300, { kind: "turn" }),
    span("call", 210, 220, { parent: 2 }),
    span("orphan", 120, 130),
  ]));
  assertEquals(rowsOf(packed), [
    ["turn1", "turn2"],
    ["server"],
    ["orphan", "call"],
  ]);
});

Deno.test("sharesOf() reports what a block is made of by the time it took", () => {
  const packed = pack(sceneOf([
    span("call", 0, 10, { kind: "call" }),
    span("tool", 10, 40, { kind: "tool" }),
  ]));
  const block = { first: 0, last: 1, x0: 0, x1: 1 };
  const shares = sharesOf(packed.rows[0]?.[0] ?? [], block, { packed });
  assertEquals(shares, [["call", 0.25], ["tool", 0.75]]);
});
