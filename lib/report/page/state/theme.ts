/**
 * Light or dark: as the system has it, until the reader chooses.
 *
 * @module
 */

import { useCallback, useState } from "preact/hooks";

/** What the reader chose. */
export type Theme = "system" | "light" | "dark";

const ORDER: readonly Theme[] = ["system", "light", "dark"];

/** The theme, and how to go on to the next. Tells `themechange` on the document. */
export function useTheme(): readonly [Theme, () => void] {
  const [theme, setTheme] = useState<Theme>("system");
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

/** Tells `themechange` when the system goes from light to dark or back. */
export function followSystem(): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener(
    "change",
    () => document.dispatchEvent(new Event("themechange")),
  );
}

/** Goes to the light theme, for paper; the answer goes back to what it was before. */
export function lightTheme(): () => void {
  const { dataset } = document.documentElement;
  const { theme } = dataset;
  const tell = () => document.dispatchEvent(new Event("themechange"));
  dataset["theme"] = "light";
  tell();
  return () => {
    if (theme === undefined) delete dataset["theme"];
    else dataset["theme"] = theme;
    tell();
  };
}
