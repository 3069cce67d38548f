/**
 * Every command but `reduce`, which needs none of what these are made of.
 *
 * @module
 */

export { contextCommand } from "./ask/context.ts";
export { diffCommand } from "./ask/diff.ts";
export { explainCommand } from "./ask/explain/explain.ts";
export { listCommand } from "./ask/list/list.ts";
export { payloadCommand } from "./ask/payload.ts";
export { reportCommand } from "./ask/report.ts";
export { searchCommand } from "./ask/search.ts";
export { showCommand } from "./ask/show/show.ts";
export { statsCommand } from "./ask/stats/stats.ts";
export { timelineCommand } from "./ask/timeline.ts";
export { transcriptCommand } from "./ask/transcript.ts";
export { checkCommand } from "./check/check.ts";
export { completionsCommand } from "./completions/completions.ts";
