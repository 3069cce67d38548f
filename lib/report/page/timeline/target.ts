/**
 * What can be pointed at in a timeline.
 *
 * @module
 */

/** A span or an arrow, by its position in the scene. */
export interface Target {
  readonly type: "span" | "edge";
  readonly index: number;
}

/** Whether two targets are the same thing. */
export function same(a: Target | null, b: Target | null): boolean {
  return a?.type === b?.type && a?.index === b?.index;
}
