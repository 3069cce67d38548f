/**
 * Light or dark: the theme of the system until the reader selects one.
 *
 * @module
 */

import { useCallback, useState } from "preact/hooks";

/** The selected theme. */
export type Theme = "system" | "light" | "dark";

const ORDER: readonly Theme[] = ["system", "light", "dark"];

/** The theme, and a function that selects the next. It dispatches `themechange` on the document. */
export function useTheme(): readonly [Theme, () => void] {
  const [theme, setTheme] = useState<Theme>(selectedTheme);
  const next = useCallback(() => {
    setTheme((before) => {
      const after = ORDER[(ORDER.indexOf(before) + 1) % ORDER.length] ??
        "system";
      const { dataset } = document.documentElement;
      if (after === "system") delete dataset["theme"];
      else dataset["theme"] = after;
      document.dispatchEvent(new Event("themechange"));
      return after;
    });
  }, []);
  return [theme, next];
}

/** The theme that was selected before, in another session of the page. */
function selectedTheme(): Theme {
  const { theme } = document.documentElement.dataset;
  return ORDER.find((each) => each === theme) ?? "system";
}

/** Dispatches `themechange` when the system switches between light and dark. */
export function followSystem(): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener(
    "change",
    () => document.dispatchEvent(new Event("themechange")),
  );
}

/** Reads the colours of tokens in the current theme: a canvas does not know `light-dark()`. */
export function colorsOf(element: HTMLElement): (token: string) => string {
  return (token) => {
    // A property that nothing inherits, and that shows nothing here.
    element.style.outlineColor = `var(${token})`;
    const { outlineColor: color } = getComputedStyle(element);
    element.style.outlineColor = "";
    return color;
  };
}

/** Selects the light theme, for printing; the returned function restores the previous theme. */
export function lightTheme(): () => void {
  const { dataset } = document.documentElement;
  const { theme } = dataset;
  const notify = () => document.dispatchEvent(new Event("themechange"));
  dataset["theme"] = "light";
  notify();
  return () => {
    if (theme === undefined) delete dataset["theme"];
    else dataset["theme"] = theme;
    notify();
  };
}
