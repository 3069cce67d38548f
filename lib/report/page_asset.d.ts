/**
 * What the build makes of the front end: the contents of `dist/page.js`
 * and `dist/viewer_page.js`.
 *
 * @module
 */

/** The program of the page, bundled. */
export interface PageAsset {
  /** The one script. */
  readonly script: string;
  /** The one style. */
  readonly style: string;
  /** Hash of the script, as a content security policy names it: `sha256-…`. */
  readonly scriptHash: string;
  /** Hash of the style. */
  readonly styleHash: string;
}
