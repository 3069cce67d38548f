/**
 * The code of every command but `reduce`, which needs nothing of it.
 *
 * @module
 */

export { runContext } from "./ask/context.ts";
export { runDiff } from "./ask/diff.ts";
export { runExplain } from "./ask/explain/explain.ts";
export { runList } from "./ask/list/list.ts";
export { runPayload } from "./ask/payload.ts";
export { runReport } from "./ask/report.ts";
export { runSearch } from "./ask/search.ts";
export { runShow } from "./ask/show/show.ts";
export { runStats } from "./ask/stats/stats.ts";
export { runTimeline } from "./ask/timeline.ts";
export { runTranscript } from "./ask/transcript.ts";
export { runCheck } from "./commands/check/check.ts";
export { runCompletions } from "./commands/completions/completions.ts";
