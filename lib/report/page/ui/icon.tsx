/**
 * Icons. Each is used beside a word.
 *
 * @module
 */

/** Shapes on a field of 16 by 16, as strokes. */
const SHAPES = {
  ok: "M3 8.5 6.5 12 13 4.5",
  bad: "M4 4l8 8M12 4l-8 8",
  off: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM4 12 12 4",
  run: "M8 2a6 6 0 1 0 6 6M8 5v3l2 1.5",
  warn: "M8 2.5 14.5 13.5h-13ZM8 6.5v3M8 11.4v.4",
  info: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM8 7.2v4M8 4.6v.4",
  overview: "M2.5 2.5h5v5h-5zM9.5 2.5h4v3h-4zM9.5 7.5h4v6h-4zM2.5 9.5h5v4h-5z",
  timeline: "M2 4h7M5 8h8M3.5 12h5.5",
  transcript: "M3 3h10v8H8l-3 2.5V11H3Z",
  agents:
    "M8 5.5v3M8 8.5H4v2M8 8.5h4v2M6.5 2.5h3v3h-3zM2.5 10.5h3v3h-3zM10.5 10.5h3v3h-3z",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.3 10.3 14 14",
  log: "M3 3h10M3 6.3h10M3 9.6h10M3 13h6",
  close: "M4 4l8 8M12 4l-8 8",
  theme: "M8 2a6 6 0 1 0 0 12ZM8 2a6 6 0 0 1 0 12",
  help: "M6 6a2 2 0 1 1 3 1.8c-.7.4-1 .8-1 1.7M8 12v.3",
  link:
    "M6.5 9.5l3-3M7 4.5l1-1a3 3 0 0 1 4.5 4.5l-1 1M9 11.5l-1 1A3 3 0 0 1 3.5 8l1-1",
  thread: "M4 2.5v11M4 5h6a2 2 0 0 1 2 2v1",
  turn: "M3 8a5 5 0 1 1 1.5 3.5M3 12.5V9.5h3",
  item: "M3 3h10v8H8l-3 2.5V11H3Z",
  inference_call: "M8 2l1.6 4.4L14 8l-4.4 1.6L8 14l-1.6-4.4L2 8l4.4-1.6Z",
  tool_call:
    "M10 2.5a3.5 3.5 0 0 0-3.3 4.7L2.5 11.4l2.1 2.1 4.2-4.2A3.5 3.5 0 0 0 13.4 5L11 7.2 8.8 5Z",
  code_cell: "M6 4 2.5 8 6 12M10 4l3.5 4L10 12",
  terminal_session: "M2.5 3h11v10h-11zM5 6.5l2 1.5-2 1.5M8.5 10h2.5",
  terminal_operation: "M4 5l3 3-3 3M8.5 11.5H12",
  compaction: "M3 3l5 3.5L13 3M3 13l5-3.5L13 13",
  compaction_request: "M3 3l5 3.5L13 3M4 10h8M4 13h8",
  edge: "M2.5 8h10M9 4.5 12.5 8 9 11.5",
  payload: "M4 2.5h5l3 3v8H4ZM9 2.5v3h3",
  open: "M6 4l4 4-4 4",
} as const;

export type IconName = keyof typeof SHAPES;

/** An icon, hidden from screen readers, which read the word beside it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[name]} />
    </svg>
  );
}
