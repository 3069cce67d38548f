/**
 * The types of the tables that describe what a command takes.
 *
 * One table for each command drives parsing, its errors, help, and completion in shells.
 *
 * @module
 */

export type FlagValue =
  | {
    /** Any text, such as the name of an object. */
    readonly type: "text" | "path" | "size";
    /** What help calls it: `FILE`. */
    readonly name: string;
  }
  | {
    readonly type: "integer";
    readonly name: string;
    readonly min: number;
    readonly max: number;
    /** Words that are accepted instead of a number. */
    readonly words?: readonly string[];
    /**
     * The number that counts where the flag has no value. Then only digits that follow the flag are
     * its value; all else is the next argument.
     */
    readonly implied?: string;
  }
  | {
    /** One of a few words, or several of them with commas between. */
    readonly type: "choice" | "choices";
    readonly name: string;
    readonly choices: readonly string[];
    /** Other spellings that are accepted, but neither listed nor completed. */
    readonly synonyms?: readonly string[];
  };

/** A flag of a command. */
export interface Flag {
  /** The long name, without dashes. */
  readonly name: string;
  /** The letter of the short form, without its dash. */
  readonly alias?: string;
  /** What follows it; a switch has no value. */
  readonly value?: FlagValue;
  /** The value that counts when the flag is absent. */
  readonly default?: string;
  /** Whether it may be repeated; without, the last value counts. */
  readonly repeatable?: boolean;
  /** What it does, in one clause: help and completion show it. */
  readonly description: string;
  /** More, in clauses that follow the description in the help. */
  readonly details?: string;
  /** The heading in the help; `Flags` by default. */
  readonly group?: string;
}

/** An argument that is not a flag. */
export interface Operand {
  /** As usage lines and errors name it: `BUNDLE`. */
  readonly name: string;
  /** What it is, in a few words. */
  readonly description: string;
  /** Whether it may be absent. */
  readonly optional?: boolean;
  /** Whether it may be repeated; only the last operand may. */
  readonly repeatable?: boolean;
  /** The words that are accepted; without, it is completed as a path. */
  readonly choices?: readonly string[];
  /**
   * Whether it can be a bundle that is chosen by `ROOT@latest` or `--latest`, any session that is
   * chosen so, be it a bundle or a session log, or a root that is by default that of all recordings.
   */
  readonly selects?: "bundle" | "session" | "root";
}

/** What a command takes. */
export interface ArgsTable {
  /** Arguments that are not flags, in order. */
  readonly operands: readonly Operand[];
  /** Flags, in the order of the help. */
  readonly flags: readonly Flag[];
}

/** The value that has to follow a flag; `undefined` of a switch, and where it may be absent. */
export function requiredValue({ value }: Flag): FlagValue | undefined {
  return impliedValue(value) === undefined ? value : undefined;
}

/** What counts where a flag has no value; `undefined` where it must have one, or takes none. */
export function impliedValue(value: FlagValue | undefined): string | undefined {
  return value?.type === "integer" ? value.implied : undefined;
}
