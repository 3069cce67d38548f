/**
 * The arguments of a tool call: a patch by file, a command as lines, the others by name.
 *
 * @module
 */

import { useMemo } from "preact/hooks";
import type { ItemRow, Pointer, ToolRow } from "../../../../report_data.ts";
import type { Model } from "../../../model/model.ts";
import {
  type CodeLanguage,
  languageNamed,
} from "../../../ui/content/code/code_tokens.ts";
import { Content, Switched } from "../../../ui/content/content.tsx";
import { PatchBlock } from "../../../ui/content/patch_block.tsx";
import { escapeLine } from "../../../ui/escape.ts";
import { Folded } from "../../../ui/folded.tsx";
import { ObjectLink } from "../../../ui/object_link.tsx";
import { Text } from "../../../ui/text.tsx";
import {
  type Argument,
  commandOf,
  mainArgument,
  type ToolInput,
  toolInput,
} from "./tool_input.ts";
import { otherArguments, TITLE_CHARACTERS } from "./tool_title.ts";

/** Properties of the arguments. */
export interface ToolArgumentsProps {
  readonly model: Model;
  readonly item: ItemRow;
  readonly tool: ToolRow | undefined;
  readonly onSelect: (pointer: Pointer) => void;
}

/** The arguments of a call. */
export function ToolArguments(props: ToolArgumentsProps) {
  const { model, item, tool } = props;
  const input = useMemo(
    () => toolInput(model, tool, item),
    [model, tool, item],
  );
  return (
    <div class="part">
      <Input input={input} language={languageOf(item)} />
      {input.isComplete ? null : <Truncated {...props} />}
    </div>
  );
}

/** The language of the code that an item has; null for none. */
function languageOf({ parts }: ItemRow): CodeLanguage | null {
  return languageNamed(
    parts.find(({ type }) => type === "code")?.label ?? null,
  );
}

function Input(
  { input, language }: { input: ToolInput; language: CodeLanguage | null },
) {
  const { text, values, patch } = input;
  if (patch !== null) {
    return (
      <Switched text={text} name="patch">
        <PatchBlock files={patch} />
        {values === null ? null : <Others values={values} />}
      </Switched>
    );
  }
  if (values === null) {
    return isInTitle(text)
      ? null
      : <Content text={text} as="code" language={language} />;
  }
  const main = mainArgument(values);
  const command = main === undefined ? null : commandOf(main);
  const isAllInTitle = command !== null && isInTitle(command) &&
    values.length === 1;
  if (isAllInTitle || values.length === 0) return null;
  return (
    <Switched text={text} name="arguments">
      {command === null || isInTitle(command) ? null : (
        <Folded
          text={command}
          as="code"
          language={main?.name === "code" ? language : "shell"}
        />
      )}
      <Others values={command === null ? values : otherArguments(values)} />
    </Switched>
  );
}

/** Whether the title of a card shows all of a command. */
function isInTitle(command: string): boolean {
  return command.trim().length <= TITLE_CHARACTERS &&
    !command.trim().includes("\n");
}

/** Arguments by name: short ones in a line, texts of several lines as blocks. */
function Others({ values }: { values: readonly Argument[] }) {
  const short = values.filter(isShort);
  const long = values.filter((each) => !isShort(each));
  return (
    <>
      {short.length === 0 ? null : (
        <p class="arguments">
          {short.map(({ name, text, source }, i) => (
            <span class="argument" key={i}>
              <span class="argument-name">{escapeLine(name, 60)}</span>{" "}
              <Text value={text ?? source} />
            </span>
          ))}
        </p>
      )}
      {long.map(({ name, text, source }, i) => (
        <div key={i}>
          <span class="part-label">{escapeLine(name, 60)}</span>
          <Content text={text ?? source} as="code" />
        </div>
      ))}
    </>
  );
}

function isShort({ text, source }: Argument): boolean {
  return text === null
    ? !/^[[{]/.test(source) || source.length <= 80
    : text.length <= 120 && !text.includes("\n");
}

/** That the page holds only the start of the arguments, and what holds all of them. */
function Truncated({ model, item, tool, onSelect }: ToolArgumentsProps) {
  const ids = [
    tool?.invocation_payload_id ?? null,
    item.parts.find(({ payload_id: id }) => id !== null)?.payload_id ?? null,
  ].filter((id) => id !== null);
  return (
    <p class="encoded">
      These arguments are truncated.
      {ids.length === 0 ? null : (
        <>
          {" "}All of them are in{" "}
          <ObjectLink
            model={model}
            pointer={["payload", ids[0] ?? ""]}
            onSelect={onSelect}
            short
          />
        </>
      )}
    </p>
  );
}
