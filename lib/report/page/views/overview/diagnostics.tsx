/**
 * What is missing from the page: diagnostics of the reduction, and limits of the recorder.
 *
 * @module
 */

import type { DiagnosticRow } from "../../../report_data.ts";
import { counted, countOf } from "../../ui/figures.ts";
import { Icon } from "../../ui/icon.tsx";
import { More } from "../../ui/more.tsx";
import { Text } from "../../ui/text.tsx";
import type { ViewProps } from "../../view.ts";
import { limitsText } from "../../../../text/capture_text.ts";
import type { Model } from "../../model/model.ts";

const SEEN = 20;

/** Diagnostics of the reduction, and the number of events that were skipped. */
export function Diagnostics({ model }: ViewProps) {
  const { diagnostics, events, skipped_events: skipped, newer } = model.data;
  if (diagnostics.length === 0) return null;
  const partial = skipped > 0 ||
    diagnostics.some(({ severity }) => severity === "loss");
  return (
    <section class={`panel ${partial ? "panel-warn" : ""}`}>
      <h2>
        <Icon name={partial ? "warn" : "info"} />
        {partial ? "This page is partial" : "Notes"}
      </h2>
      {newer === null ? null : (
        <p>
          <Text value={newer} max={600} />
        </p>
      )}
      {skipped > 0
        ? (
          <p>
            {countOf(events - skipped)} of {countOf(events)}{" "}
            {model.isSessionLog ? "lines" : "events"}{" "}
            could be reduced. The content of the others is missing here.
          </p>
        )
        : null}
      {model.data.show.completeness.has_lost_events
        ? <p>Counts and sums are minimums.</p>
        : null}
      <ul class="diagnostics">
        <More
          items={diagnostics}
          max={SEEN}
          render={(each, i) => <DiagnosticLine key={i} diagnostic={each} />}
        />
      </ul>
    </section>
  );
}

function DiagnosticLine({ diagnostic }: { diagnostic: DiagnosticRow }) {
  const { severity, file, line, seq, message, lost, code } = diagnostic;
  const { more_lines: more = 0 } = diagnostic;
  const loss = severity === "loss";
  return (
    <li>
      <span class={`status tone-${loss ? "warn" : "run"}`}>
        <Icon name={loss ? "warn" : "info"} />
        {severity}
      </span>{" "}
      <span class="faint">
        <Text value={file} />
        {line === null ? "" : ` line ${countOf(line)}`}
        {seq === null ? "" : `, seq ${countOf(seq)}`}
        {more === 0 ? "" : ` and ${counted(more, "more line")} like it`}
      </span>{" "}
      <Text value={message} max={600} />;{" "}
      <span class="faint">{loss ? "lost: " : ""}</span>
      <Text value={lost} max={400} /> <code class="id">{code}</code>
    </li>
  );
}

/** Counts of truncated and omitted payloads; renders nothing where all are complete. */
export function Limits({ model }: { model: Model }) {
  const limits = limitsText(model.data.session);
  if (limits === null) return null;
  return (
    <section class="panel panel-warn">
      <p>
        <Icon name="warn" /> {limits}. Their content is unknown.
      </p>
    </section>
  );
}
