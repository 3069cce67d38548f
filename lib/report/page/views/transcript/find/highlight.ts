/**
 * Marks what is found in the rows that are rendered, without a change of their elements.
 *
 * @module
 */

import { type RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** Name of the highlight in the style sheet. */
const NAME = "find";
/** Marks in the rows in view; more are not drawn. */
const MAX_MARKS = 500;

/** Marks matches below an element, also in rows that are rendered later. */
export function useHighlight(
  root: RefObject<HTMLElement | null>,
  wanted: RegExp | undefined,
): void {
  // After a frame is early enough: it is drawn, and nothing that the reader does depends on it.
  useEffect(() => {
    const element = root.current;
    if (element === null || wanted === undefined || !("highlights" in CSS)) {
      return;
    }
    let frame = 0;
    const mark = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() =>
        CSS.highlights.set(NAME, new Highlight(...rangesIn(element, wanted)))
      );
    };
    const observer = new MutationObserver(mark);
    observer.observe(element, {
      childList: true,
      characterData: true,
      subtree: true,
    });
    mark();
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
      CSS.highlights.delete(NAME);
    };
  }, [root, wanted]);
}

/** Ranges of the matches inside single text nodes. */
function rangesIn(root: HTMLElement, wanted: RegExp): Range[] {
  const ranges: Range[] = [];
  const nodes = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
    for (const match of (node.nodeValue ?? "").matchAll(wanted)) {
      const range = new Range();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      ranges.push(range);
      if (ranges.length >= MAX_MARKS) return ranges;
    }
  }
  return ranges;
}
