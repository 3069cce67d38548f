/**
 * Which session it is, and what of it is in the page.
 *
 * @module
 */

import { type Fact, Facts } from "../details/facts.tsx";
import type { Model } from "../model/model.ts";
import { bytesOf, counted, countOf, momentOf } from "../ui/figures.ts";
import { Code, Text } from "../ui/text.tsx";

/** Ids, times, folders; events and payloads. */
export function Identity({ model }: { model: Model }) {
  return (
    <section class="panel">
      <h2>Identity</h2>
      <Facts facts={[...sessionFacts(model), ...pageFacts(model)]} />
    </section>
  );
}

function sessionFacts({ data: { session, show } }: Model): Fact[] {
  const { identity, completeness } = show;
  const { recording_complete: complete, events } = completeness;
  const text = (value: string | null) =>
    value === null ? null : <Text value={value} />;
  return [
    ["bundle", text(session.name)],
    ["trace", <Code key="trace" value={identity.trace_id} />],
    ["rollout", <Code key="rollout" value={identity.rollout_id} />],
    ["began", momentOf(session.started)],
    [
      "ended",
      session.ended === null ? "no end was recorded" : momentOf(session.ended),
    ],
    ["source", text(identity.session_source)],
    ["folder", text(identity.cwd)],
    ["schema", String(identity.schema_version)],
    [
      "recording",
      complete === null
        ? "the schema does not tell"
        : complete
        ? "complete"
        : "not closed",
    ],
    ["events", events === null ? null : countOf(events)],
  ];
}

function pageFacts({ data: { payloads, version } }: Model): Fact[] {
  const { embedded, embedded_bytes: bytes } = payloads;
  return [
    ["payloads here", `${countOf(embedded)} (${bytesOf(bytes)})`],
    ["left out", leftOut(payloads)],
    ["written by", `rollout-trace ${version}`],
  ];
}

function leftOut(
  {
    choice,
    left_out: count,
    left_out_bytes: bytes,
    most_bytes: most,
    unreadable,
  }: Model["data"]["payloads"],
): string {
  const words = [
    choice === "none"
      ? "all payloads, as asked for"
      : choice === "used"
      ? "payloads that no object names"
      : "",
    count === 0
      ? ""
      : `${counted(count, "payload")} (${bytesOf(bytes)}) beyond the limit of ${
        bytesOf(most)
      }`,
    unreadable === 0 ? "" : `${countOf(unreadable)} that cannot be read`,
  ].filter((each) => each !== "");
  return words.length === 0 ? "nothing" : words.join("; ");
}
