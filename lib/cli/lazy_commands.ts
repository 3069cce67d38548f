/**
 * The code of every command but `reduce`, which needs nothing of it.
 *
 * @module
 */

export { runContext } from "./commands/context/context.ts";
export { runDiff } from "./commands/diff/diff.ts";
export { runExplain } from "./commands/explain/explain.ts";
export { runList } from "./commands/list/list.ts";
export { runPayload } from "./commands/payload/payload.ts";
export { runReport } from "./commands/report/report.ts";
export { runSearch } from "./commands/search/search.ts";
export { runShow } from "./commands/show/show.ts";
export { runExport } from "./commands/export/export.ts";
export { runTables } from "./commands/export/tables.ts";
export { runSql } from "./commands/export/sql.ts";
export { runStats } from "./commands/stats/stats.ts";
export { runTimeline } from "./commands/timeline/timeline.ts";
export { runTranscript } from "./commands/transcript/transcript.ts";
export { runCheck } from "./commands/check/check.ts";
export { runCompletions } from "./commands/completions/completions.ts";
