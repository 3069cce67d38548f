/**
 * The page of a report as a file: its policy, its blocks, and what they weigh.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { openBundle } from "../../lib/query/session/open_bundle.ts";
import { buildReport } from "../../lib/report/build/build_report.ts";
import { loadPage } from "../../lib/report/load_page.ts";
import { reportParts, writeReport } from "../../lib/report/html/report_html.ts";
import type { EmbeddedPayloads } from "../../lib/report/report_data.ts";
import { recorded } from "./report_file.ts";

const PAGE_ASSET = await loadPage();

interface Page {
  readonly html: string;
  readonly payloads: EmbeddedPayloads;
  readonly bytes: { program: number; graph: number; texts: number };
}

function pageOf(
  name: string,
  payloads: EmbeddedPayloads["choice"],
  maxPayloadBytes = 1 << 20,
): Page {
  const session = openBundle(recorded(name));
  const report = buildReport(session, {
    version: "0",
    payloads,
    maxPayloadBytes,
  });
  const parts = reportParts(report, PAGE_ASSET);
  const decoder = new TextDecoder();
  let html = "";
  writeReport(parts, report, session.payloads, (chunk) => {
    html += decoder.decode(chunk, { stream: true });
  });
  return { html, payloads: report.plan.counts, bytes: parts.bytes };
}

async function hashOf(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(hash)))}`;
}

/** The blocks of data of a page, by name. */
function blocksOf(html: string): Map<string, string> {
  const pattern =
    /<script type="application\/json" id="([a-z0-9-]+)">([^<]*)<\/script>/g;
  return new Map(
    Array.from(
      html.matchAll(pattern),
      ([, id, text]) => [id ?? "", text ?? ""],
    ),
  );
}

Deno.test("the page allows its own script and style by their hashes, and nothing else", async () => {
  const { html } = pageOf("0.164.0-stream_drop", "none");
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/
    .exec(html)?.[1]?.split("; ");
  const script = /<script>([\s\S]*?)<\/script>/.exec(html)?.[1] ?? "";
  const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? "";
  assertEquals(policy, [
    "default-src 'none'",
    `script-src '${await hashOf(script)}'`,
    `style-src '${await hashOf(style)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]);
  assertEquals(script, PAGE_ASSET.script);
  assertEquals(style, PAGE_ASSET.style);
});

Deno.test("the page has one script, and names no address to load from", () => {
  const { html } = pageOf("0.169.0-code_mode_tools", "all");
  const rest = html.replaceAll(
    /<script type="application\/json" id="[a-z0-9-]+">[^<]*<\/script>/g,
    "",
  );
  assertEquals(rest.match(/<script/g)?.length, 1);
  // A parser of markup names elements in its code; the policy keeps it from making any of a text.
  const markup = rest.replace(PAGE_ASSET.script, "");
  assertEquals(
    markup.match(/<(?:link|img|iframe|object|embed|base|form)\b/g),
    null,
  );
  assertEquals(markup.match(/url\((?!#)/g), null);
});

Deno.test("every block is JSON, and the texts are where the data points", () => {
  const { html } = pageOf("0.164.0-agents_v2_sol_tree", "all");
  const blocks = blocksOf(html);
  const data = JSON.parse(blocks.get("report") ?? "");
  const starts: number[] = data.text_blocks;
  starts.forEach((start, i) => {
    const texts: string[] = JSON.parse(blocks.get(`texts-${i}`) ?? "");
    assertEquals(starts[i + 1] ?? start + texts.length, start + texts.length);
  });
  for (const text of blocks.values()) JSON.parse(text);
});

Deno.test("payloads are included as they are in their files, as many as were asked for", () => {
  const name = "0.169.0-code_mode_tools";
  const { trace, payloads } = openBundle(recorded(name));
  const embedded = (page: Page) =>
    new Map([...blocksOf(page.html)].flatMap(([id, text]) => {
      if (!id.startsWith("payloads-")) return [];
      const entries: [string, string][] = JSON.parse(text);
      return entries;
    }));
  assertEquals(embedded(pageOf(name, "none")).size, 0);
  const all = embedded(pageOf(name, "all"));
  assertEquals(all.size, trace.raw_payloads.size);
  for (const [id, ref] of trace.raw_payloads) {
    const bytes = payloads?.bytes(ref);
    assertEquals(all.get(id), new TextDecoder().decode(bytes));
  }
  const used = embedded(pageOf(name, "used"));
  assert(used.size > 0 && used.size < all.size);
  for (const call of trace.inference_calls.values()) {
    assert(used.has(call.raw_request_payload_id));
  }
  for (const [id, ref] of trace.raw_payloads) {
    if (ref.kind.type === "protocol_event") assert(!used.has(id));
  }
});

Deno.test("beyond a limit the largest payloads stay out, and are counted", () => {
  const name = "0.169.0-code_mode_tools";
  const full = pageOf(name, "all").payloads;
  const most = Math.floor(full.embedded_bytes / 2);
  const { payloads: result, html } = pageOf(name, "all", most);
  assert(result.embedded_bytes <= most);
  assertEquals(result.embedded + result.over_limit, full.embedded);
  assertEquals(
    result.embedded_bytes + result.over_limit_bytes,
    full.embedded_bytes,
  );
  assert(result.over_limit > 0 && result.over_limit < full.embedded);
  const data = JSON.parse(blocksOf(html).get("report") ?? "");
  assertEquals(data.payloads, result);
});

Deno.test("the sizes that are reported are those of the page", () => {
  const { html, bytes } = pageOf("0.164.0-stream_drop", "none");
  const result = bytes.program + bytes.graph + bytes.texts;
  const written = new TextEncoder().encode(html).length;
  assert(written - result < 100, `${written} are not ${result}`);
  assertMatch(html, /^<!doctype html>\n<html lang="en">/);
});
