/**
 * The minimap: the complete session, a thin line per row of each lane, failures that matter as
 * marks over the full height.
 *
 * @module
 */

import { type Projection, sharesOf, visibleBlocks } from "../layout/blocks.ts";
import type { Pen } from "./pen.ts";

/** Draws the complete scene. The view of `projection` is the full axis. */
export function drawMinimap(
  pen: Pen,
  projection: Projection,
  lanes: readonly number[],
  height: number,
): void {
  const { ctx, palette } = pen;
  const { spans } = projection.packed.scene;
  ctx.clearRect(0, 0, projection.view.width, height);
  const lines = lanes.flatMap((lane) => projection.packed.rows[lane] ?? []);
  const each = (height - 4) / Math.max(1, lines.length);
  lines.forEach((row, at) => {
    const y = 2 + at * each;
    const thick = Math.max(0.75, Math.min(each - Math.min(1, each / 4), 6));
    for (const block of visibleBlocks(row, projection)) {
      const span = spans[row[block.first] ?? -1];
      if (span === undefined) continue;
      const width = Math.max(1, block.x1 - block.x0);
      ctx.globalAlpha = span.kind === "turn" ? 0.45 : 0.9;
      let top = y;
      for (const [kind, part] of sharesOf(row, block, projection)) {
        const { strong } = palette.kinds[kind];
        pen.fill(block.x0, top, width, thick * part, strong);
        top += thick * part;
      }
    }
  });
  ctx.globalAlpha = 1;
  drawFailed(pen, projection, lanes, height);
}

function drawFailed(
  pen: Pen,
  projection: Projection,
  lanes: readonly number[],
  height: number,
): void {
  const { spans } = projection.packed.scene;
  for (
    const row of lanes.flatMap((lane) => projection.packed.rows[lane] ?? [])
  ) {
    const failed = row.filter((span) => spans[span]?.isGrave === true);
    for (const { x0 } of visibleBlocks(failed, projection)) {
      pen.fill(x0 - 0.5, 0, 1.5, height, pen.palette.bad.strong);
    }
  }
}
