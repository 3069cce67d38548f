/**
 * The files that patches changed.
 *
 * @module
 */

import { knownCount, lostEvidence } from "../evidence/known_count.ts";
import { type Patch, patchesOf } from "../evidence/recorded/patches.ts";
import type { TraceSession } from "../session/session.ts";
import type { ChangedFile, ChangedFiles } from "./show_answer.ts";

/** The files that patches of a session changed; null where payloads are not available. */
export function changedFiles(session: TraceSession): ChangedFiles | null {
  if (session.payloads === null) return null;
  const patches = patchesOf(session);
  const { any } = lostEvidence(session);
  const countOf = ({ length }: readonly Patch[]) => knownCount(length, any);
  const of = (outcome: Patch["outcome"]) =>
    patches.filter((each) => each.outcome === outcome);
  const applied = of("applied");
  return {
    patches: countOf(patches),
    applied_patches: countOf(applied),
    failed_patches: countOf(of("failed")),
    rejected_patches: countOf(of("rejected")),
    unknown_patches: countOf(of("unknown")),
    unlisted_patches: countOf(
      applied.filter(({ changes }) => changes === null),
    ),
    auto_approved_patches: approvedCount(patches),
    files: filesOf(session, applied),
  };
}

function approvedCount(patches: readonly Patch[]): number | null {
  const known = patches.filter(({ is_auto_approved: is }) => is !== null);
  return known.length === 0
    ? null
    : known.filter(({ is_auto_approved: is }) => is === true).length;
}

function filesOf(
  { names }: TraceSession,
  patches: readonly Patch[],
): ChangedFile[] {
  const files = new Map<string, ChangedFile["changes"]>();
  for (const { tool, changes } of patches) {
    const ref = names.ref("tool_call", tool.tool_call_id);
    for (const { path, change, moved_to } of changes ?? []) {
      const before = files.get(path) ?? [];
      files.set(path, [...before, { change, moved_to, tool: ref }]);
    }
  }
  return Array.from(files, ([path, changes]) => ({ path, changes }));
}
