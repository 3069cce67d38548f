/**
 * The tables of commands that answer a question about one session.
 *
 * @module
 */

import type { Flag, Operand } from "../args/flag.ts";
import type { Command } from "../command.ts";
import { LAZY_COMMANDS } from "../lazy_commands.ts";
import {
  BUNDLE,
  FORCE_RAW_FLAG,
  LOCAL_FLAG,
  READS_BUNDLE as PERMISSIONS,
  REDACT_FLAGS,
  SESSION,
  SESSION_FLAGS,
  THREAD_FLAG,
} from "./common_flags.ts";
import { MAX_DEPTH, TIMELINE_KINDS } from "./choices.ts";

const CALL: Operand = {
  name: "CALL",
  description:
    "an LLM request: call:3, its id, or the number of an event: the request that the event is about, else the latest of its thread at that time",
};

const ONE_THREAD_FLAG: Flag = {
  ...THREAD_FLAG,
  description: "the thread",
  details: "thread:2, /root/reviewer or an id; by default the root thread",
};

const FULL_FLAG: Flag = { name: "full", description: "fold nothing" };

/** `show`. */
export const SHOW: Command = {
  name: "show",
  summary: "Summarize a session on one screen, with its first error",
  description: [
    "Shows the session on one screen: which it is and how complete, its first error, threads and turns with their requests and tokens, tools, compactions, histories rewound or replaced without one, and what to ask next. Cached tokens are part of the input, reasoning tokens of the output; usage that a provider did not report is unknown.",
  ],
  operands: [SESSION],
  examples: [{ args: "~/traces/trace-2f0c" }],
  flags: [LOCAL_FLAG, ...SESSION_FLAGS],
  permissions: PERMISSIONS,
  load: LAZY_COMMANDS.show,
};

/** `timeline`. */
export const TIMELINE: Command = {
  name: "timeline",
  summary: "Print events in order, with their duration and errors",
  description: [
    "Prints what happened, in order: a line for each entry, at its start, with its duration, as a tree of what contains what. Threads have lanes at the left. An entry during which a request started elsewhere has a second line at its end.",
    `  ● happened   ✗ failed   ■ interrupted   ◌ incomplete   ! warning
  ┴ the end of an entry   ○ shown only because of what it contains`,
  ],
  operands: [SESSION],
  examples: [
    { args: "BUNDLE --failed" },
    { args: "BUNDLE --kind call,tool --thread /root/reviewer" },
  ],
  flags: [
    THREAD_FLAG,
    {
      name: "kind",
      value: {
        type: "choices",
        name: "KIND",
        choices: TIMELINE_KINDS.map(({ word }) => word),
        synonyms: TIMELINE_KINDS.map(({ kind }) => kind),
      },
      repeatable: true,
      description: "only these kinds",
    },
    {
      name: "failed",
      description: "only errors and warnings",
      details: "with every entry that contains them",
    },
    {
      name: "since",
      value: { type: "text", name: "SEQ" },
      description: "only entries that started with this event or later",
      details: "9, seq:9, or the name of an object for its start",
    },
    {
      name: "until",
      value: { type: "text", name: "SEQ" },
      description: "only entries that started with this event or earlier",
    },
    {
      name: "gap",
      value: { type: "integer", name: "MS", min: 0, max: 999_999_999 },
      default: "1000",
      description: "milliseconds without an event that are shown as a gap",
    },
    {
      name: "clock",
      description: "print the time of day in UTC; --local prints the local one",
      details: "by default the time since the start",
    },
    LOCAL_FLAG,
    ...SESSION_FLAGS,
  ],
  notes: [
    "Without --kind, items that no user wrote are omitted, and protocol events that are neither errors nor warnings.",
  ],
  permissions: PERMISSIONS,
  load: LAZY_COMMANDS.timeline,
};

/** `transcript`. */
export const TRANSCRIPT: Command = {
  name: "transcript",
  summary: "Print the conversation of a thread, or the input of one request",
  description: [
    "Prints what the model received and wrote: an entire thread in order, or with --at exactly the input of one request. Each item has its author, its cause and its text; a + marks items that the previous request did not have. Arguments are complete, long texts are folded. Where a compaction replaced the history, the removed and the added items are listed.",
  ],
  operands: [SESSION],
  examples: [
    { args: "BUNDLE --thread /root/reviewer" },
    { args: "BUNDLE --at call:3 --markdown > request.md" },
  ],
  flags: [
    ONE_THREAD_FLAG,
    {
      name: "at",
      value: { type: "text", name: "CALL" },
      description: "the input of one request",
      details:
        "call:3, its id, or the number of an event: the request that the event is about, else the latest at that time",
    },
    FULL_FLAG,
    { name: "markdown", description: "print Markdown, nothing folded" },
    ...REDACT_FLAGS,
    ...SESSION_FLAGS,
  ],
  permissions: PERMISSIONS,
  exits: {
    3: "partial result: part of the bundle could not be reduced; with --redact also: the scan of the output found values, and nothing was written",
  },
  load: LAZY_COMMANDS.transcript,
};

/** `context`. */
export const CONTEXT: Command = {
  name: "context",
  summary: "Break down a prompt by source, and show how prompts grew",
  description: [
    "Shows what a request was made of: its prompt by source, in items and bytes, what is new in it, its largest items, and how the prompts of the thread grew. Without --at it is the last request of the thread.",
    "Bytes are those of the JSON that was sent, without the indentation of payload files. Tokens are those that the provider reported; none are estimated.",
  ],
  operands: [BUNDLE],
  examples: [{ args: "BUNDLE" }, { args: "BUNDLE --at call:3" }],
  flags: [
    {
      name: "at",
      value: { type: "text", name: "CALL" },
      description: "the request",
      details:
        "call:3, its id, or the number of an event: the request that the event is about, else the latest at that time",
    },
    ONE_THREAD_FLAG,
    {
      name: "tools",
      description: "the definitions of the tools that the request offers",
    },
    {
      name: "full",
      description: "every request of the thread, every item by tool",
    },
    ...SESSION_FLAGS,
  ],
  permissions: PERMISSIONS,
  load: LAZY_COMMANDS.context,
};

/** `explain`. */
export const EXPLAIN: Command = {
  name: "explain",
  summary: "Explain one object: its causes and its effects",
  description: [
    "Prints everything about one object, its causes and its effects. Each step names its evidence: events by number, payloads by name. What happened before an object is never listed as its effect. The output of a tool is compared with what the model received of it.",
    "OBJECT is a handle as the other commands print it (call:3, tool:5, item:9, cell:1, operation:1, terminal:1, edge:1, thread:1, payload:7), an id or at least its first four letters, the model's own id of a call, the path of an agent, or the number of an event (9 or seq:9): the object that the event is about, or where it happened.",
  ],
  operands: [BUNDLE, { name: "OBJECT", description: "the object to explain" }],
  examples: [
    { args: "BUNDLE tool:1", description: "who requested it, its effects" },
    { args: "BUNDLE terminal:1", description: "the operations on a terminal" },
    {
      args: "BUNDLE /root/kid",
      description: "who started and closed an agent",
    },
    { args: "BUNDLE 15", description: "the object of event 15" },
  ],
  flags: [
    {
      name: "depth",
      value: { type: "integer", name: "N", min: 1, max: MAX_DEPTH },
      description: "steps of a chain",
      details: "by default 3 to causes and 2 to effects",
    },
    LOCAL_FLAG,
    ...SESSION_FLAGS,
  ],
  permissions: PERMISSIONS,
  load: LAZY_COMMANDS.explain,
};

/** `payload`. */
export const PAYLOAD: Command = {
  name: "payload",
  summary: "Print a raw payload, formatted or verbatim",
  description: [
    "Prints a payload; of an object with several payloads, their list. JSON is formatted with keys in their order and numbers as recorded, long texts folded. A payload that is stored in parts is composed; of one that the limits of the recorder truncated, the recorded part is printed.",
  ],
  operands: [
    BUNDLE,
    {
      name: "ID",
      description:
        "a payload (payload:7, or its path), the number of an event, or any object",
    },
  ],
  examples: [
    { args: "BUNDLE call:3" },
    { args: "BUNDLE payload:7 --raw > request.json" },
  ],
  flags: [
    { name: "raw", description: "print the exact bytes of the text" },
    {
      name: "record",
      description: "print the exact bytes of the payload's own record",
      details: "it holds only the fragments between its parts",
    },
    FORCE_RAW_FLAG,
    FULL_FLAG,
    ...SESSION_FLAGS,
  ],
  permissions: PERMISSIONS,
  exits: { 1: "no result or omitted payload" },
  load: LAZY_COMMANDS.payload,
};

/** `diff`. */
export const DIFF: Command = {
  name: "diff",
  summary: "Compare two LLM requests, or two sessions",
  forms: [
    "BUNDLE CALL CALL",
    "BUNDLE CALL",
    "BUNDLE CALL --prepared",
    "BUNDLE CALL BUNDLE CALL",
    "BUNDLE BUNDLE",
  ],
  description: [
    "Compares two LLM requests: items of the input that are equal, added, removed or rewritten, and every other value that was sent. A single request is compared with the previous one of its thread; with --prepared, with the prompt that Codex prepared for it.",
    "Or compares two sessions: outcome, counts and tools side by side, where they part, turns with the same prompt beside each other, and, thread by thread, where the conversations differ. Items are equal if their contents are; ids, times and the lines that Codex writes above the output of a tool are ignored. Of encrypted content only its presence is compared.",
    "Marks:\n  = equal   + added   - removed   > moved   ~ rewritten: [-before-]{+after+}",
  ],
  operands: [
    BUNDLE,
    {
      ...CALL,
      name: "CALL|BUNDLE",
      description:
        `${CALL.description}; or a path: another bundle (write ./NAME for a path that could also be a request)`,
      selects: "bundle",
    },
    {
      name: "CALL|BUNDLE",
      description: "another request, or the bundle with it",
      optional: true,
      selects: "bundle",
    },
    {
      name: "CALL",
      description: "the request of the other bundle",
      optional: true,
    },
  ],
  examples: [
    { args: "BUNDLE call:3 call:4" },
    { args: "bundles/yesterday call:1 bundles/today call:1" },
    { args: "BUNDLE call:4" },
    { args: "BUNDLE call:4 --prepared" },
    { args: "bundles/yesterday bundles/today" },
  ],
  flags: [
    {
      name: "prepared",
      description: "compare with the prepared prompt",
      details: "schema 3 records it",
    },
    {
      name: "full",
      description: "print every difference completely",
      details: "of two texts over 20,000 characters, only where they differ",
    },
    {
      name: "exact",
      description: "compare ids and times in texts, too",
      details: "of two sessions",
    },
    {
      name: "exit-code",
      description: "exit with 1 if anything differs",
      details: "with 3 if that is unknown",
    },
    ...SESSION_FLAGS,
  ],
  permissions: PERMISSIONS,
  exits: {
    0: "compared, equal or not",
    1: "nothing to compare; with --exit-code, different",
  },
  load: LAZY_COMMANDS.diff,
};
