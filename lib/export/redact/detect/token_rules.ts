/**
 * Tokens that are recognized by how they begin: the table, by issuer.
 *
 * @module
 */

/** Tokens of one issuer. */
export interface TokenRule {
  /** The kind of its findings. */
  readonly kind: string;
  /** How the tokens begin. */
  readonly starts: readonly string[];
  /** What follows, as the source of a regular expression of bounded cost. */
  readonly rest: string;
  /** What is before the start and belongs to the token, at most 64 characters. */
  readonly before?: RegExp;
  /** Whether the start is no part of the token. */
  readonly isContext?: boolean;
  /** Whether anything is a token that begins and ends like one; else it has figures, or letters of both cases. */
  readonly isExact?: boolean;
}

const WORD = "[A-Za-z0-9]";
const NAME = "[A-Za-z0-9_-]";

function rule(
  kind: string,
  starts: string,
  rest: string,
  more: Pick<TokenRule, "before" | "isContext" | "isExact"> = {},
): TokenRule {
  return { kind, starts: starts.split(" "), rest, ...more };
}

/** Tokens by how they begin. The length is that of the issuer, or a lower bound of it. */
export const TOKEN_RULES: readonly TokenRule[] = [
  // Code hosts, packages, builds.
  rule("github-token", "ghp_ gho_ ghu_ ghs_ ghr_", "[A-Za-z0-9_]{30,255}"),
  rule("github-token", "github_pat_", "[A-Za-z0-9_]{40,255}"),
  rule(
    "gitlab-token",
    "glpat- gldt- glrt- glcbt- glptt- glft- glsoat- glimt- glagent- gloas-",
    "[A-Za-z0-9_.-]{20,128}",
  ),
  rule("bitbucket-token", "ATBB", "[A-Za-z0-9]{28,40}"),
  rule("atlassian-token", "ATATT3 ATCTT3", "[A-Za-z0-9_=-]{60,250}"),
  rule("npm-token", "npm_", "[A-Za-z0-9_]{36}"),
  rule("pypi-token", "pypi-AgE", `${NAME}{40,250}`),
  rule("rubygems-token", "rubygems_", "[a-f0-9]{40,64}"),
  rule("nuget-key", "oy2", "[a-z0-9]{43}"),
  rule("clojars-token", "CLOJARS_", "[a-zA-Z0-9]{60}"),
  rule("docker-token", "dckr_pat_ dckr_oat_", `${NAME}{20,60}`),
  rule("circleci-token", "CCIPAT_ CCIPRJ_", "[A-Za-z0-9_]{30,120}"),
  rule("jfrog-token", "AKCp", `${WORD}{60,80}`),
  rule("sourcegraph-token", "sgp_ slk_", "[A-Za-z0-9_]{40,100}"),
  rule("sentry-token", "sntrys_ sntryu_", "[A-Za-z0-9+/=_-]{40,300}"),
  rule("pulumi-token", "pul-", "[a-f0-9]{40}"),
  rule("terraform-token", ".atlasv1.", "[A-Za-z0-9_=-]{60,80}", {
    before: /[A-Za-z0-9]{14}$/,
  }),
  // Providers of models.
  rule(
    "anthropic-key",
    "sk-ant-",
    `${NAME}{24,200}`,
  ),
  rule("openrouter-key", "sk-or-", `${NAME}{24,200}`),
  rule("langfuse-key", "sk-lf- pk-lf-", `${NAME}{30,60}`),
  rule("openai-key", "sk-", `${NAME}{20,250}`),
  rule("groq-key", "gsk_", `${WORD}{40,80}`),
  rule("huggingface-token", "hf_ api_org_", `${WORD}{30,60}`),
  rule("replicate-token", "r8_", `${WORD}{36,44}`),
  rule("perplexity-key", "pplx-", `${WORD}{40,64}`),
  rule("xai-key", "xai-", `${WORD}{60,100}`),
  rule("nvidia-key", "nvapi-", `${NAME}{50,80}`),
  rule("langsmith-key", "lsv2_", "[A-Za-z0-9_]{36,80}"),
  // Clouds and databases.
  rule("aws-access-key", "AKIA ASIA", "[A-Z0-9]{16}", { isExact: true }),
  rule("aws-access-key", "AROA AIDA ABIA ACCA", "[A-Z0-9]{16}"),
  rule("google-api-key", "AIza", `${NAME}{35}`),
  rule("google-oauth", "GOCSPX- ya29.", `${NAME}{20,300}`),
  rule("google-oauth", "1//0", `${NAME}{30,120}`),
  rule("firebase-key", "AAAA", "[A-Za-z0-9_-]{7}:[A-Za-z0-9_-]{120,200}"),
  rule("azure-signature", "sig=", "[A-Za-z0-9%+/]{40,90}(?:=|%3[dD])?", {
    isContext: true,
  }),
  rule(
    "azure-key",
    "AccountKey= SharedAccessKey=",
    "[A-Za-z0-9+/]{40,90}={0,2}",
    {
      isContext: true,
    },
  ),
  rule("alibaba-key", "LTAI", `${WORD}{17,26}`),
  rule("yandex-key", "AQVN y0_", `${NAME}{35,60}`),
  rule("digitalocean-token", "dop_v1_ doo_v1_ dor_v1_", "[a-f0-9]{64}"),
  rule("heroku-key", "HRKU-", `${NAME}{36,64}`),
  rule("vercel-token", "vcp_ vci_ vca_ vcr_ vck_", `${WORD}{20,60}`),
  rule("netlify-token", "nfp_", `${WORD}{36,50}`),
  rule("cloudflare-key", "v1.0-", "[a-f0-9]{24}-[a-f0-9]{100,160}"),
  rule("fly-token", "fo1_ fm1r_ fm1a_ fm2_", "[A-Za-z0-9+/=_-]{40,500}"),
  rule("supabase-key", "sbp_ sb_secret_", "[A-Za-z0-9_]{30,60}"),
  rule(
    "planetscale-token",
    "pscale_tkn_ pscale_pw_ pscale_oauth_",
    `${NAME}{32,64}`,
  ),
  rule("databricks-token", "dapi dkea", "[a-f0-9]{32}(?:-\\d)?"),
  rule("vault-token", "hvs. hvb. hvr.", `${NAME}{24,300}`),
  rule(
    "doppler-token",
    "dp.pt. dp.st. dp.ct. dp.sa. dp.scim.",
    `${NAME}{40,50}`,
  ),
  rule("tailscale-key", "tskey-", "[A-Za-z0-9]{2,16}-[A-Za-z0-9-]{16,80}"),
  rule("age-key", "AGE-SECRET-KEY-1", "[0-9A-Z]{58}"),
  rule("1password-token", "ops_ey", "[A-Za-z0-9+/=_-]{90,1300}"),
  rule(
    "1password-key",
    "A3-",
    "[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}",
  ),
  // Messages and mail.
  rule(
    "slack-token",
    "xoxb- xoxp- xoxa- xoxo- xoxr- xoxs- xoxe- xoxe. xapp- xoxc- xoxd-",
    "[A-Za-z0-9%.-]{10,250}",
  ),
  rule(
    "slack-webhook",
    "hooks.slack.com/services/ hooks.slack.com/workflows/",
    "[A-Za-z0-9/]{20,120}",
    { isContext: true },
  ),
  rule(
    "discord-webhook",
    "discord.com/api/webhooks/ discordapp.com/api/webhooks/",
    "\\d{5,25}/[A-Za-z0-9_-]{30,100}",
    { isContext: true },
  ),
  rule(
    "discord-token",
    "MT MD Mz ND NT Nj Nz OD OT",
    "[A-Za-z0-9_-]{21,25}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,45}",
  ),
  rule("telegram-token", ":AA", `${NAME}{32,34}`, { before: /\d{8,10}$/ }),
  rule(
    "teams-webhook",
    ".webhook.office.com/webhookb2/",
    "[A-Za-z0-9@/-]{60,250}",
    { isContext: true },
  ),
  rule("sendgrid-key", "SG.", "[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{16,128}"),
  rule(
    "sendinblue-key",
    "xkeysib- xsmtpsib-",
    "[a-f0-9]{40,64}-[A-Za-z0-9]{16}",
  ),
  rule("mailgun-key", "key-", "[a-f0-9]{32}"),
  rule("mailchimp-key", "-us", "\\d{1,2}", { before: /[0-9a-f]{32}$/ }),
  rule("twilio-key", "SK AC", "[0-9a-f]{32}"),
  // Payments and shops.
  rule(
    "stripe-key",
    "sk_live_ sk_test_ rk_live_ rk_test_ pk_live_ sk_prod_ whsec_",
    "[A-Za-z0-9+/=]{16,250}",
  ),
  rule("square-token", "sq0atp- sq0csp- sq0idp-", `${NAME}{20,60}`),
  rule("square-token", "EAAA", `${NAME}{56,70}`),
  rule(
    "paypal-token",
    "access_token$production$ access_token$sandbox$",
    "[a-z0-9]{13,20}\\$[a-f0-9]{32}",
  ),
  rule(
    "shopify-token",
    "shpat_ shpca_ shppa_ shpss_ shptka_",
    `${WORD}{32,64}`,
  ),
  rule("flutterwave-key", "FLWSECK_TEST- FLWSECK-", "[A-Za-z0-9-]{12,64}"),
  rule("easypost-key", "EZAK EZTK", `${WORD}{54}`),
  rule("shippo-key", "shippo_live_ shippo_test_", "[a-f0-9]{40}"),
  rule("duffel-token", "duffel_live_ duffel_test_", "[A-Za-z0-9_=-]{43}"),
  rule("facebook-token", "EAAC EAAG EAAB EAAJ", `${WORD}{80,300}`),
  // Tools of teams.
  rule("linear-key", "lin_api_ lin_oauth_", "[A-Za-z0-9_]{32,128}"),
  rule("notion-token", "ntn_", `${WORD}{40,60}`),
  rule("notion-token", "secret_", `${WORD}{43}`),
  rule("figma-token", "figd_ figu_ figo_", `${NAME}{36,200}`),
  rule("airtable-token", "pat", "[A-Za-z0-9]{14}\\.[a-f0-9]{64}"),
  rule("postman-key", "PMAK-", "[a-f0-9]{24}-[a-f0-9]{34}"),
  rule("grafana-token", "glc_ glsa_", "[A-Za-z0-9+/=_]{32,400}"),
  rule("new-relic-key", "NRAK- NRII- NRJS- NRRA-", `${NAME}{19,64}`),
  rule(
    "dynatrace-token",
    "dt0c01. dt0s01. dt0s16.",
    "[A-Z0-9]{24}\\.[A-Z0-9]{64}",
  ),
  rule("posthog-key", "phc_ phx_", `${WORD}{32,60}`),
  rule("contentful-token", "CFPAT-", `${NAME}{43}`),
  rule("readme-key", "rdme_", "[a-z0-9]{70}"),
  rule("typeform-token", "tfp_", `[A-Za-z0-9_.-]{40,64}`),
  rule("hubspot-token", "pat-na1- pat-eu1- pat-na2-", "[a-f0-9-]{36}"),
  rule("prefect-key", "pnu_ pnb_", `${WORD}{36}`),
  rule("infracost-key", "ico-", `${WORD}{32}`),
  rule(
    "mapbox-token",
    "sk.eyJ pk.eyJ tk.eyJ",
    `${NAME}{40,200}\\.${NAME}{16,60}`,
  ),
  rule("zoho-token", "1000.", "[a-f0-9]{32}\\.[a-f0-9]{32}"),
  rule(
    "jwt",
    "eyJ",
    `${NAME}{8,4096}\\.${NAME}{8,8192}(?:\\.${NAME}{0,2048}){0,3}`,
  ),
];
