/**
 * Sessions as Markdown: what is in it, and what must not be.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { sessionMarkdown } from "../../../lib/export/documents/session_markdown.ts";
import { summarize } from "../../../lib/query/show/show.ts";
import { openTranscript } from "../../../lib/query/transcript/transcript.ts";
import { escapeControlsInLines } from "../../../lib/text/escape.ts";
import { BUNDLES, trajectories } from "./sessions.ts";

Deno.test("without --content no text of a session is in a trajectory or a Markdown document", () => {
  for (const { name, session } of BUNDLES) {
    const markdown = [...sessionMarkdown(session, { texts: false })];
    const exported = JSON.stringify([trajectories(session, false), markdown]);
    for (const { body } of session.trace.conversation_items.values()) {
      for (const part of body.parts) {
        if (!("text" in part)) continue;
        const piece = JSON.stringify(part.text.trim().slice(0, 60)).slice(
          1,
          -1,
        );
        if (piece.length < 8) continue;
        assert(!exported.includes(piece), `${name}: ${piece}`);
      }
    }
  }
});

Deno.test("a Markdown document names a tool equally in call and output, tool calls of code, and what a compaction left", () => {
  const texts = BUNDLES.map(({ session }) => ({
    session,
    lines: [...sessionMarkdown(session, { texts: false })],
  }));
  const counts = { outputs: 0, nested: 0, compacted: 0 };
  for (const { session: { trace }, lines } of texts) {
    for (const tool of trace.tool_calls.values()) {
      const titles = (ids: readonly string[], words: string) =>
        ids.flatMap((id) => {
          const at = [...trace.conversation_items.keys()].findIndex((each) =>
            each === id
          ) + 1;
          const line = lines.find((each) =>
            each.startsWith(`**${words} `) && each.includes(`\`item:${at}\``)
          );
          return /`([^`]+)`/.exec(line ?? "")?.[1] ?? [];
        });
      const [called] = titles(tool.model_visible_call_item_ids, "calls");
      const [answered] = titles(
        tool.model_visible_output_item_ids,
        "output of",
      );
      if (called === undefined || answered === undefined) continue;
      assertEquals(called, answered);
      counts.outputs++;
    }
    const nested = [...trace.code_cells.values()].flatMap((cell) =>
      trace.conversation_items.has(cell.source_item_id)
        ? cell.nested_tool_call_ids
        : []
    );
    const listed = lines.filter((each) => each.startsWith("- the code calls"));
    assertEquals(listed.length, nested.length);
    counts.nested += nested.length;
    counts.compacted += lines.filter((each) =>
      each.includes("of the history after `compaction:")
    ).length;
  }
  assert(Math.min(...Object.values(counts)) > 2, JSON.stringify(counts));
});

Deno.test("tokens of a document are a minimum where some are unknown, and only unknown where all are", () => {
  const counts = { least: 0, unknown: 0 };
  for (const { name, session } of BUNDLES) {
    for (const line of sessionMarkdown(session, { texts: false })) {
      assert(!/(?:least|≥) ?unknown/.test(line), `${name}: ${line}`);
      if (/^- tokens: at least \d/.test(line)) counts.least++;
      if (line.startsWith("- tokens: unknown in")) counts.unknown++;
    }
  }
  assert(Math.min(...Object.values(counts)) > 0, JSON.stringify(counts));
});

interface MarkdownNode {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly MarkdownNode[];
}

/** Every node of a Markdown document. */
function* nodesOf(node: MarkdownNode): Iterable<MarkdownNode> {
  yield node;
  for (const child of node.children ?? []) yield* nodesOf(child);
}

Deno.test("nothing of a session is markup in a Markdown document", () => {
  const parser = unified().use(remarkParse).use(remarkGfm);
  const allowed = new Set(
    "root heading text inlineCode paragraph list listItem emphasis strong code"
      .split(" "),
  );
  for (const { name, session } of BUNDLES) {
    const text = [...sessionMarkdown(session, { texts: true })].join("\n");
    const words = new Set<string>();
    for (const { type, value = "" } of nodesOf(parser.parse(text))) {
      assert(allowed.has(type), `${name}: ${type} ${value}`);
      if (type === "text") words.add(value);
    }
    const printed = [...words].join(" ");
    assert(!/[<>@#&]|https?:/.test(printed), `${name}: ${printed}`);
  }
});

Deno.test("a Markdown document has what users and models wrote, and each turn once", () => {
  let texts = 0;
  for (const { name, session } of BUNDLES) {
    const text = [...sessionMarkdown(session, { texts: true })].join("\n");
    for (const { turn } of summarize(session).turns) {
      const titles = text.split(`\n### \`${turn.handle}\`: `).length - 1;
      assertEquals(titles, 1, `${name}: ${turn.handle}`);
    }
    for (const { thread_id: id } of session.trace.threads.values()) {
      for (
        const entry of openTranscript(session, { thread: id })?.entries() ?? []
      ) {
        if (entry.type !== "item" || entry.kind !== "message") continue;
        if (entry.role !== "user" && entry.role !== "assistant") continue;
        for (const part of entry.parts) {
          if (part.type !== "text" || part.text.includes("\r")) continue;
          const shown = escapeControlsInLines(part.text.replaceAll("\t", " "));
          texts++;
          const start = shown.slice(0, 1_000).trimEnd();
          assertStringIncludes(text.replaceAll("\t", " "), start, name);
        }
      }
    }
  }
  assert(texts > 50);
});
