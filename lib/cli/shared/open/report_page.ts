/**
 * The page of a bundle, if `report` wrote one into its folder, and where it shows an object.
 *
 * @module
 */

import { pathBelow } from "../../../bundle/storage/disk_path.ts";
import { isSame } from "../../../bundle/storage/file_info.ts";
import { openSeenFile } from "../../../bundle/storage/seen_file.ts";
import type { ObjectRef } from "../../../query/session/names/object_kind.ts";
import type { TraceSession } from "../../../query/session/session.ts";
import { objectAddress } from "../../../query/session/names/object_address.ts";
import { sessionMark } from "../../../report/html/report_html.ts";

/** The name of the page. */
const REPORT_FILE = "report.html";
/** Bytes of its head, which has the marks of its sessions. */
const HEAD_BYTES = 4096;
/** What begins the mark of each session. */
const MARK = `<meta name="rollout-trace-session"`;

/**
 * Returns the path of the page and the address in it, such as `BUNDLE/report.html#call=3`. Null
 * where the folder has no page of this session: links are not followed, and the head of the file
 * has to name the session.
 *
 * @param target The object to show, or the name of a view.
 */
export function reportPageOf(
  { place, source, trace }: TraceSession,
  target: ObjectRef | "overview" | "timeline",
): string | null {
  if (source !== "bundle") return null;
  const path = pathBelow(place, REPORT_FILE);
  const head = headOf(path);
  const at = head?.indexOf(sessionMark(trace.trace_id)) ?? -1;
  if (head === null || at < 0) return null;
  const session = head.slice(0, at).split(MARK).length;
  if (typeof target !== "string") return path + objectAddress(session, target);
  return `${path}#${session === 1 ? "" : `s=${session}&`}view=${target}`;
}

/** The first bytes of a regular file; null where there is none, or it may not be read. */
function headOf(path: string): string | null {
  const { state } = Deno.permissions.querySync({ name: "read", path });
  if (state !== "granted") return null;
  try {
    const info = Deno.lstatSync(path);
    if (!info.isFile) return null;
    using file = openSeenFile(path, info, false);
    // It may have been replaced by a link meanwhile.
    if (!isSame(file.statSync(), info)) return null;
    const bytes = new Uint8Array(HEAD_BYTES);
    const length = file.readSync(bytes) ?? 0;
    return new TextDecoder().decode(bytes.subarray(0, length));
  } catch {
    // No page is no error of the question.
    return null;
  }
}
