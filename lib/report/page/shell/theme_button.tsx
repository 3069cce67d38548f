/**
 * The button that selects the next theme.
 *
 * @module
 */

import type { Theme } from "../state/theme.ts";
import { Icon } from "../ui/icon.tsx";

export function ThemeButton(
  { theme, onTheme }: { theme: Theme; onTheme: () => void },
) {
  return (
    <button
      type="button"
      class="tool-button"
      onClick={onTheme}
      title="Theme: system, light, dark (t)"
    >
      <Icon name="theme" />
      <span class="wide-only">{theme}</span>
      <span class="narrow-only sr-only">Theme: {theme}</span>
    </button>
  );
}
