/**
 * JSON schemas of answers, made from their types and docstrings.
 *
 * @module
 */

import { join } from "@std/path";
import {
  createGenerator,
  type SchemaGenerator,
} from "ts-json-schema-generator";
import { PROJECT } from "./paths.ts";

/** What a command prints with `--json`. */
export interface AnswerSchema {
  /** The command. */
  readonly question: string;
  /** The exported type of what it prints. */
  readonly type: string;
  /** Whether that is as `answer` in the document all questions share, or alone. */
  readonly alone?: boolean;
  /** Words after the bundle with which tests ask it; by default, none. */
  readonly asked?: readonly (readonly string[])[];
}

/** A JSON value. */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Schema = { [key: string]: Json };

/** Folder of the schemas. */
export const SCHEMA_FOLDER = join(PROJECT, "docs", "answers");

/** The file of a question's schema. */
export function schemaFile({ question }: AnswerSchema): string {
  return join(SCHEMA_FOLDER, `${question}.schema.json`);
}

/** Makes schemas; reads the sources once. */
export class SchemaMaker {
  readonly #generator: SchemaGenerator;

  /** Reads the types of the library. */
  constructor() {
    this.#generator = createGenerator({
      path: join(PROJECT, "lib", "{query,check}", "**", "*.ts"),
      tsconfig: join(PROJECT, "tests", "tools", "schema", "tsconfig.json"),
      skipTypeCheck: true,
      sortProps: false,
      additionalProperties: false,
      expose: "export",
      jsDoc: "extended",
    });
  }

  /** The text of a question's schema, as its file has it. */
  textOf(entry: AnswerSchema): string {
    return `${JSON.stringify(this.schemaOf(entry), null, 2)}\n`;
  }

  /** The schema of the document that a question prints. */
  schemaOf({ question, type, alone = false }: AnswerSchema): Schema {
    const head = {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $id: `urn:rollout-trace:${question}:1`,
      title: `rollout-trace ${question} --json`,
    };
    const answer = this.#definitions(type);
    if (alone) return { ...head, $ref: refTo(type), $defs: sorted(answer) };
    const { AnswerDocument: document, ...shared } = this.#definitions(
      "AnswerDocument",
    );
    if (!isSchema(document) || !isSchema(document["properties"])) {
      throw new TypeError("the document around an answer has no schema");
    }
    return {
      ...head,
      ...document,
      properties: {
        ...document["properties"],
        format: { const: `rollout-trace.${question}.1` },
        answer: { anyOf: [{ $ref: refTo(type) }, { type: "null" }] },
      },
      $defs: sorted({ ...shared, ...answer }),
    };
  }

  /** The type and all it is made of, by name. */
  #definitions(type: string): Schema {
    const { definitions = {} } = this.#generator.createSchema(type);
    const plain: Json = JSON.parse(JSON.stringify(definitions));
    const made = modern(plain);
    if (!isSchema(made)) throw new TypeError(`${type} has no schema`);
    // The generator knows no integers; those of 64 bits are recognized by their name.
    return "Integer" in made && isSchema(made["Integer"])
      ? { ...made, Integer: { ...made["Integer"], type: "integer" } }
      : made;
  }
}

/** A schema of draft 7, as the generator makes it, in the words of draft 2020-12. */
function modern(value: Json): Json {
  if (Array.isArray(value)) return value.map(modern);
  if (!isSchema(value)) return value;
  const made: Schema = {};
  for (const [key, member] of Object.entries(value)) {
    if (key === "$ref" && typeof member === "string") {
      made[key] = member.replace("#/definitions/", "#/$defs/");
    } else if (key === "description" && typeof member === "string") {
      made[key] = plainText(member);
    } else if (key === "items" && Array.isArray(member)) {
      made["prefixItems"] = member.map(modern);
      made["items"] = false;
    } else made[key] = modern(member);
  }
  return made;
}

/** A docstring without the marks that only a documentation tool reads, on one line. */
function plainText(doc: string): string {
  return doc.replace(/\{@link(?:code)?\s+([^}|\s]+)[^}]*\}/g, "$1")
    .replace(/(?<!\n)\n(?!\n)/g, " ");
}

function refTo(type: string): string {
  return `#/$defs/${type}`;
}

function isSchema(value: Json | undefined): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sorted(schema: Schema): Schema {
  return Object.fromEntries(
    Object.entries(schema).sort(([a], [b]) => a < b ? -1 : 1),
  );
}
