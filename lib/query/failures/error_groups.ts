/**
 * The errors of a session, grouped by their cause.
 *
 * @module
 */

import type { Integer } from "../../format/vocabulary.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type { Failure, FailureKind } from "./failure.ts";

/** Errors with one cause: consequences count with what caused them. */
export interface ErrorGroup {
  /** What sort of fault the cause is. */
  readonly kind: FailureKind;
  /** The cause in one line; for exit codes, which form one group, what they have in common. */
  readonly text: string;
  /** How many errors it has. */
  readonly count: number;
  /** The object of the first cause; null where it is about none. */
  readonly about: ObjectRef | null;
  /** The event that reports the first cause; null where none does. */
  readonly seq: Integer | null;
}

const EXIT_CODES = "commands that ended with another code than 0";
/** Some of them with a code that is unknown. */
const FAILED_COMMANDS = "commands that failed";

/** A group, and the errors in it. */
export interface GroupedErrors {
  readonly group: ErrorGroup;
  readonly errors: readonly Failure[];
}

/** The groups of errors, in the order of their causes; exit codes are the last. */
export function errorGroups(failures: readonly Failure[]): ErrorGroup[] {
  return groupErrors(failures).map(({ group }) => group);
}

/** The same groups, with their errors. */
export function groupErrors(failures: readonly Failure[]): GroupedErrors[] {
  const errors = failures.filter(({ severity }) => severity === "error");
  const byObject = new Map<string, Failure>();
  for (const each of errors) {
    if (each.about === null) continue;
    const key = `${each.about.kind} ${each.about.id}`;
    if (!byObject.has(key)) byObject.set(key, each);
  }
  const groups = new Map<string, { cause: Failure; errors: Failure[] }>();
  for (const each of errors) {
    const cause = causeOf(each, byObject);
    const key = cause.kind === "exit_code" ? cause.kind : JSON.stringify([
      cause.kind,
      cause.text,
      // Two unknown reasons may be different ones.
      cause.missing_reason === null ? null : cause.about?.id ?? null,
    ]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { cause, errors: [each] });
    else group.errors.push(each);
  }
  const found = Array.from(groups.values(), ({ cause, errors }) => ({
    group: {
      kind: cause.kind,
      text: cause.kind === "exit_code" ? exitCodesText(errors) : cause.text,
      count: errors.length,
      about: cause.about,
      seq: cause.seq,
    },
    errors,
  }));
  const isExit = ({ group }: GroupedErrors) => group.kind === "exit_code";
  return [
    ...found.filter((each) => !isExit(each)),
    ...found.filter(isExit),
  ];
}

function exitCodesText(errors: readonly Failure[]): string {
  return errors.some(({ kind, exit_code: code }) =>
      kind === "exit_code" && code === null
    )
    ? FAILED_COMMANDS
    : EXIT_CODES;
}

/** The error at the end of a chain of causes. */
function causeOf(
  failure: Failure,
  byObject: ReadonlyMap<string, Failure>,
): Failure {
  const seen = new Set([failure]);
  let cause = failure;
  for (;;) {
    const { caused_by: ref } = cause;
    const next = ref === null
      ? undefined
      : byObject.get(`${ref.kind} ${ref.id}`);
    if (next === undefined || seen.has(next)) return cause;
    seen.add(next);
    cause = next;
  }
}
