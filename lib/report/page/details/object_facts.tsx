/**
 * What there is to know of an object of each kind.
 *
 * @module
 */

import type { ObjectKind } from "../../../query/names/object_kind.ts";
import type { Pointer, UsageRow, WindowRow } from "../../report_data.ts";
import type { Found } from "../model/objects.ts";
import {
  bytesOf,
  counted,
  countOf,
  lengthOf,
  momentOf,
} from "../ui/figures.ts";
import { ObjectLink } from "../ui/object_link.tsx";
import {
  code,
  type FactMaker,
  many,
  named,
  one,
  stateOf,
  text,
} from "./fact_values.tsx";
import type { Fact } from "./facts.tsx";

/** The facts of an object. */
export function factsOf(maker: FactMaker, found: Found): Fact[] {
  const { row } = found;
  return [
    ["id", code(row.id)],
    ...("started" in row && "status" in row ? windowFacts(row) : []),
    ...ownFacts(maker, found),
  ];
}

function windowFacts(row: WindowRow): Fact[] {
  return [
    ["status", stateOf(row.status)],
    ["duration", lengthOf(row)],
    ["started", momentOf(row.started)],
    ["ended", row.ended === null ? null : momentOf(row.ended)],
  ];
}

function ownFacts(maker: FactMaker, found: Found): Fact[] {
  switch (found.kind) {
    case "thread":
      return threadFacts(maker, found.row);
    case "turn":
      return [["thread", one(maker, "thread", found.row.thread_id)]];
    case "item":
      return itemFacts(maker, found.row);
    case "inference_call":
      return callFacts(maker, found.row);
    case "tool_call":
      return toolFacts(maker, found.row);
    case "code_cell":
      return cellFacts(maker, found.row);
    case "terminal_session":
      return [
        ["thread", one(maker, "thread", found.row.thread_id)],
        [
          "operations",
          many(maker, "terminal_operation", found.row.operation_ids),
        ],
      ];
    case "terminal_operation":
      return operationFacts(maker, found.row);
    case "compaction":
      return compactionFacts(maker, found.row);
    case "compaction_request":
      return summaryFacts(maker, found.row);
    case "edge":
      return edgeFacts(maker, found.row);
    case "payload":
      return [
        ["kind", found.row.kind.replaceAll("_", " ")],
        ["file", code(found.row.path)],
        ["size", found.row.bytes === null ? null : bytesOf(found.row.bytes)],
      ];
  }
}

type RowOf<K extends ObjectKind> = Extract<Found, { kind: K }>["row"];

function threadFacts(maker: FactMaker, row: RowOf<"thread">): Fact[] {
  return [
    ["agent path", text(row.agent_path)],
    ["nickname", named(row.nickname)],
    ["spawned by", one(maker, "thread", row.parent_id, "nobody: the root")],
    ["task", named(row.task_name)],
    ["role", named(row.agent_role)],
    ["default model", named(row.model)],
    ["items", countOf(row.items[1])],
  ];
}

function itemFacts(maker: FactMaker, row: RowOf<"item">): Fact[] {
  return [
    ["role", row.role],
    ["channel", row.channel ?? "none"],
    ["kind", row.kind.replaceAll("_", " ")],
    ["first seen", momentOf(row.at)],
    ...(row.accepted_at === null
      ? []
      : [["accepted", momentOf(row.accepted_at)] as const]),
    ["thread", one(maker, "thread", row.thread_id)],
    ["turn", one(maker, "turn", row.turn_id)],
    ["call id", named(row.call_id, "none")],
    ...(row.responses_item_id === null
      ? []
      : [["Responses id", code(row.responses_item_id)] as const]),
  ];
}

function callFacts(maker: FactMaker, row: RowOf<"inference_call">): Fact[] {
  return [
    ["model", text(row.model)],
    ["provider", text(row.provider_name)],
    ...usageFacts(row.usage),
    ["items seen", counted(row.request[1], "item")],
    ["answered", many(maker, "item", row.response_ids)],
    ["tools asked for", many(maker, "tool_call", row.tool_ids)],
    ["thread", one(maker, "thread", row.thread_id)],
    ["turn", one(maker, "turn", row.turn_id)],
    ["response id", named(row.response_id)],
    ["upstream request id", named(row.upstream_request_id)],
  ];
}

function usageFacts(usage: UsageRow | null): Fact[] {
  if (usage === null) return [["tokens", null]];
  return [
    [
      "tokens in",
      `${countOf(usage.input_tokens)}, of these ${
        countOf(usage.cached_input_tokens)
      } from a cache`,
    ],
    [
      "tokens out",
      `${countOf(usage.output_tokens)}, of these ${
        countOf(usage.reasoning_output_tokens)
      } reasoning`,
    ],
  ];
}

function toolFacts(maker: FactMaker, row: RowOf<"tool_call">): Fact[] {
  return [
    ["tool", text(row.label)],
    ["kind", row.kind.replaceAll("_", " ")],
    [
      "asked for by",
      one(maker, "code_cell", row.requester_cell_id, "the model"),
    ],
    ["thread", one(maker, "thread", row.thread_id)],
    ["turn", one(maker, "turn", row.turn_id)],
    ["call id", named(row.call_id, "none")],
    ["call seen in", many(maker, "item", row.call_item_ids)],
    ["output seen in", many(maker, "item", row.output_item_ids)],
    [
      "terminal operation",
      one(maker, "terminal_operation", row.operation_id, "none"),
    ],
    ...(row.started_cell_id === null ? [] : [
      ["started", one(maker, "code_cell", row.started_cell_id)] as const,
    ]),
    ...(row.mcp_call_id === null
      ? []
      : [["MCP call id", code(row.mcp_call_id)] as const]),
    ...(row.target_agent_path === null
      ? []
      : [["agent", text(row.target_agent_path)] as const]),
  ];
}

function cellFacts(maker: FactMaker, row: RowOf<"code_cell">): Fact[] {
  return [
    ["runtime status", row.runtime_status],
    [
      "first answer",
      row.initial_response_at === null
        ? null
        : `${
          momentOf(row.initial_response_at)
        }, ${row.initial_response_status}`,
    ],
    ["written in", one(maker, "item", row.source_item_id)],
    ["output seen in", many(maker, "item", row.output_item_ids)],
    ["called", many(maker, "tool_call", row.nested_tool_ids)],
    ["waited for by", many(maker, "tool_call", row.wait_tool_ids)],
    ["thread", one(maker, "thread", row.thread_id)],
    ["turn", one(maker, "turn", row.turn_id)],
    ["runtime id", named(row.runtime_cell_id)],
  ];
}

function operationFacts(
  maker: FactMaker,
  row: RowOf<"terminal_operation">,
): Fact[] {
  return [
    ["exit code", row.exit_code === null ? null : String(row.exit_code)],
    ["directory", named(row.cwd, "none")],
    ["terminal", one(maker, "terminal_session", row.terminal_id)],
    ["tool call", one(maker, "tool_call", row.tool_id)],
    [
      "output before it was cut",
      row.original_token_count === null
        ? null
        : `${countOf(row.original_token_count)} tokens`,
    ],
    ["output seen in", many(maker, "item", row.output_item_ids)],
  ];
}

function summaryFacts(
  maker: FactMaker,
  row: RowOf<"compaction_request">,
): Fact[] {
  return [
    ["model", text(row.model)],
    ["provider", text(row.provider_name)],
    ["compaction", one(maker, "compaction", row.compaction_id)],
    ["thread", one(maker, "thread", row.thread_id)],
    ["turn", one(maker, "turn", row.turn_id)],
  ];
}

function compactionFacts(maker: FactMaker, row: RowOf<"compaction">): Fact[] {
  return [
    ["took effect", momentOf(row.installed_at)],
    ["history before", counted(row.input[1], "item")],
    ["history after", counted(row.replacement[1], "item")],
    ["marked by", one(maker, "item", row.marker_item_id)],
    ["requests", many(maker, "compaction_request", row.request_ids)],
    ["thread", one(maker, "thread", row.thread_id)],
    ["turn", one(maker, "turn", row.turn_id)],
  ];
}

function edgeFacts(maker: FactMaker, row: RowOf<"edge">): Fact[] {
  const { model, onSelect } = maker;
  const end = (pointer: Pointer) => (
    <ObjectLink model={model} pointer={pointer} onSelect={onSelect} />
  );
  return [
    ["kind", row.kind.replaceAll("_", " ")],
    ["from", end(row.source)],
    ["from thread", one(maker, "thread", row.source_thread_id)],
    ["to", end(row.target)],
    ["to thread", one(maker, "thread", row.target_thread_id)],
    ["set going", momentOf(row.started)],
    ["arrived", row.ended === null ? "never" : momentOf(row.ended)],
    ["carried items", many(maker, "item", row.carried_item_ids)],
  ];
}
