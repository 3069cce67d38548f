/**
 * The texts that the graph itself holds, object by object.
 *
 * @module
 */

import type { ThreadId } from "../../format/ids.ts";
import type { Integer, ToolCallKind, UnixMs } from "../../format/vocabulary.ts";
import type {
  ConversationItem,
  ConversationPart,
} from "../../graph/conversation.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import type { TerminalOperation, ToolCall } from "../../graph/runtime.ts";
import type { ObjectKind } from "../session/names/object_kind.ts";
import { toolLabel } from "../session/names/tool_name.ts";
import type { SearchScope } from "./search_answer.ts";

/** A text in a field of an object. */
export interface FieldText {
  /** Name of the field, or path to it. */
  readonly field: string;
  readonly text: string;
  readonly places: readonly SearchScope[];
  /** Whether it is encrypted content, which is named by its ends. */
  readonly isEncrypted?: boolean;
}

/** An object of the graph with texts in it. */
export interface TextObject {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly thread: ThreadId | null;
  readonly what: string;
  readonly at: UnixMs;
  /** Of texts in the log: the event of the first; the graph has it otherwise. */
  readonly seq?: Integer;
  texts(): FieldText[];
}

/** Every object that holds texts. */
export function* textObjects(
  trace: RolloutTrace,
  withPreviews: boolean,
): Generator<TextObject> {
  yield* items(trace);
  yield* tools(trace, withPreviews);
  yield* operations(trace);
  yield* cells(trace);
}

function* items(trace: RolloutTrace): Generator<TextObject> {
  for (const [id, item] of trace.conversation_items) {
    yield {
      kind: "item",
      id,
      thread: item.thread_id,
      what: whatItem(item),
      at: item.first_seen_at_unix_ms,
      texts: () => itemTexts(item),
    };
  }
}

function* tools(
  trace: RolloutTrace,
  withPreviews: boolean,
): Generator<TextObject> {
  for (const [id, tool] of trace.tool_calls) {
    yield {
      kind: "tool_call",
      id,
      thread: tool.thread_id,
      what: toolLabel(tool),
      at: tool.execution.started_at_unix_ms,
      texts: () => [
        ...namesOf(tool.kind),
        ...withPreviews ? previewsOf(tool) : [],
      ],
    };
  }
}

function* operations(trace: RolloutTrace): Generator<TextObject> {
  for (const [id, operation] of trace.terminal_operations) {
    yield {
      kind: "terminal_operation",
      id,
      thread: trace.tool_calls.get(operation.tool_call_id)?.thread_id ?? null,
      what: operation.kind,
      at: operation.execution.started_at_unix_ms,
      texts: () => operationTexts(operation),
    };
  }
}

function* cells(trace: RolloutTrace): Generator<TextObject> {
  for (const [id, cell] of trace.code_cells) {
    yield {
      kind: "code_cell",
      id,
      thread: cell.thread_id,
      what: "code cell",
      at: cell.execution.started_at_unix_ms,
      texts: () => [
        { field: "source_js", text: cell.source_js, places: ["sources"] },
      ],
    };
  }
}

/** Calls are arguments, their outputs are outputs, and all of it are items. */
function placesOf({ kind }: ConversationItem): readonly SearchScope[] {
  switch (kind) {
    case "function_call":
    case "custom_tool_call":
      return ["items", "arguments"];
    case "function_call_output":
    case "custom_tool_call_output":
      return ["items", "outputs"];
    case "message":
    case "reasoning":
    case "compaction_marker":
      return ["items"];
  }
}

function itemTexts(item: ConversationItem): FieldText[] {
  const places = placesOf(item);
  return item.body.parts.map((part, index) => {
    const [key, text] = partText(part);
    const field = `body.parts[${index}].${key}`;
    return { field, text, places, isEncrypted: part.type === "encoded" };
  });
}

function partText(part: ConversationPart): readonly [string, string] {
  switch (part.type) {
    case "text":
    case "summary":
      return ["text", part.text];
    case "encoded":
      return ["value", part.value];
    case "json":
      return ["summary", part.summary];
    case "code":
      return ["source", part.source];
    case "payload_ref":
      return ["label", part.label];
  }
}

function operationTexts({ request, result }: TerminalOperation): FieldText[] {
  const asked = request.type === "write_stdin"
    ? { "request.stdin": request.stdin }
    : {
      "request.display_command": request.display_command,
      "request.cwd": request.cwd,
    };
  if (result === null) return fieldsOf("arguments", asked);
  const { stdout, stderr, formatted_output: formatted } = result;
  return [
    ...fieldsOf("arguments", asked),
    ...fieldsOf("outputs", {
      "result.stdout": stdout,
      "result.stderr": stderr,
      // Most often the same text once more.
      "result.formatted_output": formatted === stdout ? null : formatted,
    }),
  ];
}

/** The texts of the fields of one scope; null where the graph has none. */
function fieldsOf(
  place: SearchScope,
  fields: Readonly<Record<string, string | null>>,
): FieldText[] {
  return Object.entries(fields).flatMap(([field, text]) =>
    text === null ? [] : [{ field, text, places: [place] }]
  );
}

function namesOf(kind: ToolCallKind): FieldText[] {
  switch (kind.type) {
    case "mcp":
      return fieldsOf("arguments", {
        "kind.server": kind.server,
        "kind.tool": kind.tool,
      });
    case "other":
      return fieldsOf("arguments", { "kind.name": kind.name });
    default:
      return fieldsOf("arguments", { "kind.type": kind.type });
  }
}

/** The previews of input and output of a tool; the complete texts are in its payloads. */
function previewsOf({ summary }: ToolCall): FieldText[] {
  switch (summary.type) {
    case "generic":
      return [
        ...fieldsOf("arguments", {
          "summary.input_preview": summary.input_preview,
        }),
        ...fieldsOf("outputs", {
          "summary.output_preview": summary.output_preview,
        }),
      ];
    case "agent":
      return fieldsOf("arguments", {
        "summary.message_preview": summary.message_preview,
      });
    case "terminal":
    case "wait_agent":
      return [];
  }
}

function whatItem({ kind, role }: ConversationItem): string {
  return kind === "message" ? `${role} message` : kind.replaceAll("_", " ");
}
