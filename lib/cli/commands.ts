/**
 * The table of commands: every word the program knows.
 *
 * The imports are dynamic, so that a command costs start-up time only where it is called, and
 * spelled out, so that `deno compile` finds them.
 *
 * @module
 */

import type { CommandEntry } from "./command.ts";

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "reduce",
    summary: "Reduce a trace bundle to state.json",
    load: async () => (await import("./reduce.ts")).reduceCommand,
  },
  {
    name: "check",
    summary: "Tell how a trace bundle is, and whether it can be reduced",
    load: async () => (await import("./check.ts")).checkCommand,
  },
  {
    name: "show",
    summary: "Show a session on one screen, and what went wrong first",
    load: async () => (await import("./ask/show/show.ts")).showCommand,
  },
  {
    name: "timeline",
    summary: "Tell what happened, in order, and what went wrong",
    load: async () => (await import("./ask/timeline.ts")).timelineCommand,
  },
  {
    name: "transcript",
    summary: "Tell what the model saw: a thread, or the input of one request",
    load: async () => (await import("./ask/transcript.ts")).transcriptCommand,
  },
  {
    name: "context",
    summary: "Tell what a prompt was made of, by source, and how prompts grew",
    load: async () => (await import("./ask/context.ts")).contextCommand,
  },
  {
    name: "explain",
    summary: "Explain one object: where it comes from, where it leads",
    load: async () => (await import("./ask/explain/explain.ts")).explainCommand,
  },
  {
    name: "payload",
    summary: "Show the evidence itself, laid out or byte for byte",
    load: async () => (await import("./ask/payload.ts")).payloadCommand,
  },
  {
    name: "diff",
    summary: "Compare two requests, or two sessions",
    load: async () => (await import("./ask/diff.ts")).diffCommand,
  },
  {
    name: "search",
    summary: "Find a text: what holds it, and what stands around it",
    load: async () => (await import("./ask/search.ts")).searchCommand,
  },
  {
    name: "stats",
    summary: "Count calls, tokens, latencies, failures, time and cost",
    load: async () => (await import("./ask/stats/stats.ts")).statsCommand,
  },
  {
    name: "list",
    summary: "List the bundles below a folder, the newest first",
    load: async () => (await import("./ask/list/list.ts")).listCommand,
  },
  {
    name: "report",
    summary: "Write one page that explains a session",
    load: async () => (await import("./ask/report.ts")).reportCommand,
  },
  {
    name: "completions",
    summary: "Print what a shell needs to complete command lines",
    load: async () =>
      (await import("./completions/completions.ts")).completionsCommand(
        COMMANDS,
      ),
  },
];
