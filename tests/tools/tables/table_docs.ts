/**
 * Rewrites `docs/tables.md` from the descriptions of the tables: `deno task tables`.
 *
 * @module
 */

import { join } from "@std/path";
import {
  TABLES,
  TEXTS,
  TEXTS_MEANING,
  VIEWS,
} from "../../../lib/export/tables/catalog.ts";
import type { Table } from "../../../lib/export/tables/table.ts";
import { PROJECT } from "../../support/paths.ts";
import { WORKED_QUERIES } from "./worked_queries.ts";

/** The document. */
export const TABLE_DOCS = join(PROJECT, "docs", "tables.md");

const INTRODUCTION = `# Tables

\`rollout-trace sql\` makes tables of one session or of all sessions below a
directory, in memory, and runs one statement of SQLite over them:

\`\`\`sh
rollout-trace sql BUNDLE "SELECT tool, count(*) FROM tool_calls GROUP BY tool"
rollout-trace sql ROOT -f query.sql --csv
\`\`\`

The tables can only be read, and only the tables and columns that the statement
names are loaded; \`*\` is every column. A statement and its result take at most
512 MB beside them: one that needs more is refused.
Every table has the column \`session_id\`; ids are unique in a session, so that
joins name both: \`USING (session_id, turn_id)\`. Times are text in ISO 8601 and
UTC, which the date functions of SQLite read; durations are milliseconds;
booleans are 0 and 1. What was not recorded is \`NULL\`, never 0 or an empty
text. Columns marked **text** in the last column hold texts of the session:
prompts, code, output, paths, errors.

\`rollout-trace tables ROOT -o DIR\` writes the same tables as Parquet, NDJSON or
CSV: \`DIR/turns/date=2026-11-29/part.parquet\`. By default columns marked
**text** are empty there; \`--content short\` or \`all\` fills them. Timestamps are
TIMESTAMP in Parquet. In DuckDB:
\`SELECT count(*) FROM 'DIR/turns/*/*.parquet'\`. With \`--format sqlite\` they are
one database, \`DIR/tables.sqlite\`. [scale.md](scale.md) describes how to write
them on several machines, and queries in other engines.

This file is made by \`deno task tables\` from the descriptions in
\`lib/export/tables/\`.
`;

/** The text of the document, before it is formatted. */
export function tableDocs(): string {
  return [
    INTRODUCTION,
    ...TABLES.map(tableSection),
    "## Views\n",
    ...VIEWS.map(({ name, meaning, select }) =>
      `### ${name}\n\n${meaning}.\n\n\`\`\`sql\n${select.trim()}\n\`\`\`\n`
    ),
    `## Full-text index\n\n\`${TEXTS}\`: ${TEXTS_MEANING}. Columns: ` +
    "`session_id`, `object_kind` (`item`, `code_cell`, `terminal_operation`), " +
    "`object_id`, `text`. A search is `WHERE texts MATCH 'word'`; a text with " +
    "other characters than letters and digits is put in double quotes.\n",
    "## Worked queries\n",
    ...WORKED_QUERIES.map(({ question, sql }) =>
      `### ${question}\n\n\`\`\`sql\n${sql}\n\`\`\`\n`
    ),
  ].join("\n");
}

function tableSection({ name, meaning, key, columns }: Table): string {
  const rows = columns.map((each) =>
    `| \`${each.name}\` | ${each.type} | ${each.nullable ? "yes" : ""} | ` +
    `${each.meaning.replaceAll("|", "\\|")}${
      each.references === null ? "" : ` (\`${each.references}\`)`
    } | ${each.content ? "**text**" : ""} |`
  );
  return `## ${name}\n\n${meaning}. Key: ${
    key.map((each) => `\`${each}\``).join(", ")
  }.\n\n| column | type | null | meaning | |\n| --- | --- | --- | --- | --- |\n${
    rows.join("\n")
  }\n`;
}

/** The document as `deno fmt` sets it. */
export async function formattedTableDocs(): Promise<string> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext", "md", "-"],
    cwd: PROJECT,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(tableDocs()));
  await writer.close();
  const { success, stdout } = await process.output();
  if (!success) throw new Error("deno fmt failed");
  return new TextDecoder().decode(stdout);
}

if (import.meta.main) {
  Deno.writeTextFileSync(TABLE_DOCS, await formattedTableDocs());
}
