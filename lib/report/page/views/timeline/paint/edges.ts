/**
 * Arrows between lanes, each with the kind of its edge. An arrow that was not delivered is dashed
 * and ends in a circle.
 *
 * @module
 */

import type { EdgePath } from "../layout/edge_path.ts";
import { same } from "../layout/scene.ts";
import type { Frame } from "./frame.ts";
import type { Pen } from "./pen.ts";

/** Draws the arrows, the selected one last, and their words over them. */
export function drawEdges(pen: Pen, frame: Frame): void {
  const paths = frame.paths.toSorted((a, b) =>
    weight(frame, a) - weight(frame, b)
  );
  for (const path of paths) drawEdge(pen, frame, path);
  const taken: Box[] = [];
  for (const path of paths.reverse()) drawWord(pen, frame, path, taken);
}

/** Position of a word. */
interface Box {
  readonly x0: number;
  readonly x1: number;
  readonly y: number;
}

function weight(frame: Frame, { edge }: EdgePath): number {
  const target = { type: "edge", index: edge } as const;
  if (same(frame.selected, target)) return 3;
  if (same(frame.focused, target)) return 2;
  return same(frame.hovered, target) ? 1 : 0;
}

function drawEdge(pen: Pen, frame: Frame, path: EdgePath): void {
  const { ctx, palette } = pen;
  const edge = frame.projection.packed.scene.edges[path.edge];
  if (edge === undefined) return;
  const strong = weight(frame, path) > 0;
  const colour = strong ? palette.accent : palette.edge;
  const isThin = !strong && path.bundled !== 1;
  ctx.globalAlpha = frame.edgeDimmed(path.edge) ? 0.25 : isThin ? 0.6 : 1;
  ctx.strokeStyle = colour;
  ctx.lineWidth = strong ? 2.5 : isThin ? 1 : 1.5;
  ctx.setLineDash(edge.arrived ? [] : [4, 3]);
  const [a, b] = path.handles;
  ctx.beginPath();
  ctx.moveTo(...path.from);
  ctx.bezierCurveTo(...a, ...b, ...path.to);
  ctx.stroke();
  ctx.setLineDash([]);
  drawEnds(ctx, path, colour, edge.arrived);
  ctx.globalAlpha = 1;
}

function drawEnds(
  ctx: CanvasRenderingContext2D,
  { from, to, handles }: EdgePath,
  colour: string,
  arrived: boolean,
): void {
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.arc(from[0], from[1], 3, 0, 2 * Math.PI);
  ctx.fill();
  ctx.beginPath();
  if (!arrived) {
    ctx.arc(to[0], to[1], 3, 0, 2 * Math.PI);
    ctx.stroke();
    return;
  }
  const angle = Math.atan2(to[1] - handles[1][1], to[0] - handles[1][0]);
  const corner = (turn: number) =>
    [
      to[0] - 8 * Math.cos(angle + turn),
      to[1] - 8 * Math.sin(angle + turn),
    ] as const;
  ctx.moveTo(...to);
  ctx.lineTo(...corner(0.42));
  ctx.lineTo(...corner(-0.42));
  ctx.fill();
}

/** Draws a word between the lanes, unless it would cover another word. */
function drawWord(
  pen: Pen,
  frame: Frame,
  path: EdgePath,
  taken: Box[],
): void {
  const { ctx, palette } = pen;
  const { scene } = frame.projection.packed;
  const { from, to, kind } = scene.edges[path.edge] ?? {};
  const upper = Math.min(from?.lane ?? 0, to?.lane ?? 0);
  const isFolded = frame.geometry.byLane[upper]?.isFolded === true;
  const isStrong = weight(frame, path) > 0;
  // A folded lane has no room for words.
  if (!isStrong && (isFolded || path.bundled === 0)) return;
  const word = path.bundled > 1 ? `${kind} ×${path.bundled}` : kind ?? "";
  const width = pen.width(word, palette.small) + 8;
  const [at, y] = path.word;
  const max = frame.projection.view.width - width / 2 - 2;
  const isInView = at >= -width && at <= max + width;
  const x = isInView ? Math.min(Math.max(at, width / 2 + 2), max) : at;
  const box = { x0: x - width / 2, x1: x + width / 2, y };
  const covers = (other: Box) =>
    other.x0 < box.x1 && other.x1 > box.x0 && Math.abs(other.y - y) < 14;
  if (taken.some(covers)) return;
  taken.push(box);
  ctx.globalAlpha = frame.edgeDimmed(path.edge) ? 0.4 : 1;
  ctx.beginPath();
  ctx.roundRect(box.x0, y - 7, width, 14, 4);
  ctx.fillStyle = palette.surface;
  ctx.fill();
  ctx.strokeStyle = isStrong ? palette.accent : palette.edge;
  ctx.lineWidth = 1;
  ctx.stroke();
  pen.text(word, [box.x0 + 4, y + 0.5], width, palette.text, palette.small);
  ctx.globalAlpha = 1;
}
