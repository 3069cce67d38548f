/**
 * The cards of a tool call: what the model asked for, and what it received.
 *
 * @module
 */

import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import type { ItemRow, Pointer, ToolRow } from "../../../../report_data.ts";
import { comparisonText } from "../../../details/outputs.tsx";
import type { Model } from "../../../model/model.ts";
import { sizeOf, TerminalBlock } from "../../../ui/content/terminal_block.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { ItemBody } from "../../../ui/item_body.tsx";
import { ObjectLink } from "../../../ui/object_link.tsx";
import { Text } from "../../../ui/text.tsx";
import { useKept } from "./kept_state.ts";
import { isToolFailed, ToolError, ToolFacts } from "./tool_facts.tsx";
import { ToolArguments } from "./tool_arguments.tsx";
import { toolInput } from "./tool_input.ts";
import { TITLE_CHARACTERS, toolTitle } from "./tool_title.ts";

/** Properties of a card. */
export interface ToolCardProps {
  readonly model: Model;
  readonly item: ItemRow;
  /** The tool call; undefined where the graph has none for the item. */
  readonly tool: ToolRow | undefined;
  /** Marks at the end of the head. */
  readonly marks: ComponentChildren;
  readonly onSelect: (pointer: Pointer) => void;
}

/** What the model asked for. */
export function ToolCall(props: ToolCardProps) {
  const { model, item, tool, marks, onSelect } = props;
  return (
    <>
      <div class="card-head">
        <ToolName {...props} />
        {tool === undefined
          ? <span class="faint">not recorded as a tool call</span>
          : <ToolFacts model={model} tool={tool} />}
        {marks}
      </div>
      {tool === undefined ? null : <ToolError model={model} tool={tool} />}
      <ToolArguments {...{ model, item, tool, onSelect }} />
      <NestedCalls {...props} />
    </>
  );
}

/** The tool and what it did, in one line. */
function ToolName({ model, item, tool }: ToolCardProps) {
  const isOutput = item.kind.endsWith("_output");
  const title = useMemo(() => {
    const asked = tool === undefined || !isOutput
      ? item
      : model.item(tool.call_item_ids[0] ?? "");
    return isOutput && tool === undefined
      ? null
      : toolTitle(model, tool, toolInput(model, tool, asked));
  }, [model, item, tool]);
  return (
    <span class="role tool-name">
      <Icon name="tool_call" />
      {isOutput ? "output of " : ""}
      {tool === undefined
        ? isOutput ? "a tool call" : item.kind.replaceAll("_", " ")
        : <Text value={tool.label} max={80} />}
      {title === null ? null : (
        <>
          {" · "}
          <span class="tool-title">
            <Text value={title} max={TITLE_CHARACTERS} />
          </span>
        </>
      )}
    </span>
  );
}

/** The calls that a code cell made. */
function NestedCalls({ model, item, onSelect }: ToolCardProps) {
  const cells = model.callsOf(item).flatMap(([kind, id]) =>
    kind === "code_cell" ? model.cell(id) ?? [] : []
  );
  const tools = cells.flatMap((cell) =>
    cell.nested_tool_ids.flatMap((id) => model.tool(id) ?? [])
  );
  if (tools.length === 0) return null;
  return (
    <ul class="nested-calls">
      {tools.map((tool) => (
        <li key={tool.id}>
          <Icon name="code_cell" />
          <Text value={tool.label} max={80} />
          <span class="tool-title">
            <Text
              value={toolTitle(
                model,
                tool,
                toolInput(model, tool, undefined),
              ) ??
                ""}
              max={100}
            />
          </span>
          <ToolFacts model={model} tool={tool} />
          <ObjectLink
            model={model}
            pointer={["tool_call", tool.id]}
            onSelect={onSelect}
            short
          />
          <ToolError model={model} tool={tool} />
        </li>
      ))}
    </ul>
  );
}

/** What the model received. */
export function ToolOutput(props: ToolCardProps) {
  const { model, item, tool, marks, onSelect } = props;
  const failed = tool !== undefined && isToolFailed(model, tool);
  return (
    <div class={failed ? "tool-output failed" : "tool-output"}>
      <div class="card-head">
        <ToolName {...props} />
        {tool === undefined ? null : <ToolFacts model={model} tool={tool} />}
        {marks}
      </div>
      <ItemBody model={model} item={item} onSelect={onSelect} />
      {tool === undefined
        ? null
        : <Difference model={model} item={item} tool={tool} />}
    </div>
  );
}

/** Verdicts on an output that the model received as it was. */
const SAME = new Set(["identical", "complete", "empty"]);

/** How what the model received differs from what the tool printed; nothing where it does not. */
function Difference(
  { model, item, tool }: { model: Model; item: ItemRow; tool: ToolRow },
) {
  const [open, setOpen] = useKept(`printed ${item.id}`, false);
  // A list renders its rows again whenever it scrolls.
  const row = useMemo(
    () =>
      model.rows.comparisons.find((each) =>
        each.tool_id === tool.id &&
        each.shown_in.some(([kind, id]) => kind === "item" && id === item.id)
      ),
    [model, item, tool],
  );
  if (row === undefined || SAME.has(row.verdict)) return null;
  const operation = model.operation(tool.operation_id);
  const printed = [operation?.stdout ?? null, operation?.stderr ?? null]
    .map((ref) => model.text(ref)).filter((text) => text !== "");
  return (
    <div class="difference">
      <Icon name={row.verdict === "different" ? "warn" : "info"} />
      <span>{comparisonText(row)}</span>
      {printed.length === 0
        ? null
        : (
          <button type="button" class="link" onClick={() => setOpen(!open)}>
            {open ? "hide" : "show"} what the tool printed (
            {sizeOf(printed.join("\n"))})
          </button>
        )}
      {open
        ? printed.map((text, i) => <TerminalBlock key={i} text={text} />)
        : null}
    </div>
  );
}
