/**
 * A turn of two sessions, or of one: what both are, and their steps side by side.
 *
 * @module
 */

import { useContext } from "preact/hooks";
import type { PageTurnPair } from "../../build/page_comparison.ts";
import { stepCountsText, stepTitle } from "../../../text/step_text.ts";
import { objectAddress } from "../../../query/session/names/object_address.ts";
import {
  counted,
  countOf,
  durationOf,
  tokenCount,
  UNKNOWN,
} from "../ui/figures.ts";
import { escapeText } from "../ui/escape.ts";
import { More } from "../ui/more.tsx";
import { Printing } from "../ui/printing.ts";
import { OutcomeMark } from "../ui/status.tsx";
import { Text } from "../ui/text.tsx";

type Row = PageTurnPair["steps"][number];
type Side = NonNullable<PageTurnPair["a"]>;
type Step = Extract<Row, { change: "changed" }>["a"];

/** Rows of steps that are shown before the reader expands the list. */
const MAX_ROWS = 60;

export function TurnPairRow(
  { pair, other, isOpen, onOpen }: {
    pair: PageTurnPair;
    other: number;
    isOpen: boolean;
    onOpen: (isOpen: boolean) => void;
  },
) {
  const printing = useContext(Printing);
  const { a, b, same, counts, matched_by: matched } = pair;
  const word = same === null ? "unknown" : same ? "same" : "differs";
  return (
    <details
      class={`turn-pair turn-${word}`}
      open={isOpen || printing}
      onToggle={({ currentTarget }) =>
        printing ? undefined : onOpen(currentTarget.open)}
    >
      <summary>
        <span class="turn-names">
          {a?.turn.handle ?? "–"} → {b?.turn.handle ?? "–"}
        </span>{" "}
        <span class="turn-word">{word}</span>{" "}
        <Text value={(a ?? b)?.prompt?.excerpt ?? "prompt unknown"} max={80} />
        {" "}
        <span class="faint">
          {stepCountsText(counts)}
          {matched === "position" ? ", matched by position" : ""}
        </span>
      </summary>
      {isOpen || printing ? <Turns pair={pair} other={other} /> : null}
    </details>
  );
}

function Turns({ pair, other }: { pair: PageTurnPair; other: number }) {
  const { a, b, steps, omitted_rows: omitted } = pair;
  return (
    <>
      <div class="pair">
        <SideFacts label="A" session={1} side={a} />
        <SideFacts label="B" session={other} side={b} />
      </div>
      {steps.length === 0 ? null : (
        <ol class="step-rows">
          <More
            items={steps}
            max={MAX_ROWS}
            wrap={(button) => <li>{button}</li>}
            render={(row, i) => <StepRow key={i} row={row} other={other} />}
          />
        </ol>
      )}
      {omitted === 0 ? null : (
        <p class="tone-warn">
          {counted(omitted, "row")} more are not in the page: diff prints them.
        </p>
      )}
    </>
  );
}

function SideFacts(
  { label, session, side }: {
    label: string;
    session: number;
    side: Side | null;
  },
) {
  if (side === null) return <p>{label}: no such turn</p>;
  const { changed_files: files, first_error: error } = side;
  return (
    <div>
      <p>
        {label}:{" "}
        <a href={objectAddress(session, side.turn)}>{side.turn.handle}</a>{" "}
        <OutcomeMark outcome={side.outcome} status={side.status} />{" "}
        {durationOf(side.duration_ms)}
      </p>
      <p class="faint">
        {knownCount(side.calls, "request")},{" "}
        {knownCount(side.tool_calls, "tool call")},{" "}
        {tokenCount("input_tokens", side.tokens)} tokens in,{" "}
        {tokenCount("output_tokens", side.tokens)} out,{" "}
        {knownCount(side.errors, "error")},{" "}
        {files === null ? "files unknown" : counted(files.length, "file")}
        {side.may_lack_steps ? "; steps may be missing" : ""}
      </p>
      {error === null ? null : (
        <p class="error-text">
          <Text value={error.text} max={200} />
        </p>
      )}
    </div>
  );
}

function knownCount(count: Side["calls"], what: string): string {
  return count === null ? `${UNKNOWN} ${what}s` : counted(count, what);
}

/** What a row is, for the eye and in words. */
const MARKS: Readonly<Record<Row["change"], readonly [string, string]>> = {
  same: ["=", "the same"],
  similar: ["≈", "the same but for ids and times"],
  unknown: ["?", "unknown whether they are the same"],
  changed: ["~", "changed"],
  only_a: ["−", "only in A"],
  only_b: ["+", "only in B"],
  not_aligned: ["…", "not aligned: too much differs"],
};

function StepRow({ row, other }: { row: Row; other: number }) {
  const [sign, words] = MARKS[row.change];
  const isLost = "is_certain" in row && !row.is_certain;
  const count = "length" in row && row.length > 1
    ? `${countOf(row.length)} steps `
    : "";
  return (
    <li class={`step-row step-${row.change}`}>
      <span class="step-mark" aria-hidden="true">{sign}</span>
      <span class="step-words faint">
        {count}
        {words}
        {isLost ? ", or lost in the other" : ""}
      </span>
      <div class="pair">
        {"a" in row
          ? <StepCell session={1} step={row.a} text={textOf(row, "a")} />
          : <span />}
        {"b" in row
          ? <StepCell session={other} step={row.b} text={textOf(row, "b")} />
          : <span />}
      </div>
    </li>
  );
}

/** A text around what differs in it. */
interface MarkedText {
  readonly before: string;
  readonly differs: string;
  readonly after: string;
}

/** The text of a side of a row, with what differs from the other side. */
function textOf(row: Row, side: "a" | "b"): MarkedText | null {
  if (row.change !== "changed") return null;
  const { texts } = row.difference;
  const [own, others] = [texts[side], texts[side === "a" ? "b" : "a"]];
  const least = Math.min(own.length, others.length);
  let start = 0;
  while (start < least && own[start] === others[start]) start++;
  let end = 0;
  while (end < least - start && own.at(-1 - end) === others.at(-1 - end)) end++;
  return {
    before: own.slice(0, start),
    differs: own.slice(start, own.length - end),
    after: own.slice(own.length - end),
  };
}

function StepCell(
  { session, step, text }: {
    session: number;
    step: Step;
    text: MarkedText | null;
  },
) {
  return (
    <div class="step-cell">
      <a href={objectAddress(session, step.object)}>{step.object.handle}</a>
      {" "}
      <Text value={stepTitle(step)} />
      <p class="step-text">
        {text === null
          ? <Text value={step.excerpt} max={160} />
          : (
            <bdi class="text">
              {escapeText(text.before)}
              {text.differs === ""
                ? null
                : <mark>{escapeText(text.differs)}</mark>}
              {escapeText(text.after)}
            </bdi>
          )}
      </p>
    </div>
  );
}
