/**
 * Which session it is, and what of it is in the page.
 *
 * @module
 */

import { Facts } from "../details/facts.tsx";
import type { Model } from "../model/model.ts";
import { bytesOf, counted, countOf, momentOf } from "../ui/figures.ts";
import { Code, Text } from "../ui/text.tsx";

/** Ids, times, folders; events and payloads. */
export function Identity({ model }: { model: Model }) {
  const { show, version, payloads, session } = model.data;
  const { identity, completeness } = show;
  return (
    <section class="panel">
      <h2>Identity</h2>
      <Facts
        facts={[
          ["bundle", <Text key="name" value={session.name} />],
          ["trace", <Code key="trace" value={identity.trace_id} />],
          ["rollout", <Code key="rollout" value={identity.rollout_id} />],
          ["began", momentOf(session.started)],
          [
            "ended",
            session.ended === null
              ? "no end was recorded"
              : momentOf(session.ended),
          ],
          [
            "source",
            identity.session_source === null
              ? null
              : <Text key="source" value={identity.session_source} />,
          ],
          [
            "folder",
            identity.cwd === null
              ? null
              : <Text key="cwd" value={identity.cwd} />,
          ],
          ["schema", String(identity.schema_version)],
          [
            "recording",
            completeness.recording_complete === null
              ? "the schema does not tell"
              : completeness.recording_complete
              ? "complete"
              : "not closed",
          ],
          [
            "events",
            completeness.events === null ? null : countOf(completeness.events),
          ],
          [
            "payloads here",
            `${countOf(payloads.embedded)} (${
              bytesOf(payloads.embedded_bytes)
            })`,
          ],
          ["left out", leftOut(payloads)],
          ["written by", `rollout-trace ${version}`],
        ]}
      />
    </section>
  );
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
