/**
 * What the reduction skipped, and what is worth knowing: never hidden.
 *
 * @module
 */

import type { DiagnosticRow } from "../../../report_data.ts";
import { countOf } from "../../ui/figures.ts";
import { Icon } from "../../ui/icon.tsx";
import { More } from "../../ui/more.tsx";
import { Text } from "../../ui/text.tsx";
import type { ViewProps } from "../../view.ts";
import { limitsText } from "../../../../text/capture_text.ts";
import type { Model } from "../../model/model.ts";

const SEEN = 20;

/** Diagnostics of the reduction, and what of the evidence is not in the page. */
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
          <Text value={newer} most={600} />
        </p>
      )}
      {partial
        ? (
          <p>
            {countOf(events - skipped)} of {countOf(events)}{" "}
            events could be reduced. The content of the others is missing here.
          </p>
        )
        : null}
      <ul class="diagnostics">
        <More
          items={diagnostics}
          most={SEEN}
          render={(each, i) => <DiagnosticLine key={i} diagnostic={each} />}
        />
      </ul>
    </section>
  );
}

function DiagnosticLine({ diagnostic }: { diagnostic: DiagnosticRow }) {
  const { severity, file, line, seq, message, lost, code } = diagnostic;
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
      </span>{" "}
      <Text value={message} most={600} />; <span class="faint">{loss ? "lost: " : ""}</span>
      <Text value={lost} most={400} /> <code class="id">{code}</code>
    </li>
  );
}

/** How many payloads were truncated and omitted; nothing where all were recorded whole. */
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
