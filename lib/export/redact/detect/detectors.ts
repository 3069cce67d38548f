/**
 * All detectors together: what of a text must not leave.
 *
 * @module
 */

import { ownText } from "./code_at.ts";
import { base64Runs } from "./digits/base64_runs.ts";
import { type Literal, LiteralSet, type Offsets } from "./literal_set.ts";
import { commandLiterals, isAuthValue } from "./command_credentials.ts";
import { placeholderAround, withoutPlaceholders } from "../placeholder.ts";
import {
  allowList,
  type CustomPattern,
  customSearch,
} from "./custom_patterns.ts";
import type { Finding, Report, RuleSet } from "../finding.ts";
import { isSensitiveName, namedValue, nameLiterals } from "./named_values.ts";
import {
  PERSONAL_RULES,
  personalLiterals,
  reportNamed,
} from "./personal_rules.ts";
import { privateKeyLiterals } from "./private_keys.ts";
import {
  SECRETLINT,
  secretlintKinds,
  SecretlintRules,
  secretlintRuleSet,
} from "./secretlint_rules.ts";
import { TOKEN_RULES } from "./token_rules.ts";
import { type Look, tokenLiterals } from "./tokens.ts";
import { urlLiterals } from "./url_credentials.ts";

/** What is searched for. */
export interface DetectorOptions {
  /** Whether personal data are found, too. Default `false`: secrets alone. */
  readonly personal?: boolean;
  /** Kinds that are not reported. */
  readonly keep?: readonly string[];
  /** Patterns of the user. */
  readonly patterns?: readonly CustomPattern[];
  /** Values that are not reported: texts, or expressions of RE2 between slashes. */
  readonly allow?: readonly string[];
}

/** Version of the project's own rules: it changes with what they find. */
const RULES_VERSION = "5";

/** The kinds of values beside a sensitive name, which are less specific than the others. */
const VAGUE: readonly string[] = ["named-secret", "password", "authorization"];
const MIN_CHARACTERS = 3;
/** Keys that are remembered. */
const MAX_NAMED = 10_000;

/** Searches texts. */
export class Detectors {
  readonly #literals: LiteralSet<Look>;
  readonly #secretlint = new SecretlintRules();
  readonly #custom: (text: string, report: Report) => void;
  readonly #isAllowed: (value: string) => boolean;
  readonly #kept: ReadonlySet<string>;
  readonly #isPersonal: boolean;
  readonly #options: DetectorOptions;
  /** Keys, and whether findings depend on them. */
  readonly #named = new Map<string, boolean>();

  /** Throws a `PatternError` if a pattern of the user cannot be used. */
  constructor(options: DetectorOptions = {}) {
    const { personal = false, keep = [], patterns = [], allow = [] } = options;
    this.#options = options;
    this.#literals = new LiteralSet([
      ...placeholderLiterals(),
      ...privateKeyLiterals(),
      ...urlLiterals(),
      ...commandLiterals(),
      ...tokenLiterals(),
      ...this.#secretlint.literals(),
      ...nameLiterals(),
      ...personal ? personalLiterals() : [],
    ]);
    this.#custom = customSearch(patterns, personal);
    this.#isAllowed = allowList(allow);
    this.#kept = new Set(keep);
    this.#isPersonal = personal;
  }

  /** What a text has where something is found, unless patterns of the user find it. */
  literals(): readonly Literal<unknown>[] {
    return this.#literals.literals;
  }

  /** Whether there are patterns of the user, which need no literal. */
  get hasPatterns(): boolean {
    return (this.#options.patterns?.length ?? 0) > 0;
  }

  /** The kinds of all findings, sorted. */
  kinds(): string[] {
    const kinds = this.ruleSets().flatMap(({ name, rules }) =>
      name === SECRETLINT ? secretlintKinds() : rules
    );
    return [...new Set(kinds)].sort();
  }

  /** The rules, for a receipt. */
  ruleSets(): RuleSet[] {
    const { patterns = [] } = this.#options;
    const own = new Set([
      ...TOKEN_RULES.map(({ kind }) => kind),
      ...["private-key", "url-credentials", "url-user", ...VAGUE],
      ...this.#isPersonal ? PERSONAL_RULES.map(({ kind }) => kind) : [],
    ]);
    const custom = patterns.map(({ name }) => name);
    return [
      { name: "rollout-trace", version: RULES_VERSION, rules: [...own].sort() },
      secretlintRuleSet(),
      ...custom.length === 0
        ? []
        : [{ name: "configuration", version: "", rules: custom }],
    ];
  }

  /** Whether findings in the value of a key depend on the key. */
  dependsOn(key: string): boolean {
    const known = this.#named.get(key);
    if (known !== undefined) return known;
    const depends = isSensitiveName(key) || /^_?auth$/i.test(key) ||
      this.#isPersonal && /name|login|user/i.test(key);
    if (this.#named.size >= MAX_NAMED) this.#named.clear();
    this.#named.set(ownText(key), depends);
    return depends;
  }

  /**
   * Returns what is found in a text, in any order; findings may overlap.
   *
   * @param key The key that the text is the value of, or the flag before it.
   * @param offsets Where literals are, if that is known.
   */
  scan(text: string, key?: string, offsets?: Offsets): Finding[] {
    const findings = this.scanAll(text, key, offsets);
    return findings.length === 0
      ? findings
      : findings.filter((each) => !this.#isKept(text, each));
  }

  /** The same with what is kept by request. */
  scanAll(text: string, key?: string, offsets?: Offsets): Finding[] {
    const findings: Finding[] = [];
    const report: Report = (finding) => {
      if (!isInert(text, finding) && !isRepeated(finding, findings)) {
        findings.push(finding);
      }
    };
    this.#secretlint.begin();
    this.#literals.search(
      text,
      ({ text: literal, value: look }, at) => look(text, literal, at, report),
      offsets,
    );
    this.#custom(text, report);
    if (key !== undefined && isSensitiveName(key)) {
      const found = namedValue(key, text);
      if (found !== undefined) report({ start: 0, end: text.length, ...found });
    }
    if (key !== undefined && isAuthValue(key, text)) {
      report({
        start: 0,
        end: text.length,
        kind: "authorization",
        level: "secret",
        reach: "everywhere",
      });
    }
    if (this.#isPersonal && key !== undefined) reportNamed(key, text, report);
    return findings;
  }

  #isKept(text: string, { start, end, kind }: Finding): boolean {
    return this.#kept.has(kind) || this.#isAllowed(text.slice(start, end));
  }
}

/** Whether a value was replaced already. */
function isInert(text: string, { start, end, kind }: Finding): boolean {
  if (isInsidePlaceholder(text, start) || isInsidePlaceholder(text, end)) {
    return true;
  }
  const value = text.slice(start, end);
  return isReplaced(value) || VAGUE.includes(kind) && encodesPlaceholder(value);
}

/** Findings that may be reported between two of the same value, by its two literals. */
const BETWEEN = 4;

/** Whether one of the last findings is the same. */
function isRepeated(
  { start, end, kind }: Finding,
  findings: readonly Finding[],
): boolean {
  const first = Math.max(0, findings.length - BETWEEN);
  for (let at = findings.length - 1; at >= first; at--) {
    const other = findings[at];
    if (
      other?.start === start && other.end === end && other.kind === kind
    ) return true;
  }
  return false;
}

/** Whether a placeholder is on both sides of an offset. */
function isInsidePlaceholder(text: string, at: number): boolean {
  return at > 0 && (placeholderAround(text, at - 1) ?? 0) > at;
}

/** Whether a value is a placeholder: what is left beside it is none. */
function isReplaced(value: string): boolean {
  return value.includes("[") &&
    withoutPlaceholders(value).replace(/\W/g, "").length < MIN_CHARACTERS;
}

/** Whether a value looks random because it is base64 in which a value was replaced. */
function encodesPlaceholder(value: string): boolean {
  for (const { decoded } of base64Runs(value)) {
    if (withoutPlaceholders(decoded) !== decoded) return true;
  }
  return false;
}

/** Nothing inside a placeholder is a value. */
function placeholderLiterals(): Literal<Look>[] {
  const value: Look = (text, _, at) => placeholderAround(text, at);
  return ["[secret:", "[personal:", "[text:"].map((text) => ({
    text,
    ignoresCase: false,
    value,
  }));
}

/** Whether a kind is more specific than another one. */
export function isMoreSpecific(kind: string, other: string): boolean {
  return VAGUE.includes(other) && !VAGUE.includes(kind);
}
