/**
 * `rollout-trace follow`: what happens in a session, while it happens.
 *
 * @module
 */

import {
  isFolder,
  isSessionLog,
  listingOf,
} from "../../../bundle/storage/find_bundles.ts";
import { splitPath } from "../../../bundle/storage/disk_path.ts";
import {
  InterruptedError,
  Interruption,
} from "../../../bundle/output/interruption.ts";
import { isUnreadable, quote } from "../../../errors.ts";
import { MANIFEST_FILE } from "../../../format/manifest.ts";
import type { FollowedEvent } from "../../../query/timeline/follow/followed_event.ts";
import {
  type FoundSession,
  SessionSearch,
} from "../../../query/timeline/follow/newest_session.ts";
import {
  type Follower,
  LogFollower,
} from "../../../query/timeline/follow/log_follower.ts";
import { SessionFollower } from "../../../query/timeline/follow/session_follower.ts";
import { requireBundlePath } from "../../access/bundle_path.ts";
import { isSessionFile } from "../../access/file_kind.ts";
import type { ParsedArgs, ParsedFlags } from "../../args/parse_args.ts";
import { UsageError } from "../../args/usage_error.ts";
import { type CommandIo, EXIT } from "../../command.ts";
import { BundleError, withBundleContext } from "../../errors/bundle_error.ts";
import { describeError } from "../../errors/describe_error.ts";
import { renderSettings } from "../../shared/query_command.ts";
import { jsonText } from "../../text/json_document.ts";
import { withUnicode } from "../../text/wrap/unicode.ts";
import { FolderWatch } from "./folder_watch.ts";
import { StatusLine } from "./follow_status_line.ts";
import { followedLine } from "./follow_text.ts";
import { exitOf, isOver, POLL_MS } from "./session_end.ts";

/** Milliseconds until a newer session is searched for. */
const SEARCH_MS = 1000;
/** Events that are printed without a check for signals. */
const EVENTS_PER_TASK = 200;

/** Prints events; those that the flags do not ask for are left out. */
type Print = (bundle: string, event: FollowedEvent) => Promise<void>;

/** How sessions are followed. */
interface Following {
  readonly io: CommandIo;
  readonly print: Print;
  readonly status: StatusLine;
  readonly untilEnd: boolean;
  readonly open: (bundle: string) => Follower;
  /** Waits for so many milliseconds. Throws when a signal arrived. */
  readonly wait: (ms: number) => Promise<void>;
}

/** Runs `follow`. */
export async function runFollow(
  { operands: [target = ""], flags }: ParsedArgs,
  io: CommandIo,
): Promise<number> {
  const { render, limits } = renderSettings(flags, io);
  requireBundlePath(target, "session");
  const isLog = !isFolder(target);
  if (isLog) requireLog(target, flags.on("until-end"));
  using interruption = new Interruption();
  const status = new StatusLine(io.stderrTerminal(), io.terminal().columns);
  const following: Following = {
    io,
    status,
    untilEnd: flags.on("until-end"),
    open: (bundle) =>
      withBundleContext(
        bundle,
        () =>
          isLog || isSessionLog(bundle)
            ? new LogFollower(bundle, limits)
            : new SessionFollower(bundle, limits),
      ),
    print: async (bundle, event) => {
      if (!isMeant(event, flags)) return;
      const line = flags.on("json")
        ? jsonText({ bundle, ...event })
        : await withUnicode(() => followedLine(event, render));
      status.clear();
      io.printTrusted(line);
    },
    wait: async (ms) => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      interruption.check();
    },
  };
  try {
    const fromStart = flags.on("from-start");
    return isLog || listingOf(target).has(MANIFEST_FILE)
      ? await followBundle(target, fromStart, following)
      : await followRoot(target, fromStart, following);
  } catch (error) {
    if (error instanceof InterruptedError) {
      return EXIT.interrupted[error.signal];
    }
    throw error;
  } finally {
    status.clear();
  }
}

/**
 * Checks that a file can be followed as a session log.
 *
 * @throws {PathError} If it is a `state.json`.
 * @throws {UsageError} If an end is waited for, which no log has.
 */
function requireLog(place: string, untilEnd: boolean): void {
  requireBundlePath(place, isSessionFile(place) ? "session" : "bundle");
  if (!untilEnd) return;
  throw new UsageError(
    "--until-end needs the end of the session, which a session log does not have",
    "follow it without --until-end; SIGINT ends the program",
  );
}

/** Whether the flags ask for an event. What cannot be read may be of any thread. */
function isMeant(event: FollowedEvent, flags: ParsedFlags): boolean {
  const { issue, thread, agent_path: path, detail } = event;
  const isWarning = detail.type === "protocol_event" && issue === "warning";
  if (flags.on("failed") && (issue === null || isWarning)) return false;
  const wanted = flags.value("thread");
  if (wanted === undefined || detail.type === "loss") return true;
  return [thread?.handle, thread?.id, path].includes(wanted);
}

async function followBundle(
  bundle: string,
  fromStart: boolean,
  following: Following,
): Promise<number> {
  using session = openSession(bundle, fromStart, following);
  await followSession(session, following, () => false);
  return exitOf(session);
}

/** Follows the newest session below a folder, and each that begins after it. */
async function followRoot(
  root: string,
  fromStart: boolean,
  following: Following,
): Promise<number> {
  // A session log has no end to wait for.
  const search = new SessionSearch(root, !following.untilEnd);
  let found = search.newest();
  let isRead = fromStart;
  if (found === undefined) {
    following.io.stderrLine(`waiting for a session below ${quote(root)}`);
    found = await awaited(search, undefined, following);
    isRead = true;
  }
  while (true) {
    const after = await followFound(found, isRead, search, following);
    if (typeof after === "number") return after;
    // It began after the first search: nothing of it is old.
    [found, isRead] = [after, true];
  }
}

/**
 * Waits for a session, or for the one that begins after another.
 *
 * @throws {PathError} If the folder is removed meanwhile.
 */
async function awaited(
  search: SessionSearch,
  last: FoundSession | undefined,
  { wait }: Following,
): Promise<FoundSession> {
  while (true) {
    const found = last === undefined ? search.newest() : search.after(last);
    if (found !== undefined) return found;
    await wait(last === undefined ? POLL_MS : SEARCH_MS);
    requireBundlePath(search.root, "session");
  }
}

/** Follows a session until another begins, which is returned, or to its end: the exit code. */
async function followFound(
  found: FoundSession,
  isRead: boolean,
  search: SessionSearch,
  following: Following,
): Promise<number | FoundSession> {
  const { io, status, untilEnd } = following;
  status.clear();
  io.stderrLine(`following ${found.bundle}`);
  let next: FoundSession | undefined;
  let searchedAt = -Infinity;
  const hasNext = () => {
    const now = performance.now();
    if (now - searchedAt < SEARCH_MS) return next !== undefined;
    searchedAt = now;
    next ??= search.after(found);
    return next !== undefined;
  };
  try {
    using session = openSession(found.bundle, isRead, following);
    const end = await followSession(session, following, hasNext);
    if (end === "ended" || next === undefined) return exitOf(session);
    return next;
  } catch (error) {
    // Whether it ended cannot be read any more. Without that question, others may follow.
    if (untilEnd || !isOfBundle(error)) throw error;
    status.clear();
    io.stderrLine(`note: ${describeError(error).message}`);
    return next ?? await awaited(search, found, following);
  }
}

/** Whether an error concerns the bundle that was read, and nothing else. */
function isOfBundle(error: unknown): boolean {
  return error instanceof BundleError && isUnreadable(error.cause);
}

/** Opens a session; of one that is not read from its start, what was recorded is not printed. */
function openSession(
  bundle: string,
  fromStart: boolean,
  { io, open }: Following,
): Follower {
  const session = open(bundle);
  if (session.newerSchema !== null) {
    io.stderrLine(
      `note: schema ${session.newerSchema} is newer than this program: what is new in it is not printed`,
    );
  }
  if (!fromStart) withBundleContext(bundle, () => session.skip());
  return session;
}

/** Prints a session until it ends, if that is asked for, or until another is to be followed. */
async function followSession(
  session: Follower,
  following: Following,
  hasNext: () => boolean,
): Promise<"ended" | "left"> {
  using folder = new FolderWatch(
    isFolder(session.bundle)
      ? session.bundle
      : splitPath(session.bundle).folder,
  );
  let changedAt = performance.now();
  while (true) {
    // Asked before the log is read to its end, so that nothing of this session is missed.
    const isLeft = hasNext();
    const before = session.events;
    await printNew(session, following);
    await withUnicode(() => following.status.show(session.status, Date.now()));
    const now = performance.now();
    if (session.events !== before) changedAt = now;
    if (following.untilEnd && isOver(session, now - changedAt)) return "ended";
    if (isLeft) return "left";
    await folder.change(POLL_MS);
    await following.wait(0);
  }
}

/** Prints what was recorded since the last call. */
async function printNew(
  session: Follower,
  { print, wait }: Following,
): Promise<void> {
  const { bundle } = session;
  const events = session.read();
  for (let count = 1;; count++) {
    const next = withBundleContext(bundle, () => events.next());
    if (next.done === true) return;
    await print(bundle, next.value);
    // A signal is noticed between two tasks only.
    if (count % EVENTS_PER_TASK === 0) await wait(0);
  }
}
