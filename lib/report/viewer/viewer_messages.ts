/**
 * What the page of the viewer and its worker send to each other.
 *
 * @module
 */

/** What the page requests. */
export type ViewerRequest =
  /** Find the sessions among these files; sent once. */
  | { readonly type: "drop"; readonly files: readonly SentFile[] }
  /** Read a session, and make its report. */
  | { readonly type: "open"; readonly session: number }
  /** Check a session that is a bundle. */
  | { readonly type: "check"; readonly session: number }
  /** Reduce a session that is a bundle, as `reduce` does, with `--tolerant` if so requested. */
  | {
    readonly type: "state";
    readonly session: number;
    readonly isTolerant: boolean;
  };

/** A file that was dropped. */
export interface SentFile {
  /** Its path, with the names of dropped folders before its own. */
  readonly path: string;
  readonly file: Blob;
}

/** A session among the files. */
export interface SessionPlace {
  readonly path: string;
  /** A session log has neither a check nor a `state.json`. */
  readonly source: "bundle" | "session_log";
}

/** What the worker answers. */
export type ViewerAnswer =
  | {
    readonly type: "sessions";
    readonly sessions: readonly SessionPlace[];
    /** What was not taken, one line each. */
    readonly notes: readonly string[];
    /** How many files there were. */
    readonly files: number;
  }
  | { readonly type: "progress"; readonly text: string }
  | {
    readonly type: "report";
    readonly session: number;
    /** The blocks of the report by their names, as JSON: see `report_blocks.ts`. */
    readonly blocks: ReadonlyMap<string, string>;
  }
  | {
    readonly type: "checked";
    readonly session: number;
    /** The text of `check`. */
    readonly lines: readonly string[];
    readonly errors: number;
    readonly warnings: number;
  }
  | {
    readonly type: "state";
    readonly session: number;
    /** The bytes of `state.json`. */
    readonly state: Blob;
    /** Events that were skipped. */
    readonly skipped: number;
  }
  | {
    readonly type: "failed";
    /** What failed. */
    readonly request: ViewerRequest["type"];
    readonly session: number | null;
    readonly message: string;
  };
