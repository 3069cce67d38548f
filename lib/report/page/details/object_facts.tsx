/**
 * The facts of an object, by its kind.
 *
 * @module
 */

import {
  type CaptureFigures,
  captureText,
  unrecordedText,
} from "../../../text/capture_text.ts";
import type { Pointer, UsageRow, WindowRow } from "../../report_data.ts";
import { deliveryOf, hasNoResult } from "../model/names.ts";
import type { Found, RowOf } from "../model/objects.ts";
import {
  cellFacts,
  operationFacts,
  terminalFacts,
  toolFacts,
} from "./running_facts.tsx";
import {
  bytesOf,
  counted,
  countOf,
  durationOf,
  momentOf,
} from "../ui/figures.ts";
import { ObjectLink } from "../ui/object_link.tsx";
import {
  code,
  type Fact,
  type FactMaker,
  known,
  many,
  named,
  one,
  text,
} from "../ui/facts.tsx";

/** The facts of an object. */
export function factsOf(maker: FactMaker, found: Found): Fact[] {
  const { row } = found;
  return [
    ["id", code(row.id)],
    ...("started" in row && "status" in row
      ? windowFacts(maker, found.kind, row)
      : []),
    ...ownFacts(maker, found),
  ];
}

function windowFacts(
  { model }: FactMaker,
  kind: Found["kind"],
  row: WindowRow,
): Fact[] {
  const started = row.is_start_lost ? "unknown" : momentOf(row.started);
  // No event marks the end of a process.
  if (kind === "terminal_session") return [["started", started]];
  // Of what ran in a turn, a session log has the lines that were written about it.
  const isWritten = model.isSessionLog && kind !== "turn" && kind !== "thread";
  return [
    ["status", row.status === "unknown" ? null : row.status],
    ["duration", durationOf(row.duration_ms)],
    [
      isWritten ? "first line" : "started",
      started,
    ],
    [
      isWritten ? "line of its end" : "ended",
      row.ended === null ? null : momentOf(row.ended),
    ],
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
      return terminalFacts(maker, found.row);
    case "terminal_operation":
      return operationFacts(maker, found.row);
    case "compaction":
      return compactionFacts(maker, found.row);
    case "compaction_request":
      return summaryFacts(maker, found.row);
    case "edge":
      return edgeFacts(maker, found.row);
    case "payload":
      return payloadFacts(maker, found.row);
  }
}

function payloadFacts(maker: FactMaker, row: RowOf["payload"]): Fact[] {
  const isOmitted = row.capture?.status === "omitted";
  return [
    ["kind", row.kind.replaceAll("_", " ")],
    ...(row.capture === null
      ? []
      : [["recorded", captureText(row.capture)] as const]),
    ...(isOmitted ? [] : [
      ["file", row.path === null ? null : code(row.path)] as const,
      ["size", row.bytes === null ? null : bytesOf(row.bytes)] as const,
    ]),
    ...(row.shard === null ? [] : [["shard", countOf(row.shard)] as const]),
    ...(row.part_ids.length === 0
      ? []
      : [["parts", many(maker, "payload", row.part_ids)] as const]),
  ];
}

/** A fact that something was not recorded; none where it was. */
function lostFact(name: string, capture: CaptureFigures | null): Fact[] {
  return capture === null ? [] : [[name, unrecordedText(capture)]];
}

function threadFacts(maker: FactMaker, row: RowOf["thread"]): Fact[] {
  const isRoot = row.origin_type === "root";
  return [
    ["agent path", text(row.agent_path)],
    ...known("nickname", named(row.nickname || null)),
    [
      "spawned by",
      isRoot ? "none (root thread)" : one(maker, "thread", row.parent_id),
    ],
    ...row.origin_type === "spawned"
      ? [["task", named(row.task_name)] as const]
      : [],
    ...known("role", named(row.agent_role || null)),
    ["default model", named(row.model)],
    ["items", countOf(row.items[1])],
    ...hasNoResult(maker.model, row.id)
      ? [["its result", "none was recorded"] as const]
      : [],
  ];
}

function itemFacts(maker: FactMaker, row: RowOf["item"]): Fact[] {
  return [
    ["role", row.role],
    ["channel", row.channel ?? "none"],
    ["kind", row.kind.replaceAll("_", " ")],
    ["first seen", momentOf(row.at)],
    ...(row.accepted_at === null
      ? []
      : [["accepted", momentOf(row.accepted_at)] as const]),
    ...(row.receipt_payload_id === null ? [] : [
      [
        "accepted with",
        one(maker, "payload", row.receipt_payload_id),
      ] as const,
    ]),
    ["thread", one(maker, "thread", row.thread_id)],
    ["turn", one(maker, "turn", row.turn_id)],
    ["call id", named(row.call_id, "none")],
    ...(row.responses_item_id === null
      ? []
      : [["Responses id", code(row.responses_item_id)] as const]),
  ];
}

function callFacts(maker: FactMaker, row: RowOf["inference_call"]): Fact[] {
  return [
    ["model", text(row.model)],
    ["provider", text(row.provider_name)],
    ...lostFact("request", row.request_capture),
    ...lostFact("response", row.response_capture),
    ...usageFacts(row.usage),
    [
      "request items",
      row.request_capture === null
        ? itemsSeen(row.request[1], row.unrecorded_request_items)
        : null,
    ],
    [
      "response items",
      row.response_capture === null
        ? many(maker, "item", row.response_ids)
        : null,
    ],
    [
      "tool calls",
      row.response_capture === null
        ? many(maker, "tool_call", row.tool_ids)
        : null,
    ],
    ...(row.prepared_payload_id === null ? [] : [
      [
        "prepared prompt",
        one(maker, "payload", row.prepared_payload_id),
      ] as const,
    ]),
    ...(row.warmup_payload_id === null ? [] : [
      ["warm-up", one(maker, "payload", row.warmup_payload_id)] as const,
    ]),
    ["thread", one(maker, "thread", row.thread_id)],
    ["turn", one(maker, "turn", row.turn_id)],
    ["response id", named(row.response_id)],
    ["upstream request id", named(row.upstream_request_id)],
  ];
}

function itemsSeen(items: number, lost: number): string {
  const known = counted(items, "item");
  return lost === 0 ? known : `${known}, and ${countOf(lost)} not recorded`;
}

function usageFacts(usage: UsageRow | null): Fact[] {
  if (usage === null) return [["tokens", null]];
  return [
    [
      "tokens in",
      `${countOf(usage.input_tokens)}, of these ${
        countOf(usage.cached_input_tokens)
      } cached`,
    ],
    [
      "tokens out",
      `${countOf(usage.output_tokens)}, of these ${
        countOf(usage.reasoning_output_tokens)
      } reasoning`,
    ],
  ];
}

function summaryFacts(
  maker: FactMaker,
  row: RowOf["compaction_request"],
): Fact[] {
  return [
    ["model", text(row.model)],
    ["provider", text(row.provider_name)],
    ...lostFact("request", row.request_capture),
    ...lostFact("response", row.response_capture),
    ["compaction", one(maker, "compaction", row.compaction_id)],
    ["thread", one(maker, "thread", row.thread_id)],
    ["turn", one(maker, "turn", row.turn_id)],
  ];
}

function compactionFacts(maker: FactMaker, row: RowOf["compaction"]): Fact[] {
  const { items_before: before, items_after: after } = row;
  return [
    ["installed", momentOf(row.installed_at)],
    ...lostFact("checkpoint", row.checkpoint_capture),
    ["history before", before === null ? null : counted(before, "item")],
    ["history after", after === null ? null : counted(after, "item")],
    ["marker item", one(maker, "item", row.marker_item_id)],
    ["compaction requests", many(maker, "compaction_request", row.request_ids)],
    ["thread", one(maker, "thread", row.thread_id)],
    ["turn", one(maker, "turn", row.turn_id)],
  ];
}

function edgeFacts(maker: FactMaker, row: RowOf["edge"]): Fact[] {
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
    ["started", momentOf(row.started)],
    ["ended", row.ended === null ? null : momentOf(row.ended)],
    ...deliveryFacts(row),
    ["carried items", many(maker, "item", row.carried_item_ids)],
  ];
}

function deliveryFacts(row: RowOf["edge"]): Fact[] {
  switch (deliveryOf(row)) {
    case null:
      return [];
    case "delivered":
      return [
        ["delivered", row.delivered === null ? null : momentOf(row.delivered)],
        ["delivery time", durationOf(row.delivery_ms)],
      ];
    case "not delivered":
      return [["delivered", "no"]];
    case "delivery unknown":
      return [["delivered", null]];
  }
}
