/**
 * How a tool call ended: outcome, exit code, duration, and its error.
 *
 * @module
 */

import type {
  OperationRow,
  Pointer,
  ToolRow,
} from "../../../../report_data.ts";
import type { Model } from "../../../model/model.ts";
import { isFailed } from "../../../model/names.ts";
import { durationOf } from "../../../ui/figures.ts";
import { Icon } from "../../../ui/icon.tsx";
import { OutcomeMark } from "../../../ui/status.tsx";
import { Text } from "../../../ui/text.tsx";
import {
  execOutputOf,
  isStillRunning,
} from "../../../ui/content/exec_output.ts";

/** Properties of the facts. */
export interface ToolFactsProps {
  readonly model: Model;
  readonly tool: ToolRow;
}

/** The outcome, the exit code and the duration of a call. */
export function ToolFacts({ model, tool }: ToolFactsProps) {
  const operation = model.operation(tool.operation_id);
  return (
    <span class="tool-facts">
      <OutcomeMark {...tool} />
      {operation === undefined
        ? null
        : <ExitCode {...{ model, tool, operation }} />}
      <span class="faint">
        {tool.duration_ms === null
          ? "duration unknown"
          : durationOf(tool.duration_ms)}
      </span>
    </span>
  );
}

/** Whether a call or its command failed. */
export function isToolFailed(model: Model, tool: ToolRow): boolean {
  const pointers: readonly Pointer[] = [
    ["tool_call", tool.id],
    ...tool.operation_id === null
      ? []
      : [["terminal_operation", tool.operation_id] as const],
  ];
  return pointers.some((pointer) => isFailed(model, pointer));
}

function ExitCode(
  { model, tool, operation }: ToolFactsProps & { operation: OperationRow },
) {
  const { exit_code: code } = operation;
  if (code !== null) {
    return (
      <span class={code === 0 ? "exit-code" : "exit-code bad"}>
        exit {code}
      </span>
    );
  }
  if (operation.ended === null) return null;
  const isRunning = tool.output_item_ids.some((id) =>
    model.item(id)?.parts.some((part) =>
      isStillRunning(execOutputOf(model.text(part.text)))
    )
  );
  return (
    <span class="faint">
      {isRunning ? "process still running" : "exit code unknown"}
    </span>
  );
}

/** What went wrong with a call; renders nothing where that is only its exit code. */
export function ToolError({ model, tool }: ToolFactsProps) {
  const failures = model.failuresOf(["tool_call", tool.id])
    .filter(({ kind }) => kind !== "exit_code");
  const failure = failures.find(({ severity }) => severity !== "warning") ??
    failures[0];
  if (failure === undefined) return null;
  const isWarning = failure.severity === "warning";
  return (
    <p class={`tool-error ${isWarning ? "warn-text" : "error-text"}`}>
      <Icon name={isWarning ? "warn" : "bad"} />
      <Text value={failure.text} max={400} />
    </p>
  );
}
