/**
 * Makes the engine compile functions when it loads them, not one by one when they are first
 * called.
 *
 * What it compiles at once goes into its cache of compiled code, and is there at the next start.
 * It takes a function in parentheses for one that is called soon.
 *
 * @module
 */

import { type FunctionDeclaration, parse, type Program } from "acorn";

/**
 * The same module with the functions of its top level as expressions in parentheses. None of them
 * may be called before the module is evaluated, by another one that it imports.
 *
 * @throws {Error} If the module exports from another: what comes first would change.
 */
export function compiledEarly(code: string): string {
  const { body } = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  const imports: string[] = [];
  const functions: string[] = [];
  let rest = "";
  let end = 0;
  for (const statement of body) {
    const text = code.slice(statement.start, statement.end);
    if (statement.type === "ImportDeclaration") imports.push(text);
    else if (isNamedFunction(statement)) {
      functions.push(expressionOf(statement, code));
    } else if ("source" in statement && statement.source) {
      throw new Error(`cannot reorder ${text}`);
    } else continue;
    // Where nothing ended what stood before, the function did.
    rest += `${code.slice(end, statement.start)};`;
    end = statement.end;
  }
  rest += code.slice(end);
  // Before all else, as declarations of functions are there before all else.
  const first = functions.length === 0 ? "" : `var ${functions.join(",\n")};`;
  return [...imports, first, rest].filter((part) => part !== "").join("\n");
}

function isNamedFunction(
  statement: Program["body"][number],
): statement is FunctionDeclaration {
  return statement.type === "FunctionDeclaration";
}

/** `name=(function(…){…})`, whose name is still that. */
function expressionOf(
  { start, end, id: { name, start: nameStart, end: nameEnd } }:
    FunctionDeclaration,
  code: string,
): string {
  const head = code.slice(start, nameStart).trimEnd();
  return `${name}=(${head}${code.slice(nameEnd, end)})`;
}
