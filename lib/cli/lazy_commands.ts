/**
 * Loads the code of a command when it is run. Each has its own `import()`, so that a command, and the
 * help, loads nothing of the others.
 *
 * @module
 */

/** A function for each command. */
export const LAZY_COMMANDS = {
  reduce: async () => (await import("./commands/reduce/reduce.ts")).runReduce,
  context: async () =>
    (await import("./commands/context/context.ts")).runContext,
  diff: async () => (await import("./commands/diff/diff.ts")).runDiff,
  explain: async () =>
    (await import("./commands/explain/explain.ts")).runExplain,
  list: async () => (await import("./commands/list/list.ts")).runList,
  payload: async () =>
    (await import("./commands/payload/payload.ts")).runPayload,
  report: async () => (await import("./commands/report/report.ts")).runReport,
  viewer: async () => (await import("./commands/report/viewer.ts")).runViewer,
  search: async () => (await import("./commands/search/search.ts")).runSearch,
  show: async () => (await import("./commands/show/show.ts")).runShow,
  export: async () => (await import("./commands/export/export.ts")).runExport,
  tables: async () => (await import("./commands/export/tables.ts")).runTables,
  redact: async () => (await import("./commands/export/redact.ts")).runRedact,
  sql: async () => (await import("./commands/export/sql.ts")).runSql,
  stats: async () => (await import("./commands/stats/stats.ts")).runStats,
  timeline: async () =>
    (await import("./commands/timeline/timeline.ts")).runTimeline,
  follow: async () => (await import("./commands/timeline/follow.ts")).runFollow,
  transcript: async () =>
    (await import("./commands/transcript/transcript.ts")).runTranscript,
  check: async () => (await import("./commands/check/check.ts")).runCheck,
  completions: async () =>
    (await import("./commands/completions/completions.ts")).runCompletions,
} as const;
