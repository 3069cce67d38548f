/**
 * How the session ended, in a sentence, with the first error.
 *
 * @module
 */

import type { Go } from "../../state/use_route.ts";
import { counted, durationOf, UNKNOWN } from "../../ui/figures.ts";
import { ObjectLink } from "../../ui/object_link.tsx";
import { OutcomeMark } from "../../ui/status.tsx";
import { Text } from "../../ui/text.tsx";
import type { ViewProps } from "../../view.ts";
import { mayMissIssues } from "./shown.ts";

export function OutcomePanel({ model, onSelect }: ViewProps & { go: Go }) {
  const { identity, error_groups: groups } = model.data.show;
  const first = model.rows.failures[model.data.first_error ?? -1];
  const errors = groups.reduce((sum, { count }) => sum + count, 0);
  const { outcome, duration_ms: duration } = identity;
  return (
    <section class="panel outcome" aria-label="Outcome">
      <OutcomeMark outcome={outcome} status={model.recorded(identity.status)} />
      <span>
        {duration === null
          ? `the duration is ${UNKNOWN}`
          : `after ${durationOf(duration)}`}
      </span>
      <span>
        {errors === 0
          ? mayMissIssues(model) ? "no errors known" : "no errors"
          : `${counted(errors, "error")} of ${counted(groups.length, "cause")}`}
      </span>
      {first === undefined ? null : (
        <span class="outcome-error">
          first error: {first.about === null ? null : (
            <ObjectLink
              model={model}
              pointer={first.about}
              onSelect={onSelect}
              short
            />
          )} <Text value={first.text} max={200} />
          {first.retried_by === null ? null : (
            <>
              {", recovered by "}
              <ObjectLink
                model={model}
                pointer={first.retried_by}
                onSelect={onSelect}
                short
              />
            </>
          )}
        </span>
      )}
    </section>
  );
}
