/**
 * The bar above a transcript: the thread, the LLM request, and facts of that request.
 *
 * @module
 */

import type { CallRow, Pointer, ThreadRow } from "../../../report_data.ts";
import type { Model } from "../../model/model.ts";
import { countOf, durationOf, UNKNOWN } from "../../ui/figures.ts";
import { Icon } from "../../ui/icon.tsx";
import { ObjectLink } from "../../ui/object_link.tsx";
import { escapeLine } from "../../ui/escape.ts";
import { OutcomeMark } from "../../ui/status.tsx";
import { Text } from "../../ui/text.tsx";
import { FindBar } from "./find/find_bar.tsx";
import type { Find } from "./find/use_find.ts";
import { usageText } from "./usage_text.ts";

/** Properties of the bar. */
export interface RequestBarProps {
  readonly model: Model;
  readonly thread: ThreadRow;
  readonly calls: readonly CallRow[];
  /** The selected request; null for every item of the thread. */
  readonly call: CallRow | null;
  readonly onThread: (id: string) => void;
  readonly onCall: (call: CallRow | null) => void;
  readonly find: Find;
  readonly onSelect: (pointer: Pointer) => void;
}

/** The bar above a transcript. */
export function RequestBar(props: RequestBarProps) {
  const { model, thread, calls, call, onThread, onCall } = props;
  const at = call === null ? -1 : calls.indexOf(call);
  return (
    <div class="request-bar">
      <select
        aria-label="Thread of the transcript"
        value={thread.id}
        onChange={(event) => onThread(event.currentTarget.value)}
      >
        {model.rows.threads.map(({ id, agent_path: path }) => (
          <option key={id} value={id}>{escapeLine(path, 60)}</option>
        ))}
      </select>
      <StepButton
        name="Previous LLM request"
        shortcut="["
        to={calls[at - 1]}
        onCall={onCall}
      />
      <RequestChoice calls={calls} call={call} onCall={onCall} />
      <StepButton
        name="Next LLM request"
        shortcut="]"
        to={call === null ? undefined : calls[at + 1]}
        onCall={onCall}
      />
      {call === null ? null : <CallFacts {...props} call={call} />}
      <FindBar find={props.find} />
    </div>
  );
}

interface StepButtonProps {
  readonly name: string;
  readonly shortcut: string;
  readonly to: CallRow | undefined;
  readonly onCall: (call: CallRow) => void;
}

function StepButton({ name, shortcut, to, onCall }: StepButtonProps) {
  return (
    <button
      type="button"
      class="tool-button"
      title={`${name} (${shortcut})`}
      disabled={to === undefined}
      onClick={() => to !== undefined && onCall(to)}
    >
      <span class={shortcut === "[" ? "flip" : ""}>
        <Icon name="open" />
      </span>
      <span class="sr-only">{name}</span>
    </button>
  );
}

function RequestChoice(
  { calls, call, onCall }: Pick<RequestBarProps, "calls" | "call" | "onCall">,
) {
  return (
    <select
      aria-label="LLM request of the transcript"
      value={call?.id ?? ""}
      onChange={({ currentTarget: { value } }) =>
        onCall(calls.find(({ id }) => id === value) ?? null)}
    >
      <option value="">all items, in the order first seen</option>
      {calls.map(({ id, handle, request, request_capture, outcome }, i) => (
        <option key={id} value={id}>
          {`LLM request ${i + 1} of ${calls.length} · ${handle} · ${
            request_capture === null
              ? `${countOf(request[1])} items`
              : "not recorded"
          }${outcome === "ok" ? "" : ` · ${outcome ?? UNKNOWN}`}`}
        </option>
      ))}
    </select>
  );
}

function CallFacts(
  { model, call, onSelect }: RequestBarProps & { call: CallRow },
) {
  return (
    <span class="call-facts">
      <ObjectLink
        model={model}
        pointer={["inference_call", call.id]}
        onSelect={onSelect}
        short
      />
      <Text value={call.model} max={60} />
      <OutcomeMark {...call} />
      <span>{durationOf(call.duration_ms)}</span>
      <span class="faint">
        {usageText(call)}
      </span>
    </span>
  );
}
