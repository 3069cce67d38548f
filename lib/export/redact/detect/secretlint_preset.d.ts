/**
 * What this project uses of the package `@secretlint/secretlint-rule-preset-recommend`, whose own
 * types need a package that it does not depend on.
 *
 * @module
 */

/** The text that a rule searches. */
export interface SecretlintSource {
  readonly content: string;
  readonly filePath: string;
  readonly ext: string;
  readonly contentType: "text";
}

/** What a rule reports to. */
export interface SecretlintContext {
  readonly sharedOptions: Readonly<Record<string, never>>;
  createTranslator(
    messages: unknown,
  ): (id: string, props?: unknown) => { message: string; messageId: string };
  report(finding: { readonly range: readonly [number, number] }): void;
  ignore(finding: unknown): void;
}

/** A rule. */
export interface SecretlintRule {
  readonly meta: { readonly id: string };
  create(
    context: SecretlintContext,
    options: Readonly<Record<string, never>>,
  ): { file(source: SecretlintSource): void };
}

/** The rules of the preset. */
export const rules: readonly SecretlintRule[];
