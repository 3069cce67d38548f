/**
 * Codes about the files and lines of a bundle.
 *
 * @module
 */

import { copySync } from "@std/fs";
import { join } from "@std/path";
import type { FindingCode } from "../../lib/check/report.ts";
import {
  manifestWith,
  type Provocation,
  STORED,
  write,
} from "./provocation.ts";

/** How each code about the files and lines of a bundle is provoked. */
export const FILE_PROVOCATIONS = {
  not_a_bundle: {
    severity: "error",
    spoil: (folder) => {
      Deno.removeSync(folder, { recursive: true });
      Deno.writeTextFileSync(folder, "");
    },
  },
  bundle_changed: {
    severity: "error",
    story: (draft) => draft.observed(draft.payload("protocol_event", 1)),
    spoil: (folder, at) =>
      at(STORED, () => {
        const payloads = join(folder, "payloads");
        Deno.renameSync(payloads, join(folder, "..", "moved"));
        copySync(join(folder, "..", "moved"), payloads);
      }),
  },
  manifest_missing: {
    severity: "error",
    spoil: (folder) => Deno.removeSync(join(folder, "manifest.json")),
  },
  manifest_malformed: {
    severity: "error",
    spoil: (folder) => write(folder, "manifest.json", "{"),
  },
  manifest_schema: {
    severity: "error",
    spoil: (folder) => manifestWith(folder, { schema_version: 77 }),
  },
  manifest_nonstandard: {
    severity: "warning",
    spoil: (folder) => manifestWith(folder, { raw_event_log: "other.jsonl" }),
  },
  manifest_mismatch: {
    severity: "warning",
    spoil: (folder) => manifestWith(folder, { trace_id: "other" }),
  },
  temporary_file: {
    severity: "note",
    spoil: (folder) => write(folder, "state.json.0a1b2c3d.tmp", ""),
  },
  unknown_file: {
    severity: "note",
    spoil: (folder) => write(folder, "notes.txt", ""),
  },
  limit_exceeded: {
    severity: "error",
    limits: { events: 2 },
    alsoFound: ["start_without_end"],
  },
  log_missing: {
    severity: "error",
    spoil: (folder) => Deno.removeSync(join(folder, "trace.jsonl")),
  },
  log_empty: {
    severity: "warning",
    spoil: (folder) => write(folder, "trace.jsonl", ""),
  },
  log_grew: {
    severity: "warning",
    story: (draft) => draft.observed(draft.payload("protocol_event", 1)),
    schema: 1,
    spoil: (folder, at) =>
      at(STORED, () => {
        const log = join(folder, "trace.jsonl");
        Deno.writeTextFileSync(log, "more\n", { append: true });
      }),
  },
  malformed_line: {
    severity: "error",
    story: (draft) => draft.raw(`{"schema_version":2}\n`),
  },
  nul_bytes: {
    severity: "error",
    story: (draft) => draft.raw("\0".repeat(8) + "\n"),
  },
  truncated_line: {
    severity: "error",
    after: (draft) => draft.rewrite((log) => log.slice(0, -20)),
    alsoFound: ["recording_incomplete"],
  },
  missing_final_newline: {
    severity: "warning",
    schema: 1,
    after: (draft) => draft.rewrite((log) => log.slice(0, -1)),
  },
  byte_order_mark: {
    severity: "error",
    schema: 1,
    after: (draft) => draft.rewrite((log) => `\ufeff${log}`),
  },
  carriage_returns: {
    severity: "note",
    after: (draft) => draft.rewrite((log) => log.replaceAll("\n", "\r\n")),
  },
  blank_lines: { severity: "note", story: (draft) => draft.raw("\n \n") },
  sequence_gap: {
    severity: "error",
    story: (draft) =>
      draft.event({ type: "history_item_accepted", item_id: "i" }, { seq: 9 }),
  },
  sequence_repeated: {
    severity: "warning",
    schema: 1,
    story: (draft) =>
      draft.observed(draft.payload("protocol_event", 1)).rewrite((log) =>
        log.replace(`"seq":4`, `"seq":3`)
      ),
    alsoFound: ["sequence_gap"],
  },
  sequence_backward: {
    severity: "error",
    story: (draft) =>
      draft.event({ type: "history_item_accepted", item_id: "i" }, { seq: 1 }),
  },
  time_backward: {
    severity: "warning",
    story: (draft) =>
      draft.event({ type: "history_item_accepted", item_id: "i" }, {
        wall_time_unix_ms: 5,
      }),
  },
  foreign_rollout: {
    severity: "error",
    story: (draft) =>
      draft.event({ type: "history_item_accepted", item_id: "i" }, {
        rollout_id: "other",
      }),
  },
  unsupported_schema: {
    severity: "error",
    story: (draft) =>
      draft.event({ type: "history_item_accepted", item_id: "i" }, {
        schema_version: 1,
      }),
  },
  event_after_completion: {
    severity: "error",
    story: (draft) => draft.completion(),
  },
  unsupported_event: {
    severity: "error",
    story: (draft) =>
      draft.event({
        type: "other",
        kind: "k",
        summary: "s",
        payloads: [],
        metadata: {},
      }),
  },
} satisfies Partial<Record<FindingCode, Provocation>>;
