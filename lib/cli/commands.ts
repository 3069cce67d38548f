/**
 * The table of commands: every word the program knows.
 *
 * `reduce` starts at once; the others are loaded together, when one of them is called: two parts
 * are found faster at every start than a file for each.
 *
 * @module
 */

import type { CommandEntry } from "./command.ts";
import { reduceCommand } from "./reduce.ts";

const answering = () => import("./answering.ts");

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "reduce",
    summary: "Reduce a trace bundle to state.json",
    load: () => Promise.resolve(reduceCommand),
  },
  {
    name: "check",
    summary: "Tell how a trace bundle is, and whether it can be reduced",
    load: async () => (await answering()).checkCommand,
  },
  {
    name: "show",
    summary: "Show a session on one screen, and what went wrong first",
    load: async () => (await answering()).showCommand,
  },
  {
    name: "timeline",
    summary: "Tell what happened, in order, and what went wrong",
    load: async () => (await answering()).timelineCommand,
  },
  {
    name: "transcript",
    summary: "Tell what the model saw: a thread, or the input of one request",
    load: async () => (await answering()).transcriptCommand,
  },
  {
    name: "context",
    summary: "Tell what a prompt was made of, by source, and how prompts grew",
    load: async () => (await answering()).contextCommand,
  },
  {
    name: "explain",
    summary: "Explain one object: where it comes from, where it leads",
    load: async () => (await answering()).explainCommand,
  },
  {
    name: "payload",
    summary: "Show the evidence itself, laid out or byte for byte",
    load: async () => (await answering()).payloadCommand,
  },
  {
    name: "diff",
    summary: "Compare two requests, or two sessions",
    load: async () => (await answering()).diffCommand,
  },
  {
    name: "search",
    summary: "Find a text: what holds it, and what stands around it",
    load: async () => (await answering()).searchCommand,
  },
  {
    name: "stats",
    summary: "Count calls, tokens, latencies, failures, time and cost",
    load: async () => (await answering()).statsCommand,
  },
  {
    name: "list",
    summary: "List the bundles below a folder, the newest first",
    load: async () => (await answering()).listCommand,
  },
  {
    name: "report",
    summary: "Write one page that explains a session",
    load: async () => (await answering()).reportCommand,
  },
  {
    name: "completions",
    summary: "Print what a shell needs to complete command lines",
    load: async () => (await answering()).completionsCommand(COMMANDS),
  },
];
