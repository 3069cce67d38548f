/**
 * Describes a span or an arrow: for the tooltip, for screen readers, and for its label.
 *
 * @module
 */

import type { Pointer } from "../../../report_data.ts";
import type { Model } from "../../model/model.ts";
import { labelOf } from "../../model/names.ts";
import { TITLES } from "../../model/objects.ts";
import { countOf, durationOf, offsetOf, UNKNOWN } from "../../ui/figures.ts";
import { escapeLine } from "../../ui/escape.ts";
import { outcomeText } from "../../ui/status.tsx";
import { callTitle } from "../transcript/cards/tool_title.ts";
import type { Scene, Target } from "./layout/scene.ts";

/** The description of a target. */
export interface Description {
  /** Title of its kind, and its handle. */
  readonly title: string;
  /** Its label; it may contain text of the bundle. */
  readonly label: string;
  readonly status: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
}

const UNENDED = "no end recorded";

/** Describes a target of a scene; undefined when the scene does not have it. */
export function describe(
  model: Model,
  scene: Scene,
  { type, index }: Target,
): Description | undefined {
  return type === "span"
    ? describeSpan(model, scene, index)
    : describeEdge(model, scene, index);
}

/** The same in one sentence. */
export function sentence({ title, label, status, facts }: Description): string {
  const named = facts.map(([name, value]) => `${name} ${value}`);
  return [title, label, status, ...named].filter((each) => each !== "")
    .join(", ");
}

function describeSpan(
  model: Model,
  scene: Scene,
  index: number,
): Description | undefined {
  const span = scene.spans[index];
  if (span === undefined) return undefined;
  const { pointer, start, end } = span;
  return {
    title: `${TITLES[pointer[0]]} ${model.handle(pointer)}`,
    label: wordsOf(model, pointer, inputOf(model, index, scene)),
    status: outcomeText(span.outcome, span.status),
    facts: [
      [
        "start",
        isStartLost(model, pointer)
          ? UNKNOWN
          : offsetOf(model.sinceStart(start, span.seq)),
      ],
      ["duration", end === null ? UNENDED : durationOf(span.duration)],
      ...tokens(model, pointer[0] === "inference_call" ? pointer[1] : null),
      ...error(model, index, scene),
      ["thread", scene.lanes[span.lane]?.label ?? ""],
    ],
  };
}

/** Whether the start of a span is that of its first known event. */
function isStartLost(model: Model, pointer: Pointer): boolean {
  const row = model.find(pointer)?.row;
  return row !== undefined && "is_start_lost" in row && row.is_start_lost;
}

function wordsOf(model: Model, pointer: Pointer, input: string): string {
  const label = escapeLine(labelOf(model, pointer), 100);
  return input === "" ? label : `${label} · ${escapeLine(input, 160)}`;
}

function describeEdge(
  model: Model,
  scene: Scene,
  index: number,
): Description | undefined {
  const edge = scene.edges[index];
  if (edge === undefined) return undefined;
  return {
    title: `${TITLES.edge} ${model.handle(edge.pointer)}`,
    label: edge.label,
    status: edge.delivery ?? (edge.arrived ? "ended" : "not ended"),
    facts: [
      ["from", scene.lanes[edge.from.lane]?.label ?? ""],
      ["to", scene.lanes[edge.to.lane]?.label ?? ""],
      ["sent", offsetOf(model.sinceStart(edge.from.time, null))],
      ...(edge.delivery === "delivered"
        ? [
          ["delivery time", durationOf(edge.deliveryTime)] as const,
        ]
        : []),
    ],
  };
}

function tokens(
  model: Model,
  call: string | null,
): (readonly [string, string])[] {
  const usage = call === null ? null : model.call(call)?.usage ?? null;
  if (usage === null) return [];
  const input = countOf(usage.input_tokens);
  const cached = countOf(usage.cached_input_tokens);
  return [
    ["tokens in", `${input} (${cached} of them cached)`],
    ["tokens out", countOf(usage.output_tokens)],
  ];
}

function error(
  model: Model,
  index: number,
  scene: Scene,
): (readonly [string, string])[] {
  const span = scene.spans[index];
  if (span?.failed !== true) return [];
  const text = model.errorOf(span.pointer);
  return text === null ? [] : [["error", escapeLine(text, 200)]];
}

/** A label for a wide span: its label, and its input or its duration. */
export function longLabel(model: Model, scene: Scene, index: number): string {
  const span = scene.spans[index];
  if (span === undefined) return "";
  const input = inputOf(model, index, scene);
  const time = span.end === null ? "" : durationOf(span.duration);
  const more = input === "" ? time : input;
  if (span.kind === "operation" && input !== "") return escapeLine(input, 120);
  return more === "" ? span.label : `${span.label} · ${escapeLine(more, 120)}`;
}

/** What a tool call did, the input of a terminal operation or a cell; empty for other spans. */
function inputOf(model: Model, index: number, scene: Scene): string {
  const [kind, id] = scene.spans[index]?.pointer ?? ["thread", ""];
  switch (kind) {
    case "tool_call": {
      const tool = model.tool(id);
      return tool === undefined ? "" : callTitle(model, tool) ?? "";
    }
    case "terminal_operation":
      return model.text(model.operation(id)?.input ?? null);
    case "code_cell":
      return model.text(model.cell(id)?.source ?? null);
    default:
      return "";
  }
}
