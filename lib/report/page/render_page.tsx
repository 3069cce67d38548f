/**
 * Renders a page, and renders it again completely when it is printed.
 *
 * @module
 */

import { type ComponentChild, render } from "preact";
import { Printing } from "./ui/printing.ts";
import { followSystem, lightTheme } from "./state/theme.ts";

/** Renders what `page` returns, which is called for each rendering. */
export function renderPage(root: Element, page: () => ComponentChild): void {
  followSystem();
  const draw = (printing: boolean) =>
    render(
      <Printing.Provider value={printing}>{page()}</Printing.Provider>,
      root,
    );
  draw(false);
  // Rendered synchronously: the browser prints what the page shows when the event ends.
  addEventListener("beforeprint", () => {
    const restore = lightTheme();
    draw(true);
    addEventListener("afterprint", () => {
      restore();
      draw(false);
    }, { once: true });
  });
}
