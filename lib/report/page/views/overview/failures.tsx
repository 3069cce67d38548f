/**
 * The issues of the session: the first error, errors by their cause, and all others.
 *
 * @module
 */

import type { FailureRow, Pointer } from "../../../report_data.ts";
import type { Model } from "../../model/model.ts";
import { counted, countOf, offsetOf } from "../../ui/figures.ts";
import { Icon } from "../../ui/icon.tsx";
import { More } from "../../ui/more.tsx";
import { ObjectLink } from "../../ui/object_link.tsx";
import { Text } from "../../ui/text.tsx";
import type { ViewProps } from "../../view.ts";
import { mayMissIssues, shownFailures } from "./shown.ts";

/** Number of issues shown before the reader expands them. */
const SEEN = 6;

/** What is counted: an interruption is neither an error nor a warning. */
const COUNTED = ["error", "warning", "interruption"] as const;

/** The issues: the first error, all errors by their cause, then what is no error. */
export function Failures({ model, filters, onSelect }: ViewProps) {
  const failures = shownFailures(model, filters);
  const { first_error: first } = model.data;
  if (failures.length === 0) return <NoFailures model={model} />;
  const count = (severity: FailureRow["severity"]) =>
    failures.filter((each) => each.severity === severity).length;
  const errors = count("error");
  const main = model.rows.failures[first ?? -1];
  const others = failures.filter(({ severity }) => severity !== "error");
  const line = (failure: FailureRow, i: number) => (
    <FailureLine key={i} model={model} failure={failure} onSelect={onSelect} />
  );
  const isMainShown = main !== undefined && failures.includes(main);
  return (
    <section class={`panel ${isMainShown ? "panel-bad" : ""}`}>
      <h2>
        <Icon name={errors > 0 ? "bad" : "warn"} />
        {COUNTED.filter((each) => each === "error" || count(each) > 0)
          .map((each) => counted(count(each), each)).join(", ")}
      </h2>
      {isMainShown
        ? (
          <>
            <h3>First error</h3>
            {line(main, 0)}
          </>
        )
        : null}
      <Groups {...{ model, onSelect }} failures={failures} main={main} />
      {others.length > 0 ? <h3>Other issues</h3> : null}
      <More items={others} max={SEEN} render={line} />
    </section>
  );
}

/** The errors by their cause, each cause with its count and the errors that it has. */
function Groups(
  { model, failures, main, onSelect }: Pick<ViewProps, "model" | "onSelect"> & {
    failures: readonly FailureRow[];
    main: FailureRow | undefined;
  },
) {
  const groups = model.data.show.error_groups.flatMap((group, at) => {
    const errors = failures.filter((each) => each.group === at);
    return errors.length === 0 ? [] : [{ group, errors }];
  });
  // A single error is shown already.
  if (groups.length === 0) return null;
  const isSingle = groups.length === 1 && groups[0]?.errors.length === 1;
  if (isSingle && groups[0]?.errors[0] === main) return null;
  return (
    <>
      <h3>Errors by cause</h3>
      {groups.map(({ group, errors }, i) => (
        <details class="failure-group" key={i}>
          <summary>
            <strong class="num">{countOf(errors.length)} ×</strong>
            <Text value={group.text} max={300} />
          </summary>
          <More
            items={errors}
            max={SEEN}
            render={(failure, at) => (
              <FailureLine
                key={at}
                {...{ model, failure, onSelect }}
              />
            )}
          />
        </details>
      ))}
    </>
  );
}

function NoFailures({ model }: { model: Model }) {
  if (mayMissIssues(model)) {
    return (
      <section class="panel">
        <h2>
          <Icon name="warn" />
          No issues known
        </h2>
        <p class="faint">
          A part of the evidence was lost or not recorded: there may be errors.
        </p>
      </section>
    );
  }
  return (
    <section class="panel">
      <h2>
        <span class="tone-ok bare">
          <Icon name="ok" />
        </span>
        No issues
      </h2>
      <p class="faint">No error and no warning was recorded.</p>
    </section>
  );
}

/** Properties of a line. */
export interface FailureLineProps {
  readonly model: Model;
  readonly failure: FailureRow;
  readonly onSelect: (pointer: Pointer) => void;
}

/** One issue. */
function FailureLine({ model, failure, onSelect }: FailureLineProps) {
  const {
    severity,
    about,
    seq: reported,
    text,
    at,
    caused_by: cause,
    retried_by: recovered,
  } = failure;
  const seq = reported === null ? null : Number(reported);
  const link = (pointer: Pointer) => (
    <ObjectLink model={model} pointer={pointer} onSelect={onSelect} />
  );
  return (
    <div class="failure">
      <span class={`status tone-${severity === "error" ? "bad" : "warn"}`}>
        <Icon name={severity === "error" ? "bad" : "warn"} />
        {severity}
      </span>
      {about === null ? null : link(about)}
      <span class="failure-text">
        <Text value={text} max={500} />
      </span>
      <span class="faint num">{offsetOf(model.sinceStart(at, seq))}</span>
      {cause === null
        ? null
        : <span class="faint">caused by {link(cause)}</span>}
      {recovered === null
        ? null
        : <span class="faint">recovered by {link(recovered)}</span>}
    </div>
  );
}
