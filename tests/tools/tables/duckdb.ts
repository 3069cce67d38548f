/**
 * Runs a statement in DuckDB and prints its rows as JSON: `duckdb.ts STATEMENT`.
 *
 * @module
 */

import { DuckDBInstance } from "@duckdb/node-api";

const [statement = "SELECT 1"] = Deno.args;
const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
const reader = await connection.runAndReadAll(statement);
console.log(JSON.stringify(reader.getRowObjectsJson()));
