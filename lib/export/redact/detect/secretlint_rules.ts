/**
 * The rules of secretlint's recommended preset.
 *
 * They are run without secretlint's core, which is for files of a project: a comment in a text
 * could disable a rule there, and it reads the environment. Each rule searches only around the
 * characters without which it finds nothing.
 *
 * @module
 */

// @ts-types="./secretlint_preset.d.ts"
import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import type { Literal } from "./literal_set.ts";
import type { Report, RuleSet } from "../finding.ts";
import type { Look } from "./tokens.ts";

/** The package. */
export const SECRETLINT = "@secretlint/secretlint-rule-preset-recommend";
/** The version in `deno.json`. */
export const SECRETLINT_VERSION = "12.0.0";

/** How a rule is used. */
export interface RuleUse {
  /** The kind of its findings. */
  readonly kind: string;
  /** Characters that every finding has, or that are just before it. */
  readonly literals: readonly string[];
  /** Whether their case is ignored; they are in lower case then. */
  readonly ignoresCase?: boolean;
  /** What the value is after the start of a finding, of a rule that reports another range. */
  readonly value?: RegExp;
}

/** The rules that are used, by the end of their ids. */
export const USED_RULES: Readonly<Record<string, RuleUse>> = {
  aws: {
    kind: "aws-secret-key",
    literals: ["secret_access", "secretaccess", "secret_key", "secretkey"],
    ignoresCase: true,
    // The rule reports as many characters as the key has, from the name on.
    value: /[A-Za-z0-9/+=]{40}(?![A-Za-z0-9/+=])/,
  },
  npm: {
    kind: "npm-token",
    literals: ["_authToken=", "npm_", ":x-oauth-basic@"],
  },
  slack: {
    kind: "slack-token",
    literals: [
      ...["xoxb-", "xoxp-", "xoxa-", "xoxo-", "xoxr-", "xapp-"],
      "slack.com/",
    ],
  },
  openai: { kind: "openai-key", literals: ["sk-"] },
  anthropic: { kind: "anthropic-key", literals: ["sk-ant-"] },
  groq: { kind: "groq-key", literals: ["gsk_"] },
  huggingface: { kind: "huggingface-token", literals: ["hf_"] },
  linear: { kind: "linear-key", literals: ["lin_api_"] },
  notion: { kind: "notion-token", literals: ["ntn_"] },
  sendgrid: { kind: "sendgrid-key", literals: ["SG."] },
  shopify: {
    kind: "shopify-token",
    literals: ["shppa_", "shpca_", "shpat_", "shpss_"],
  },
  github: {
    kind: "github-token",
    literals: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
  },
  gitlab: { kind: "gitlab-token", literals: ["glpat-"] },
  grafana: { kind: "grafana-token", literals: ["glc_", "glsa_"] },
  "1password": { kind: "1password-token", literals: ["ops_ey"] },
  "hashicorp-vault": {
    kind: "vault-token",
    literals: ["hvs.", "hvb.", "hvr."],
  },
  vercel: {
    kind: "vercel-token",
    literals: ["vcp_", "vci_", "vca_", "vcr_", "vck_"],
  },
  databricks: { kind: "databricks-token", literals: ["dapi"] },
  docker: { kind: "docker-token", literals: ["dckr_pat_"] },
  figma: { kind: "figma-token", literals: ["figd_"] },
};

/** The rules that are not used, and the reason. */
export const UNUSED_RULES: Readonly<Record<string, string>> = {
  gcp: "it reads files; the key is found as a private key",
  privatekey: "it does not find a key whose end was truncated",
  basicauth: "it reports the URL, of which only the credentials are replaced",
  "database-connection-string":
    "it reports the URL, of which only the credentials are replaced",
  "filter-comments": "a comment in a text would disable the others",
};

const PREFIX = "@secretlint/secretlint-rule-";
/** What is searched before and after the characters of a rule. */
const WINDOW_BEFORE = 300;
const WINDOW_AFTER = 1400;
/** Characters after those of a rule that are not searched again: a text may have many of them. */
const SEARCHED = 600;

/** The rules, for one text after another. */
export class SecretlintRules {
  /** Numbers the texts. */
  readonly #text = { number: 0 };

  /** Begins with another text. */
  begin(): void {
    this.#text.number++;
  }

  /** What each rule needs, and what runs it. */
  literals(): Literal<Look>[] {
    return rules.flatMap((rule) => {
      const use = USED_RULES[rule.meta.id.replace(PREFIX, "")];
      if (use === undefined) return [];
      const { literals, ignoresCase = false } = use;
      const value = lookBy(rule, use, this.#text);
      return literals.map((text) => ({ text, ignoresCase, value }));
    });
  }
}

/** The rule set, for a receipt. */
export function secretlintRuleSet(): RuleSet {
  return {
    name: SECRETLINT,
    version: SECRETLINT_VERSION,
    rules: rules.map(({ meta }) => meta.id.replace(PREFIX, ""))
      .filter((id) => USED_RULES[id] !== undefined),
  };
}

/** The kinds of its findings. */
export function secretlintKinds(): string[] {
  return Object.values(USED_RULES).map(({ kind }) => kind);
}

function lookBy(
  rule: typeof rules[number],
  { kind, value }: RuleUse,
  current: { readonly number: number },
): Look {
  let found: (readonly [number, number])[] = [];
  const { file } = rule.create({
    sharedOptions: {},
    createTranslator: () => (messageId) => ({ message: "", messageId }),
    report: ({ range }) => void found.push(range),
    ignore: () => {},
  }, {});
  let searched = { text: 0, end: 0 };
  return (text, _literal, at, report: Report) => {
    if (searched.text === current.number && at < searched.end) return undefined;
    searched = { text: current.number, end: at + SEARCHED };
    const from = Math.max(0, at - WINDOW_BEFORE);
    found = [];
    const content = text.slice(from, at + WINDOW_AFTER);
    file({
      content,
      filePath: "text",
      ext: "",
      contentType: "text",
    });
    for (const range of found) {
      const [start, end] = valueIn(content, range, value);
      report({
        start: from + start,
        end: from + end,
        kind,
        level: "secret",
        reach: "everywhere",
      });
    }
    return undefined;
  };
}

function valueIn(
  content: string,
  range: readonly [start: number, end: number],
  value: RegExp | undefined,
): readonly [start: number, end: number] {
  const match = value?.exec(content.slice(range[0]));
  if (!match) return range;
  const start = range[0] + match.index;
  return [start, start + match[0].length];
}
