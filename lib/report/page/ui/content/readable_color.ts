/**
 * Colours that a terminal output asks for, changed as little as makes them readable.
 *
 * @module
 */

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** The contrast that a text needs with its background, by WCAG. */
const MIN_CONTRAST = 4.5;

/** The contrast of two colours, 1 to 21. */
export function contrastOf(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminanceOf(one), luminanceOf(other)]
    .toSorted((a, b) => a - b);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** A colour, mixed with black or white until it can be read on a background. */
export function readableOn(background: Rgb, color: Rgb): string {
  const black: Rgb = [0, 0, 0];
  const white: Rgb = [255, 255, 255];
  const end = contrastOf(black, background) > contrastOf(white, background)
    ? black
    : white;
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(color, end, share);
    if (contrastOf(mixed, background) >= MIN_CONTRAST) return cssOf(mixed);
  }
  return cssOf(end);
}

/** A colour for a style sheet. */
export function cssOf([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const part = (a: number, b: number) => Math.round(a + (b - a) * share);
  return [part(from[0], to[0]), part(from[1], to[1]), part(from[2], to[2])];
}

function luminanceOf([red, green, blue]: Rgb): number {
  const part = (value: number) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
}
