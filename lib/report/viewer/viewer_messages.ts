/**
 * What the page of the viewer and its worker send to each other.
 *
 * @module
 */

/** What the page requests. */
export type ViewerRequest =
  /** Find the bundles among these files; sent once. */
  | { readonly type: "drop"; readonly files: readonly SentFile[] }
  /** Read a bundle, and make its report. */
  | { readonly type: "open"; readonly bundle: number }
  /** Check a bundle. */
  | { readonly type: "check"; readonly bundle: number }
  /** Reduce a bundle, as `reduce` does, with `--tolerant` if so requested. */
  | {
    readonly type: "state";
    readonly bundle: number;
    readonly isTolerant: boolean;
  };

/** A file that was dropped. */
export interface SentFile {
  /** Its path, with the names of dropped folders before its own. */
  readonly path: string;
  readonly file: Blob;
}

/** What the worker answers. */
export type ViewerAnswer =
  | {
    readonly type: "bundles";
    /** The path of each bundle. */
    readonly bundles: readonly string[];
    /** What was not taken, one line each. */
    readonly notes: readonly string[];
    /** How many files there were. */
    readonly files: number;
  }
  | { readonly type: "progress"; readonly text: string }
  | {
    readonly type: "report";
    readonly bundle: number;
    /** The blocks of the report by their names, as JSON: see `report_html.ts`. */
    readonly blocks: ReadonlyMap<string, string>;
  }
  | {
    readonly type: "checked";
    readonly bundle: number;
    /** The text of `check`. */
    readonly lines: readonly string[];
    readonly errors: number;
    readonly warnings: number;
  }
  | {
    readonly type: "state";
    readonly bundle: number;
    /** The bytes of `state.json`. */
    readonly state: Blob;
    /** Events that were skipped. */
    readonly skipped: number;
  }
  | {
    readonly type: "failed";
    /** What failed. */
    readonly request: ViewerRequest["type"];
    readonly bundle: number | null;
    readonly message: string;
  };
