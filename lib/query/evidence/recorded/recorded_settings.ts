/**
 * Settings of threads and turns that only the payloads of the log have: policies, effort, context
 * window, time to the first token.
 *
 * @module
 */

import type { CodexTurnId, ThreadId } from "../../../format/ids.ts";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../../../format/payload.ts";
import type { DecodedEvent } from "../../../format/event.ts";
import type { TraceSession } from "../../session/session.ts";
import { payloadObject, textIn } from "./payload_fields.ts";

/** By which rules a thread runs; null is what was not recorded. */
export interface ThreadSettings {
  /** When commands need the approval of the user, such as `never`. */
  readonly approval_policy: string | null;
  /** Who approves, such as `user`. */
  readonly approvals_reviewer: string | null;
  /** What commands may do, in the recorder's words. */
  readonly sandbox_policy: string | null;
  /** Name of the permissions profile, such as `danger-full-access`. Schema 3. */
  readonly permissions_profile: string | null;
  /** Type of the permissions that result, such as `disabled` or `managed`. */
  readonly permissions_type: string | null;
  /** These permissions, as JSON. */
  readonly permissions: string | null;
  /** The reasoning effort that was configured; a request may have another. */
  readonly reasoning_effort: string | null;
}

/** What Codex reported of a turn; null is what was not recorded. */
export interface TurnReport {
  /** Milliseconds from the start of the turn to the first token of the model. */
  readonly time_to_first_token_ms: number | null;
  /** How many tokens the context of the model can have. */
  readonly model_context_window: number | null;
}

/** The settings of a thread of which nothing was recorded. */
const NO_SETTINGS: ThreadSettings = {
  approval_policy: null,
  approvals_reviewer: null,
  sandbox_policy: null,
  permissions_profile: null,
  permissions_type: null,
  permissions: null,
  reasoning_effort: null,
};

const NO_REPORT: TurnReport = {
  time_to_first_token_ms: null,
  model_context_window: null,
};

type Settings = Map<ThreadId, ThreadSettings>;
type Reports = Map<CodexTurnId, TurnReport>;

const SETTINGS: WeakMap<TraceSession, Settings> = new WeakMap();
const REPORTS: WeakMap<TraceSession, Reports> = new WeakMap();

/** Records with the settings of a thread. */
const THREAD_RECORDS: readonly string[] = [
  "thread_started",
  "session_configured",
];
/** Records with what is reported of a turn. */
const TURN_RECORDS: readonly string[] = [
  "turn_started",
  "turn_complete",
  "turn_aborted",
];

/** The settings of a thread; of several records, the latest. */
export function threadSettings(
  session: TraceSession,
  id: ThreadId,
): ThreadSettings {
  const known = SETTINGS.get(session) ?? settingsOf(session);
  SETTINGS.set(session, known);
  return known.get(id) ?? NO_SETTINGS;
}

/** What Codex reported of a turn. */
export function turnReport(session: TraceSession, id: CodexTurnId): TurnReport {
  const known = REPORTS.get(session) ?? reportsOf(session);
  REPORTS.set(session, known);
  return known.get(id) ?? NO_REPORT;
}

function settingsOf(session: TraceSession): Settings {
  const threads: Settings = new Map();
  for (const { decoded, body } of recordsIn(session, THREAD_RECORDS)) {
    const { thread_id, payload } = decoded.event;
    const thread = payload.type === "thread_started"
      ? payload.thread_id
      : textIn(body, "thread_id") ?? textIn(body, "session_id") ?? thread_id;
    if (thread === null) continue;
    const before = threads.get(thread) ?? NO_SETTINGS;
    threads.set(thread, withKnown(before, settingsIn(body)));
  }
  for (const [id, { settings }] of session.sessionLog?.threads ?? []) {
    if (settings !== null) threads.set(id, loggedSettings(settings));
  }
  return threads;
}

function reportsOf(session: TraceSession): Reports {
  const turns: Reports = new Map();
  for (const { body } of recordsIn(session, TURN_RECORDS)) {
    const turn = textIn(body, "turn_id") ?? "";
    turns.set(turn, withKnown(turns.get(turn) ?? NO_REPORT, reportIn(body)));
  }
  for (const [id, turn] of session.sessionLog?.turns ?? []) {
    turns.set(id, reportOf(turn));
  }
  return turns;
}

/** The records of these names whose payloads can be read; the payloads of others are not opened. */
function* recordsIn(
  session: TraceSession,
  names: readonly string[],
): Generator<{ readonly decoded: DecodedEvent; readonly body: JsonObject }> {
  for (const decoded of session.log?.events ?? []) {
    const name = recordName(decoded);
    if (name === null || !names.includes(name)) continue;
    const body = payloadObject(session, decoded.payloads[0]?.raw_payload_id);
    if (body !== null) yield { decoded, body };
  }
}

/** What the payload of an event records; null where it is none of these. */
function recordName({ event: { payload } }: DecodedEvent): string | null {
  switch (payload.type) {
    case "thread_started":
      return payload.type;
    case "protocol_event_observed":
      return payload.event_type;
    default:
      return null;
  }
}

function settingsIn(body: JsonObject): ThreadSettings {
  const { permission_profile: profile } = body;
  return {
    approval_policy: wordIn(body["approval_policy"]),
    approvals_reviewer: wordIn(body["approvals_reviewer"]),
    sandbox_policy: wordIn(body["sandbox_policy"]),
    permissions_profile: wordIn(body["permissions_profile"]),
    permissions_type: textIn(profile, "type"),
    permissions: isJsonObject(profile) ? JSON.stringify(profile) : null,
    reasoning_effort: wordIn(body["reasoning_effort"]),
  };
}

function reportIn(body: JsonObject): TurnReport {
  return {
    time_to_first_token_ms: countIn(body["time_to_first_token_ms"]),
    model_context_window: countIn(body["model_context_window"]),
  };
}

/** The settings of a session log, which has some as objects and the effort by another name. */
function loggedSettings(context: JsonObject): ThreadSettings {
  const { sandbox_policy: policy, effort } = context;
  const type = isJsonObject(policy) && Object.keys(policy).length === 1
    ? policy["type"]
    : undefined;
  return settingsIn({
    ...context,
    sandbox_policy: type ?? policy ?? null,
    reasoning_effort: effort ?? null,
  });
}

function reportOf(
  { time_to_first_token_ms, model_context_window }: TurnReport,
): TurnReport {
  return { time_to_first_token_ms, model_context_window };
}

/** A text, or the JSON of a policy with parameters. */
function wordIn(value: JsonValue | undefined): string | null {
  if (typeof value === "string") return value === "" ? null : value;
  return isJsonObject(value) ? JSON.stringify(value) : null;
}

function countIn(value: JsonValue | undefined): number | null {
  return typeof value === "number" && value >= 0 ? value : null;
}

/** The later record; what it does not have is as before. */
function withKnown<T extends object>(before: T, later: T): T {
  const known = Object.entries(later).filter(([, value]) => value !== null);
  return { ...before, ...Object.fromEntries(known) };
}
