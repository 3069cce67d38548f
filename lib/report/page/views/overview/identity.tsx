/**
 * The identity of the session, and which payloads the page includes.
 *
 * @module
 */

import { clockText } from "../../../../text/clock_text.ts";
import { sessionLogsText } from "../../../../text/session_log_text.ts";
import { limitsText } from "../../../../text/capture_text.ts";
import { type Fact, Facts } from "../../ui/facts.tsx";
import type { Model } from "../../model/model.ts";
import { bytesOf, counted, countOf, momentOf } from "../../ui/figures.ts";
import { Code, Text } from "../../ui/text.tsx";

type Shown = Model["data"]["show"];

/** Ids, times, directories; events and payloads. */
export function Identity({ model }: { model: Model }) {
  return (
    <section class="panel">
      <h2>Identity</h2>
      <Facts facts={[...sessionFacts(model), ...pageFacts(model)]} />
    </section>
  );
}

function sessionFacts(model: Model): Fact[] {
  const { session, show } = model.data;
  const { identity, completeness } = show;
  const { recording_status: recording, events } = completeness;
  const limits = limitsText(completeness);
  const clock = clockText(show.clock_jumps);
  const { session_log: log } = show;
  const logs = log === null ? null : sessionLogsText(log.logs);
  const text = (value: string | null) =>
    value === null ? null : <Text value={value} />;
  return [
    [model.isSessionLog ? "session log" : "bundle", text(session.name)],
    [
      "trace",
      identity.trace_id === null
        ? null
        : <Code key="trace" value={identity.trace_id} />,
    ],
    ["rollout", <Code key="rollout" value={identity.rollout_id} />],
    ["started", momentOf(session.started)],
    [
      "ended",
      session.ended !== null
        ? momentOf(session.ended)
        : model.isSessionLog
        ? null
        : "no end was recorded",
    ],
    ...clock === null ? [] : [["clock", clock] as const],
    ["source", text(identity.session_source)],
    ...identity.forked_from_id === null
      ? []
      : [["forked from", text(identity.forked_from_id)] as const],
    ...identity.parent_thread_id === null
      ? []
      : [["parent thread", text(identity.parent_thread_id)] as const],
    ...identity.thread_source === null
      ? []
      : [["thread source", text(identity.thread_source)] as const],
    ...identity.history_initialization === null
      ? []
      : [["history", text(identity.history_initialization)] as const],
    ...(identity.inherited_items ?? 0) === 0 ? [] : [
      ["inherited items", countOf(identity.inherited_items)] as const,
    ],
    ["directory", text(identity.cwd)],
    ...settingFacts(show),
    ...useFacts(show),
    [
      "schema",
      identity.schema_version === null ? null : String(identity.schema_version),
    ],
    [
      "recording",
      model.isSessionLog
        ? null
        : recording === null
        ? "unknown in this schema"
        : RECORDING_WORDS[recording],
    ],
    ...limits === null ? [] : [["limits", limits] as const],
    ...logs === null ? [] : [["logs", text(logs)] as const],
    [
      model.isSessionLog ? "lines" : "events",
      events === null ? null : countOf(events),
    ],
  ];
}

/** By which rules the root thread ran; null is what was not recorded. */
function settingFacts({ threads }: Shown): Fact[] {
  const settings = threads[0]?.settings;
  if (settings === undefined) return [];
  const facts = [
    ["approval", settings.approval_policy],
    ["sandbox", settings.sandbox_policy],
    ["permissions", settings.permissions_profile ?? settings.permissions_type],
    ["effort", settings.reasoning_effort],
  ] as const;
  return facts.flatMap(([name, value]) =>
    value === null ? [] : [[name, <Text key={name} value={value} />] as const]
  );
}

/** The cache, and files, as far as anything is known of them. */
function useFacts({ cache, changed_files: changed }: Shown): Fact[] {
  const { losses, lost_tokens: lost } = cache;
  const facts: readonly (readonly [string, string | null])[] = [
    [
      "cache lost",
      losses.length === 0
        ? null
        : `by ${counted(losses.length, "request")}, ${
          counted(lost ?? 0, "token")
        } sent without it`,
    ],
    [
      "files",
      changed === null || changed.patches === 0
        ? null
        : `${countOf(changed.files.length)} changed by patches; ` +
          "what commands changed is not recorded",
    ],
  ];
  return facts.flatMap(([name, value]) =>
    value === null ? [] : [[name, value] as const]
  );
}

const RECORDING_WORDS = {
  complete: "complete",
  closed_with_partial_payloads: "closed, with partial payloads",
  unclosed: "not closed",
} as const;

function pageFacts({ data: { payloads, version }, rows }: Model): Fact[] {
  const { embedded, embedded_bytes: bytes } = payloads;
  return [
    ["payloads included", `${countOf(embedded)} (${bytesOf(bytes)})`],
    ["payloads omitted", omittedText(payloads, rows.payloads.length)],
    ["written by", `rollout-trace ${version}`],
  ];
}

/** Which payloads are not in the page, and why. */
function omittedText(payloads: Model["data"]["payloads"], all: number): string {
  if (!payloads.available) return "all: only a bundle has payloads";
  const { embedded, over_limit: overLimit, unreadable, omitted } = payloads;
  const reasons = [
    [
      all - embedded - overLimit - unreadable - omitted,
      payloads.choice === "none"
        ? "as requested"
        : "that repeat others, or that no object refers to",
    ],
    [omitted, "that the recorder omitted"],
    [
      overLimit,
      `of ${bytesOf(payloads.over_limit_bytes)} over the limit of ${
        bytesOf(payloads.max_bytes)
      }`,
    ],
    [unreadable, "that cannot be read"],
  ] as const;
  return reasons.filter(([count]) => count > 0)
    .map(([count, why]) => `${counted(count, "payload")} ${why}`)
    .join("; ") || "none";
}
