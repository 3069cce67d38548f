/**
 * A patch, file by file: lines that were added and removed, by colour and sign, in the colours of code.
 *
 * @module
 */

import { useMemo } from "preact/hooks";
import { escapeLine, escapeText } from "../escape.ts";
import { countOf } from "../figures.ts";
import { More } from "../more.tsx";
import { TokenText } from "./code/code_text.tsx";
import { type LineTokens, patchTokens } from "./code/patch_tokens.ts";
import { type PatchFile, type PatchLine, patchSize } from "./patch_text.ts";

/** Lines of a file and files of a patch that are shown before the reader expands them. */
const SEEN_LINES = 40;
const SEEN_FILES = 20;
/** Characters of a line that are shown. */
const MAX_CHARACTERS = 2000;

export function PatchBlock({ files }: { files: readonly PatchFile[] }) {
  return (
    <div class="patch">
      <More
        items={files}
        max={SEEN_FILES}
        render={(file, i) => <FilePatch key={i} file={file} />}
      />
    </div>
  );
}

function FilePatch({ file }: { file: PatchFile }) {
  const { added, removed } = useMemo(() => patchSize([file]), [file]);
  const tokens = useMemo(() => patchTokens(file), [file]);
  return (
    <div class="patch-file">
      <div class="patch-head">
        {file.change === null
          ? null
          : <span class="patch-change">{file.change}</span>}
        <bdi class="patch-path" dir="ltr">{escapeLine(file.path, 300)}</bdi>
        {file.movedTo === null ? null : (
          <>
            →{" "}
            <bdi class="patch-path" dir="ltr">
              {escapeLine(file.movedTo, 300)}
            </bdi>
          </>
        )}
        <span class="patch-plus">+{countOf(added)}</span>
        <span class="patch-minus">
          −{removed === null ? "?" : countOf(removed)}
        </span>
      </div>
      {file.lines.length === 0 ? null : (
        <div class="patch-lines">
          <More
            items={file.lines}
            max={SEEN_LINES}
            render={(line, i) => (
              <Line key={i} line={line} tokens={tokens[i] ?? null} />
            )}
          />
        </div>
      )}
    </div>
  );
}

const SIGNS: Readonly<Record<PatchLine["type"], string>> = {
  added: "+",
  removed: "-",
  context: " ",
  position: "",
  note: "",
};

function Line(
  { line: { type, text }, tokens }: {
    line: PatchLine;
    tokens: LineTokens | null;
  },
) {
  const shown = text.slice(0, MAX_CHARACTERS);
  return (
    <div class={`patch-line patch-${type}`}>
      <span class="patch-sign">{SIGNS[type]}</span>
      <bdi>
        {tokens === null ? escapeText(shown) : <TokenText tokens={tokens} />}
        {shown.length < text.length
          ? `… ${countOf(text.length - shown.length)} more characters`
          : ""}
      </bdi>
    </div>
  );
}
