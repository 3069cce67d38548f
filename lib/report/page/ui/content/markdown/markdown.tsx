/**
 * Markdown as elements: headings, lists, tables, code and emphasis.
 *
 * Every text is a text node. A link is its text and its target, and nothing that can be followed;
 * of an image there is only what it is called and where it is.
 *
 * @module
 */

import type { Token, Tokens } from "marked";
import type { ComponentChildren } from "preact";
import { useContext, useMemo, useState } from "preact/hooks";
import { escapeText } from "../../escape.ts";
import { countOf } from "../../figures.ts";
import { Folded } from "../../folded.tsx";
import { More } from "../../more.tsx";
import { SidewaysBox } from "../../sideways_box.tsx";
import { languageNamed } from "../code/code_tokens.ts";
import { Finding } from "../finding.ts";

/** Characters and blocks that are shown before the reader expands a text. */
const SEEN_CHARACTERS = 4000;
const SEEN_BLOCKS = 60;
/** Entries of a list and rows of a table that are shown before the reader expands them. */
const SEEN_ENTRIES = 100;
/** Deeper content is shown as it was written. */
const MAX_DEPTH = 24;

/** The blocks of a text. */
export function Markdown({ tokens }: { tokens: readonly Token[] }) {
  const [all, setAll] = useState(false);
  const isFound = useContext(Finding) !== undefined;
  const seen = useMemo(
    () => all || isFound ? tokens : startOf(tokens),
    [tokens, all, isFound],
  );
  const hidden = tokens.slice(seen.length)
    .reduce((sum, { raw }) => sum + raw.length, 0);
  return (
    <div class="markdown">
      {seen.map((token, i) => <Block key={i} token={token} depth={0} />)}
      {hidden === 0
        ? null
        : (
          <button type="button" class="link" onClick={() => setAll(true)}>
            show {countOf(hidden)} more characters
          </button>
        )}
    </div>
  );
}

function startOf(tokens: readonly Token[]): readonly Token[] {
  let room = SEEN_CHARACTERS;
  const end = tokens.findIndex(({ raw }, i) =>
    i >= SEEN_BLOCKS || i > 0 && (room -= raw.length) < 0
  );
  return end === -1 ? tokens : tokens.slice(0, end);
}

interface TokenProps {
  /** The parser makes only tokens of these types: no extension is used. */
  readonly token: Token;
  readonly depth: number;
}

function Block({ token, depth }: TokenProps): ComponentChildren {
  if (depth > MAX_DEPTH) return <p dir="auto">{escapeText(token.raw)}</p>;
  const block = token as Tokens.Generic & Token;
  switch (block.type) {
    case "space":
    case "def":
      return null;
    case "hr":
      return <hr />;
    case "code":
      return <CodeBlock block={block as Tokens.Code} />;
    case "heading":
      return (
        <p class={`md-heading md-h${block.depth}`} dir="auto">
          <Inlines tokens={block.tokens} depth={depth} />
        </p>
      );
    case "blockquote":
      return (
        <blockquote>
          <Blocks tokens={block.tokens} depth={depth} />
        </blockquote>
      );
    case "list":
      return <List list={block as Tokens.List} depth={depth} />;
    case "table":
      return <Table table={block as Tokens.Table} depth={depth} />;
    default:
      return (
        <p dir="auto">
          {block.tokens === undefined
            ? escapeText(block.raw.trimEnd())
            : <Inlines tokens={block.tokens} depth={depth} />}
        </p>
      );
  }
}

function Blocks(
  { tokens, depth }: { tokens: readonly Token[] | undefined; depth: number },
) {
  return (
    <>
      {tokens?.map((token, i) => (
        <Block key={i} token={token} depth={depth + 1} />
      ))}
    </>
  );
}

function CodeBlock({ block: { text, lang } }: { block: Tokens.Code }) {
  return (
    <>
      {lang === undefined || lang === ""
        ? null
        : <span class="part-label">{escapeText(lang.slice(0, 40))}</span>}
      <Folded text={text} as="code" language={languageNamed(lang ?? null)} />
    </>
  );
}

function List({ list, depth }: { list: Tokens.List; depth: number }) {
  const items = (
    <More
      items={list.items}
      max={SEEN_ENTRIES}
      wrap={(button) => <li>{button}</li>}
      render={(item, i) => (
        <li key={i} dir="auto">
          {item.task ? (item.checked ? "☑ " : "☐ ") : null}
          <Blocks
            tokens={item.tokens.filter(({ type }) => type !== "checkbox")}
            depth={depth}
          />
        </li>
      )}
    />
  );
  return list.ordered
    ? <ol start={list.start === "" ? 1 : list.start}>{items}</ol>
    : <ul>{items}</ul>;
}

function Table({ table, depth }: { table: Tokens.Table; depth: number }) {
  const cell = ({ tokens }: Tokens.TableCell) => (
    <Inlines tokens={tokens} depth={depth} />
  );
  return (
    <SidewaysBox label="Table">
      <table>
        <thead>
          <tr>
            {table.header.map((each, i) =>
              each.text.trim() === ""
                ? <td key={i} />
                : <th key={i} scope="col">{cell(each)}</th>
            )}
          </tr>
        </thead>
        <tbody>
          <More
            items={table.rows}
            max={SEEN_ENTRIES}
            wrap={(button) => (
              <tr>
                <td colSpan={table.header.length}>{button}</td>
              </tr>
            )}
            render={(row, i) => (
              <tr key={i}>
                {row.map((each, k) => <td key={k}>{cell(each)}</td>)}
              </tr>
            )}
          />
        </tbody>
      </table>
    </SidewaysBox>
  );
}

function Inlines(
  { tokens, depth }: { tokens: readonly Token[] | undefined; depth: number },
) {
  return (
    <>
      {tokens?.map((token, i) => (
        <Inline key={i} token={token} depth={depth + 1} />
      ))}
    </>
  );
}

function Inline({ token, depth }: TokenProps): ComponentChildren {
  if (depth > MAX_DEPTH) return escapeText(token.raw);
  const inline = token as Tokens.Generic & Token;
  const inner = <Inlines tokens={inline.tokens} depth={depth} />;
  switch (inline.type) {
    case "strong":
      return <strong>{inner}</strong>;
    case "em":
      return <em>{inner}</em>;
    case "del":
      return <del>{inner}</del>;
    case "codespan":
      return <code class="md-code">{escapeText(inline.text)}</code>;
    case "br":
      return <br />;
    case "link":
      return <Link link={inline as Tokens.Link}>{inner}</Link>;
    case "image":
      return (
        <span class="md-image">
          [image{inline.text === "" ? "" : ` ${escapeText(inline.text)}`}:{" "}
          <Target href={String(inline.href)} />]
        </span>
      );
    case "escape":
      return escapeText(inline.text);
    default:
      return inline.tokens === undefined ? escapeText(inline.raw) : inner;
  }
}

/** The text of a link and its target, where that is not the text itself. */
function Link(
  { link, children }: { link: Tokens.Link; children: ComponentChildren },
) {
  return link.text === link.href ? <Target href={link.href} /> : (
    <>
      <span class="md-link">{children}</span> (<Target href={link.href} />)
    </>
  );
}

function Target({ href }: { href: string }) {
  return <bdi class="md-target" dir="ltr">{escapeText(href)}</bdi>;
}
