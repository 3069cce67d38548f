/**
 * Two sessions side by side: their measures, where they part, and their turns.
 *
 * @module
 */

import type { PageComparison } from "../../build/page_comparison.ts";
import { limitsText } from "../../../text/capture_text.ts";
import { MEASURE_TITLES, measureText } from "../../../text/measure_titles.ts";
import { counted, countOf } from "../ui/figures.ts";
import { More } from "../ui/more.tsx";
import { OutcomeMark } from "../ui/status.tsx";
import { Table } from "../ui/table.tsx";
import { Code, Text } from "../ui/text.tsx";
import { PartingCard } from "./parting_card.tsx";
import { TurnPairRow } from "./turn_pair_row.tsx";

/** Properties of the view. */
export interface CompareViewProps {
  /** Names of all sessions of the page. */
  readonly names: readonly string[];
  /** The number of the session that the first is compared with. */
  readonly other: number;
  readonly comparison: PageComparison;
  /** The numbers of the pairs of turns that are open. */
  readonly open: readonly number[];
  readonly onOpen: (open: readonly number[]) => void;
}

/** Paths and turns that are shown before the reader expands the list. */
const MAX_FILES = 20;
const MAX_TURNS = 100;

export function CompareView(
  { names, other, comparison, open, onOpen }: CompareViewProps,
) {
  const { turns } = comparison;
  const { first_difference: first, first_model_difference: model } = turns;
  const firsts = firstNumbers(turns.threads);
  const toggle = (number: number, isOpen: boolean) => {
    if (open.includes(number) === isOpen) return;
    onOpen(isOpen ? [...open, number] : open.filter((each) => each !== number));
  };
  const isOne = JSON.stringify(first) === JSON.stringify(model);
  return (
    <main id="main" tabIndex={-1} class="compare">
      <h1>
        <Text value={names[0] ?? ""} /> and{" "}
        <Text value={names[other - 1] ?? ""} />
      </h1>
      <Notes comparison={comparison} />
      <section aria-label="Where they part">
        <h2>Where they part</h2>
        {first === null
          ? <p>Nowhere that is known.</p>
          : <PartingCard parting={first} other={other} />}
        {isOne ? null : (
          <>
            <h2>Where what the models wrote parts</h2>
            {model === null
              ? <p>Nowhere that is known.</p>
              : <PartingCard parting={model} other={other} />}
          </>
        )}
      </section>
      <section aria-label="Measures">
        <h2>Measures</h2>
        <Measures comparison={comparison} />
        <Files comparison={comparison} />
      </section>
      {turns.threads.map((thread, at) => (
        <section
          key={`${thread.a?.id} ${thread.b?.id}`}
          aria-label={`Turns of ${thread.agent_path}`}
        >
          <h2>
            Turns of <Text value={thread.agent_path} />
          </h2>
          {thread.turns.length === 0
            ? <p class="faint">No turn was recorded.</p>
            : (
              <More
                items={thread.turns}
                max={Math.max(
                  MAX_TURNS,
                  ...open.map((each) => each - (firsts[at] ?? 0) + 1)
                    .filter((count) => count <= thread.turns.length),
                )}
                render={(pair, i) => {
                  const number = (firsts[at] ?? 0) + i;
                  return (
                    <TurnPairRow
                      key={i}
                      {...{ pair, other }}
                      isOpen={open.includes(number)}
                      onOpen={(isOpen) => toggle(number, isOpen)}
                    />
                  );
                }}
              />
            )}
        </section>
      ))}
    </main>
  );
}

/** The number of the first pair of each thread. */
function firstNumbers(
  threads: readonly { readonly turns: readonly unknown[] }[],
): number[] {
  let next = 1;
  return threads.map(({ turns }) => (next += turns.length) - turns.length);
}

/** What of the sessions is not known. */
function Notes({ comparison: { a, b } }: { comparison: PageComparison }) {
  const notes = [["A", a], ["B", b]] as const;
  return (
    <>
      {notes.flatMap(([name, side]) => {
        const limits = limitsText(side.recording);
        const texts = [
          ...limits === null ? [] : [limits],
          ...side.is_complete ? [] : ["a part of it was lost"],
        ];
        return texts.map((text) => (
          <p key={name + text} class="tone-warn compare-note">
            {name}: {text}. What is not known is equal to nothing.
          </p>
        ));
      })}
    </>
  );
}

function Measures({ comparison }: { comparison: PageComparison }) {
  const { a, b, measures, tools } = comparison;
  const sides = [a, b] as const;
  const mark = (isEqual: boolean) => isEqual ? "" : "≠";
  const models = sides.map((side) => side.models.join(", "));
  const errors = sides.map((side) => side.first_error?.text ?? "");
  return (
    <Table
      columns={["measure", "A", "B", "differs"].map((name) => ({ name }))}
      none="Nothing was recorded."
      rows={[
        [
          "outcome",
          ...sides.map((side) => (
            <OutcomeMark
              key={side.trace_id}
              outcome={side.outcome}
              status={side.status}
            />
          )),
          mark(a.outcome !== null && a.outcome === b.outcome),
        ],
        [
          "model",
          ...models.map((each, at) => <Text key={at} value={each} />),
          mark(models[0] === models[1]),
        ],
        ...measures.filter((each) => each.a !== 0 || each.b !== 0)
          .map(({ measure, a, b }) => [
            MEASURE_TITLES[measure].trim(),
            measureText(measure, a),
            measureText(measure, b),
            mark(a !== null && a === b),
          ]),
        ...tools.map((tool) => [
          <Text key={tool.tool} value={tool.tool} />,
          countOf(tool.calls_a),
          countOf(tool.calls_b),
          mark(tool.calls_a !== null && tool.calls_a === tool.calls_b),
        ]),
        ...errors.join("") === "" ? [] : [[
          "first error",
          ...errors.map((each, at) => <Text key={at} value={each} max={200} />),
          mark(errors[0] === errors[1]),
        ]],
      ]}
    />
  );
}

/** The files that patches changed in one session, and in both. */
function Files({ comparison: { a, b } }: { comparison: PageComparison }) {
  const { changed_files: first } = a;
  const { changed_files: second } = b;
  if (first === null || second === null) {
    return <p class="faint">Which files were changed is not known.</p>;
  }
  const groups: readonly (readonly [string, readonly string[]])[] = [
    ["only in A", first.filter((path) => !second.includes(path))],
    ["only in B", second.filter((path) => !first.includes(path))],
    ["in both", first.filter((path) => second.includes(path))],
  ];
  return (
    <>
      {groups.filter(([, paths]) => paths.length > 0).map(([where, paths]) => (
        <p key={where}>
          {counted(paths.length, "file")} changed by patches {where}:{" "}
          <More
            items={paths}
            max={MAX_FILES}
            render={(path) => (
              <span key={path}>
                <Code value={path} />
                {" "}
              </span>
            )}
          />
        </p>
      ))}
    </>
  );
}
