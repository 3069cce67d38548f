/**
 * Kinds of secrets and personal data to plant: each makes a value at random, and a text around it.
 *
 * The values are put together here, so that no scanner of repositories takes them for real ones.
 *
 * @module
 */

import { Prng } from "../../support/bundles/random/prng.ts";

/** A value that a copy must not have. */
export interface Planted {
  /** Its kind, and its number. */
  readonly name: string;
  /** The value. */
  readonly value: string;
  /** Text with the value: some kinds are known by the words around them only. */
  readonly text: string;
  /** The key that it is the value of; the text by default. */
  readonly key?: string;
  /** Whether it is personal data, which is replaced on request only. */
  readonly isPersonal: boolean;
  /** Whether it is found without the words around it, so that it can be planted alone. */
  readonly isAlone: boolean;
}

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const DIGITS = "0123456789";
const HEX = "0123456789abcdef";
const WORD = LOWER + UPPER + DIGITS;
const NAME = `${WORD}_-`;

/** Makes random texts. */
class Source {
  readonly #prng: Prng;

  constructor(seed: number) {
    this.#prng = new Prng(seed);
  }

  /** A text of `length` characters of an alphabet, with a digit where there are digits. */
  of(length: number, alphabet = WORD): string {
    let text = "";
    for (let at = 0; at < length; at++) {
      text += alphabet[this.#prng.int(alphabet.length)];
    }
    if (!alphabet.includes("7") || length < 4 || /\d/.test(text)) return text;
    return `${text.slice(0, 2)}7${text.slice(3)}`;
  }

  /** A number from 1 to 254. */
  byte(): number {
    return 1 + this.#prng.int(254);
  }
}

type Make = (s: Source) => string;
type Around = (value: string, s: Source) => string;

const ALONE: Around = (value) => `the value is ${value} here`;

/** Kinds of secrets. */
const SECRETS:
  readonly (readonly [name: string, make: Make, around?: Around])[] = [
    ["github classic", (s) => `ghp_${s.of(36)}`],
    ["github oauth", (s) => `gho_${s.of(36)}`],
    ["github fine", (s) => `github_pat_${s.of(22)}_${s.of(59)}`],
    ["gitlab", (s) => `glpat-${s.of(20)}`],
    ["npm", (s) => `npm_${s.of(36)}`],
    ["pypi", (s) => `pypi-AgEIcHlwaS5vcmc${s.of(60, NAME)}`],
    ["rubygems", (s) => `rubygems_${s.of(48, HEX)}`],
    ["docker", (s) => `dckr_pat_${s.of(27)}`],
    ["sentry", (s) => `sntrys_${s.of(60)}`],
    ["openai legacy", (s) => `sk-${s.of(20)}T3Blbk${"FJ"}${s.of(20)}`],
    ["openai project", (s) => `sk-proj-${s.of(74)}T3Blbk${"FJ"}${s.of(74)}`],
    ["anthropic", (s) => `sk-ant-api03-${s.of(93, NAME)}AA`],
    ["openrouter", (s) => `sk-or-v1-${s.of(64, HEX)}`],
    ["groq", (s) => `gsk_${s.of(52)}`],
    ["huggingface", (s) => `hf_${s.of(34, LOWER + UPPER)}aZbY`],
    ["replicate", (s) => `r8_${s.of(37)}`],
    ["perplexity", (s) => `pplx-${s.of(48)}`],
    ["aws access key", (s) => `AKIA${s.of(16, UPPER + "234567")}`],
    ["aws session key", (s) => `ASIA${s.of(16, UPPER + "234567")}`],
    [
      "aws secret key",
      (s) => s.of(38, WORD + "/+") + "k9",
      (v) => `aws_secret_access_key = ${v}`,
    ],
    ["google api key", (s) => `AIza${s.of(35)}`],
    ["google client", (s) => `GOCSPX-${s.of(28)}`],
    ["google access", (s) => `ya29.${s.of(60)}`],
    [
      "azure account key",
      (s) => `${s.of(86)}==`,
      (v) => `DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${v};`,
    ],
    ["digitalocean", (s) => `dop_v1_${s.of(64, HEX)}`],
    ["vercel", (s) => `vcp_${s.of(40)}`],
    ["netlify", (s) => `nfp_${s.of(40)}`],
    ["supabase", (s) => `sbp_${s.of(40, HEX)}`],
    ["planetscale", (s) => `pscale_tkn_${s.of(43)}`],
    ["databricks", (s) => `dapi${s.of(32, HEX)}`],
    ["vault", (s) => `hvs.${s.of(95)}`],
    ["doppler", (s) => `dp.pt.${s.of(43)}`],
    ["tailscale", (s) => `tskey-auth-${s.of(12)}-${s.of(32)}`],
    ["age", (s) => `AGE-SECRET-KEY-1${s.of(58, UPPER + DIGITS)}`],
    [
      "slack bot",
      (s) => `xoxb-${s.of(12, DIGITS)}-${s.of(12, DIGITS)}-${s.of(24)}`,
    ],
    [
      "slack webhook",
      (s) =>
        `T${s.of(8, UPPER + DIGITS)}/B${s.of(8, UPPER + DIGITS)}/${s.of(24)}`,
      (v) => `curl https://hooks.slack.com/services/${v}`,
    ],
    ["discord bot", (s) => `MT${s.of(22)}.${s.of(6)}.${s.of(38)}`],
    ["telegram", (s) => `${"7" + s.of(9, DIGITS)}:AA${s.of(33)}`],
    ["sendgrid", (s) => `SG.${s.of(22)}.${s.of(43)}`],
    ["mailgun", (s) => `key-${s.of(32, HEX)}`],
    ["mailchimp", (s) => `${s.of(32, HEX)}-us14`],
    ["twilio", (s) => `SK${s.of(32, HEX)}`],
    ["stripe live", (s) => `sk_live_${s.of(24)}`],
    ["stripe restricted", (s) => `rk_live_${s.of(24)}`],
    ["stripe webhook", (s) => `whsec_${s.of(32)}`],
    ["square", (s) => `sq0atp-${s.of(22)}`],
    ["shopify", (s) => `shpat_${s.of(32, HEX)}`],
    ["linear", (s) => `lin_api_${s.of(40)}`],
    ["notion", (s) => `ntn_${s.of(11, DIGITS)}${s.of(35)}`],
    ["figma", (s) => `figd_${s.of(43)}`],
    ["airtable", (s) => `pat${s.of(14)}.${s.of(64, HEX)}`],
    ["postman", (s) => `PMAK-${s.of(24, HEX)}-${s.of(34, HEX)}`],
    ["grafana", (s) => `glsa_${s.of(32)}_${s.of(8, HEX)}`],
    ["new relic", (s) => `NRAK-${s.of(27, UPPER + DIGITS)}`],
    ["posthog", (s) => `phc_${s.of(43)}`],
    [
      "jwt",
      (s) =>
        `${btoa('{"alg":"HS256"}').replace(/=+$/, "")}.${
          btoa(`{"sub":"${s.of(12)}"}`).replace(/=+$/, "")
        }.${s.of(43, NAME)}`,
    ],
    [
      "private key",
      (s) =>
        `-----BEGIN RSA ${"PRIVATE"} KEY-----\nMIIE${s.of(60)}\n${s.of(64)}\n${
          s.of(40)
        }==\n-----END RSA ${"PRIVATE"} KEY-----`,
    ],
    [
      "openssh key",
      (s) =>
        `-----BEGIN OPENSSH ${"PRIVATE"} KEY-----\nb3BlbnNzaC1rZXktdjE${
          s.of(51)
        }\n${s.of(64)}\n-----END OPENSSH ${"PRIVATE"} KEY-----`,
    ],
    [
      "password variable",
      (s) => `${s.of(6, LOWER)}!${s.of(5)}#9`,
      (v) => `export DB_PASSWORD='${v}'`,
    ],
    [
      "password flag",
      (s) => `Zq${s.of(12)}9`,
      (v) => `mysql --password ${v} -h db`,
    ],
    ["client secret", (s) => s.of(32), (v) => `client_secret: "${v}"`],
    ["bearer", (s) => s.of(40, NAME), (v) => `Authorization: Bearer ${v}`],
    ["api key", (s) => s.of(32, HEX), (v) => `x-api-key: ${v}`],
    ["session cookie", (s) => s.of(40), (v) => `Cookie: session_token=${v}`],
    [
      "url password",
      (s) => `${s.of(14)}9`,
      (v) => `psql postgres://app:${v}@db.example.com:5432/x`,
    ],
    [
      "redis password",
      (s) => `${s.of(20)}9`,
      (v) => `redis://:${v}@cache.example.com:6379`,
    ],
  ];

/** Kinds of personal data. */
const PERSONAL:
  readonly (readonly [name: string, make: Make, around?: Around])[] = [
    [
      "email",
      (s) => `${s.of(7, LOWER)}.${s.of(6, LOWER)}@${s.of(8, LOWER)}.org`,
    ],
    ["email tag", (s) => `${s.of(7, LOWER)}+tag7@mail.${s.of(8, LOWER)}.co.uk`],
    ["ipv4", (s) => `10.${s.byte()}.${s.byte()}.${s.byte()}`],
    ["ipv4 public", (s) => `203.${s.byte()}.${s.byte()}.${s.byte()}`],
    [
      "ipv6",
      (s) => `2001:db8:${s.of(4, HEX)}:${s.of(4, HEX)}::${s.of(4, HEX)}`,
    ],
    [
      "mac",
      (s) =>
        Array.from({ length: 6 }, () => s.of(2, "23456789abcde")).join(":"),
    ],
    [
      "linux user",
      (s) => `${s.of(8, LOWER)}q`,
      (v) => `cd /home/${v}/src && ls -l # ${v}`,
    ],
    ["mac user", (s) => `${s.of(8, LOWER)}z`, (v) => `cat /Users/${v}/.zshrc`],
    [
      "windows user",
      (s) => `${s.of(8, LOWER)}x`,
      (v) => `dir C:\\Users\\${v}\\Documents`,
    ],
    ["user variable", (s) => `${s.of(9, LOWER)}w`, (v) => `USER=${v}`],
    ["mdns host", (s) => `${s.of(6, LOWER)}-macbook-pro.local`],
    ["internal host", (s) => `ip-10-${s.byte()}-7-${s.byte()}.ec2.internal`],
    ["corporate host", (s) => `build7.${s.of(6, LOWER)}.corp`],
    [
      "shell prompt",
      (s) => `${s.of(7, LOWER)}host`,
      (v, s) => `${s.of(6, LOWER)}@${v}:~/src$ ls`,
    ],
    [
      "git ssh remote",
      (s) => `git@github.com:${s.of(8, LOWER)}/${s.of(9, LOWER)}.git`,
    ],
    [
      "git https remote",
      (s) => `https://git.${s.of(6, LOWER)}.com/team/${s.of(9, LOWER)}.git`,
    ],
  ];

/** One value of each kind, different ones for each seed. */
export function plantedValues(seed: number): Planted[] {
  const source = new Source(seed);
  const make = (isPersonal: boolean) =>
  (
    [name, value, around]: readonly [name: string, make: Make, around?: Around],
  ): Planted => {
    const made = value(source);
    return {
      name: `${name} ${seed}`,
      value: made,
      text: (around ?? ALONE)(made, source),
      isPersonal,
      isAlone: around === undefined,
    };
  };
  return [...SECRETS.map(make(false)), ...PERSONAL.map(make(true))];
}
