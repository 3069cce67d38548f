/**
 * What the build makes of the front end: the contents of `dist/page.js` and
 * `dist/viewer_worker.js`.
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

/** What the viewer is made of. */
export interface ViewerAsset {
  /** The program of the page, which is that of a report. */
  readonly page: PageAsset;
  /** The script of the worker that reads bundles. */
  readonly worker: string;
}
