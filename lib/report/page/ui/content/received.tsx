/**
 * The output of a tool as the model received it: what Codex wrote above it, and the output.
 *
 * @module
 */

import { useMemo } from "preact/hooks";
import { Text } from "../text.tsx";
import { Content } from "./content.tsx";
import { execOutputOf } from "./exec_output.ts";

/** Properties of an output. */
export interface ReceivedProps {
  readonly text: string;
  /** Whether it is the last text of its item: then nothing after a head is no output. */
  readonly isLast: boolean;
}

/** A text that the model received. */
export function Received({ text, isLast }: ReceivedProps) {
  const { head, body } = useMemo(() => execOutputOf(text), [text]);
  return (
    <>
      {head.length === 0 ? null : (
        <p class="output-head">
          <Text value={head.join(" · ")} max={400} />
        </p>
      )}
      {head.length === 0 || body !== ""
        ? <Content text={body} as="terminal" />
        : isLast
        ? <p class="faint">no output</p>
        : null}
    </>
  );
}
