/**
 * Reduced model, what ran: inference calls, tool calls, code cells, terminals, compactions and
 * the edges between agents.
 *
 * @module
 */

export type * from "./inference.ts";
export type * from "./interaction.ts";
export type * from "./terminal.ts";
export type * from "./tool.ts";
