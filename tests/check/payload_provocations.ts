/**
 * Codes about payloads.
 *
 * @module
 */

import { join } from "@std/path";
import type { FindingCode } from "../../lib/check/report.ts";
import { CHILD, message, THREAD } from "../support/bundles/raw_bundle.ts";
import {
  cell,
  cellEnd,
  OMITTED,
  type Provocation,
  thread,
  threadEnd,
  waitTarget,
  write,
} from "./provocation.ts";

/** How each code about payloads is provoked. */
export const PAYLOAD_PROVOCATIONS = {
  payload_error: {
    severity: "error",
    story: (draft) => draft.request("a", { input: [] }).response("a", []),
    spoil: (folder) => write(folder, "payloads/1.json", "{"),
  },
  payload_unreadable: {
    severity: "error",
    schema: 1,
    story: (draft) => draft.observed(draft.payload("protocol_event", 1)),
    spoil: (folder) => Deno.removeSync(join(folder, "payloads", "1.json")),
  },
  unpaired_surrogate: {
    severity: "error",
    story: (draft) =>
      draft.request("a", `{"input":[],"text":"\\ud83d"}`).response("a", []),
  },
  payload_not_json: {
    severity: "error",
    story: (draft) => draft.observed(draft.payload("protocol_event", "{")),
  },
  payload_not_regular: {
    severity: "error",
    story: (draft) => draft.observed(draft.payload("protocol_event", 1)),
    spoil: (folder) => {
      const [file] = Deno.readDirSync(join(folder, "payloads"));
      const path = join(folder, "payloads", file?.name ?? "");
      Deno.removeSync(path);
      Deno.mkdirSync(path);
    },
  },
  payload_path_refused: {
    severity: "error",
    schema: 2,
    story: (draft) =>
      draft.observed(
        { ...draft.payload("protocol_event", 1), path: "../outside.json" },
      ),
    alsoFound: ["payload_orphaned"],
  },
  payload_over_limit: {
    severity: "error",
    story: (draft) => draft.observed(draft.payload("protocol_event", '"long"')),
    limits: { payload: 3 },
  },
  payload_outside_payloads_dir: {
    severity: "warning",
    schema: 2,
    story: (draft) =>
      draft.observed(
        { ...draft.payload("protocol_event", 1), path: "manifest.json" },
      ),
    alsoFound: ["payload_orphaned"],
  },
  payload_id_reused: {
    severity: "warning",
    schema: 2,
    story: (draft) =>
      draft.observed(draft.payload("protocol_event", 1)).observed(
        {
          ...draft.payload("protocol_event", 1),
          raw_payload_id: "raw_payload:1",
        },
      ),
  },
  payload_path_ambiguous: {
    severity: "warning",
    schema: 2,
    story: (draft) =>
      draft.observed({
        ...draft.payload("protocol_event", 1),
        path: "payloads/./1.json",
      }),
  },
  payload_path_shared: {
    severity: "warning",
    schema: 2,
    story: (draft) => {
      const first = draft.payload("protocol_event", 1);
      draft.observed(first).observed({ ...first, raw_payload_id: "other" });
    },
  },
  payload_kind_unexpected: {
    severity: "warning",
    story: (draft) => draft.observed(draft.payload("agent_result", 1)),
  },
  payload_orphaned: {
    severity: "warning",
    story: (draft) => draft.payload("protocol_event", 1),
  },
  unknown_event_type: {
    severity: "error",
    story: (draft) =>
      draft.event({ type: "context_trimmed", thread_id: THREAD }),
  },
  newer_schema: { severity: "error" },
  stripped_id_mismatch: {
    severity: "error",
    schema: 3,
    story: (draft) =>
      draft.request("a", { input: [message("user", "1")] }, "turn", {
        stripped_tool_output_ids: [[0, "output"]],
      }).response("a", []),
  },
  mislabeled_payload: {
    severity: "error",
    schema: 3,
    story: (draft) =>
      draft.request("a", { input: [] }, "turn", {
        warmup_context_payload: draft.payload("inference_request", {}),
      }).response("a", []),
    alsoFound: ["payload_kind_unexpected", "unknown_inference"],
  },
  partial_payload: {
    severity: "error",
    schema: 3,
    story: (draft) =>
      draft.event({
        ...thread(CHILD),
        metadata_payload: {
          ...draft.payload("session_metadata", ['{"a":', "}"]),
          parts: [OMITTED],
        },
      }).event(threadEnd(CHILD), { thread_id: CHILD, codex_turn_id: null }),
    alsoFound: ["payloads_partial"],
  },
  payloads_partial: {
    severity: "note",
    schema: 3,
    story: (draft) => draft.observed({ ...OMITTED, raw_payload_id: "p" }),
  },
  conflicting_payload: {
    severity: "error",
    schema: 3,
    story: (draft) => {
      const ref = draft.payload("protocol_event", 1);
      draft.observed(ref).observed({ ...ref, kind: { type: "tool_result" } });
    },
    alsoFound: ["payload_kind_unexpected"],
  },
  duplicate_wait_target: {
    severity: "error",
    schema: 3,
    story: (draft) =>
      draft.event(cell("1", "a")).event(cellEnd("1")).tool("call")
        .event(waitTarget("call")).event(waitTarget("call")).toolEnd("call"),
  },
  payload_missing: {
    severity: "error",
    schema: 3,
    story: (draft) =>
      draft.observed(
        { ...draft.payload("protocol_event", 1), raw_payload_id: "other" },
      ),
  },
  payload_not_recorded: { severity: "error" },
  payload_capture_mismatch: {
    severity: "error",
    schema: 3,
    story: (draft) =>
      draft.observed(
        {
          ...draft.payload("protocol_event", 1),
          capture: {
            status: "truncated",
            original_bytes: 9,
            retained_bytes: 2,
          },
        },
      ),
    alsoFound: ["payloads_partial"],
  },
  shard_malformed: {
    severity: "error",
    schema: 3,
    story: (draft) => draft.observed(draft.payload("protocol_event", 1)),
    spoil: (folder) => write(folder, "payloads/000001.zst", "no shard"),
  },
  shard_not_sealed: {
    severity: "error",
    schema: 3,
    story: (draft) => draft.observed(draft.payload("protocol_event", 1)),
    form: { sealed: false },
  },
} satisfies Partial<Record<FindingCode, Provocation>>;
