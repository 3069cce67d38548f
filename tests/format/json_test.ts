import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  canonicalJson,
  compactJson,
  compactJsonText,
  summarizeJson,
  summarizeJsonText,
} from "../../lib/format/json/json_print.ts";
import {
  jsonGrammarError,
  JsonNumber,
  parseExact,
} from "../../lib/format/json/json_parse.ts";
import { JsonSyntaxError } from "../../lib/format/json/json_scanner.ts";
import { assertStrictJson } from "../../lib/format/json/json_strict.ts";

function nested(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}

Deno.test("compactJson() spells numbers as the reference keeps them", () => {
  const spellings: Record<string, string> = {
    "1e3": "1e+3",
    "1E-7": "1e-7",
    "1E+5": "1e+5",
    "1e+05": "1e+05",
    "1e007": "1e+007",
    "-0": "0",
    "-0.0": "-0.0",
    "-0e0": "-0e+0",
    "0.1e1": "0.1e+1",
    "1e400": "1e+400",
    "1.50": "1.50",
    "1e21": "1e+21",
    "18446744073709551616": "18446744073709551616",
    "-9223372036854775809": "-9223372036854775809",
    "123456789012345678901234567890.50": "123456789012345678901234567890.50",
  };
  for (const [source, kept] of Object.entries(spellings)) {
    assertEquals(compactJson(parseExact(source)), kept);
    assertEquals(compactJsonText(` [${source}]`), `[${kept}]`);
  }
});

Deno.test("parseExact() keeps the order of keys, a repeated key's first place and last value", () => {
  const text = ' { "10" : 1, "2": [ true,\tnull ],\r\n"10":{"b":-1} , "":"" } ';
  const compact = '{"10":{"b":-1},"2":[true,null],"":""}';
  assertEquals(compactJson(parseExact(text)), compact);
  assertEquals(compactJsonText(text), compact);
  assertEquals(compactJson(parseExact('{"\\u0061":1,"a":2}')), '{"a":2}');
  assertEquals(parseExact("[1]"), [new JsonNumber("1")]);
  assertEquals(compactJson(parseExact('{"__proto__":1}')), '{"__proto__":1}');
});

Deno.test("compactJson() escapes what must be escaped, and nothing else", () => {
  assertEquals(
    compactJsonText(
      '"\\u007f\\u2028\\b\\f\\n\\r\\t\\u001f\\/\\"\\\\\\ud83d\\ude00é"',
    ),
    '"\u007f\u2028\\b\\f\\n\\r\\t\\u001f/\\"\\\\😀é"',
  );
});

Deno.test("parseExact() refuses what the reference refuses", () => {
  const refused = [
    ...[
      "",
      " ",
      "01",
      "1.",
      ".5",
      "-",
      "+1",
      "1e",
      "--1",
      "NaN",
      "1 2",
      "[1]]",
    ],
    ...[
      "tru",
      "nulll",
      "[1,]",
      "[,1]",
      "[1 2]",
      '{"a":1,}',
      "{a:1}",
      '{"a" 1}',
    ],
    ...[
      "{,}",
      "[",
      "{",
      '{"a"',
      '{"a":',
      '"a',
      '"\\"',
      '"\\x"',
      '"\\u12"',
      "'a'",
    ],
    ...['"a\nb"', '"\u0001"', "\ufeff1", "[1,\u000b2]", "[1,\u00a02]"],
    ...[
      '"\\ud83d"',
      '"\\ud83dx"',
      '"\\uD83D\\u0041"',
      '"\\udc00"',
      '{"\\ud800":1}',
    ],
    ...['["\\ud83d\\ud83d\\ude00"]', nested(128), `{"a":${nested(127)}}`],
  ];
  for (const text of refused) {
    assertThrows(() => parseExact(text), JsonSyntaxError, undefined, text);
    assertThrows(() => compactJsonText(text), SyntaxError, undefined, text);
  }
  assertEquals(compactJson(parseExact(nested(127))), nested(127));
  assertEquals(compactJsonText(`"${nested(500)}"`), `"${nested(500)}"`);
});

Deno.test("JsonSyntaxError reports line and column", () => {
  const error = assertThrows(
    () => parseExact('{\n  "a": [1,\n  2 3]\n}'),
    JsonSyntaxError,
    'expected "," or "]" at line 3 column 5',
  );
  assertEquals([error.line, error.column], [3, 5]);
  assertThrows(() => parseExact("\nx"), JsonSyntaxError, "line 2 column 1");
  assertThrows(() => parseExact("[1,"), JsonSyntaxError, "line 1 column 4");
});

Deno.test("jsonGrammarError() passes any depth, repeated keys, half characters, huge numbers", () => {
  for (
    const text of [nested(200_000), '{"a":1,"a":2}', '["\\ud800"]', "1e999"]
  ) {
    assertEquals(jsonGrammarError(text), undefined);
  }
  const deep = `${nested(200_000)},`;
  assertEquals(jsonGrammarError(deep)?.column, 400_001);
  for (
    const text of ["", "[1,]", "NaN", "\ufeff1", '{"a":1}x', '{"a":{"b":}}']
  ) {
    assert(jsonGrammarError(text) instanceof JsonSyntaxError, text);
  }
  assertEquals(
    jsonGrammarError('{"a":{"b":[1,{}]},"c":}')?.message,
    "expected a value at line 1 column 23",
  );
});

Deno.test("assertStrictJson() agrees with parseExact() on what JSON.parse accepts", () => {
  const many = Array.from({ length: 300 }, () => '{"k":["[[",{}]}').join(",");
  const texts = [
    ...[
      '"\\ud83d\\ude00"',
      '"\\ud83d"',
      '"\\\\ud83d"',
      '"\\\\\\ud83d"',
      '"\\uDE00"',
    ],
    ...[
      '"\\uD83D\\uDE00\\uDE00"',
      '"\\ud83d\\\\ude00"',
      '"\\ud7ff"',
      '"\\udBff\\udc00"',
    ],
    ...[
      nested(127),
      nested(128),
      `[${many}]`,
      `"${"[".repeat(400)}"`,
      `[${nested(127)}]`,
    ],
    ...[`[${many},${nested(126)}]`, `[${many},${nested(127)}]`],
    ...[`[${many},"\\"${"[".repeat(200)}\\\\"]`, `["\\\\",${nested(127)}]`],
  ];
  for (const text of texts) {
    JSON.parse(text);
    assertEquals(
      failure(() => assertStrictJson(text)),
      failure(() => parseExact(text)),
      text.slice(0, 60),
    );
  }
});

function failure(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    return message.startsWith("unpaired") ? "unpaired" : message.slice(0, 7);
  }
}

Deno.test("canonicalJson() sorts keys by UTF-8 bytes at every level", () => {
  const text = '[{"b":1e2,"a":{"\u{10000}":1,"\uffff":2,"10":3,"2":4,"":5}}]';
  assertEquals(
    canonicalJson(parseExact(text)),
    '[{"a":{"":5,"10":3,"2":4,"\uffff":2,"\u{10000}":1},"b":1e+2}]',
  );
});

Deno.test("summarizeJsonText() is the summary of the compact text", () => {
  const long = 'a"\n\u20ac'.repeat(1000);
  const values = [
    ...[long, `${"x".repeat(250)}\u{1f600}${long}`, `\u{1f600}${long}`],
    ...[{ cmd: long }, [[], {}, null, true, [long, long]], { a: {}, b: long }],
    ...[{ n: 10, cmd: long }, { cmd: long, n: 1 }, { cmd: "short" }],
    Array(3000).fill(false),
    Array(3000).fill({ k: [null] }),
  ];
  const texts = [
    ...values.flatMap((value) => [
      JSON.stringify(value),
      JSON.stringify(value, null, 2),
    ]),
    `{"n":1.0,"cmd":"${"x".repeat(3000)}"}`,
    `{"b":"${"x".repeat(3000)}","1":2,"0":"y"}`,
    `{"b":1,"a":"${"x".repeat(3000)}","b":"y"}`,
    `{"__proto__":"${"\\u0041\\/".repeat(1000)}"}`,
    `{"a":${" ".repeat(3000)}"b"}`,
  ];
  for (const text of texts) {
    assertEquals(summarizeJsonText(text), summarizeJson(compactJsonText(text)));
  }
  for (
    const text of [`{"a":"${"x".repeat(3000)}\\ud800"}`, "x".repeat(3000)]
  ) {
    assertThrows(() => summarizeJsonText(text), SyntaxError);
  }
});

Deno.test("summarizeJson() cuts at 240 bytes, never inside a character", () => {
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  assertEquals(summarizeJson("x".repeat(240)), "x".repeat(240));
  assertEquals(summarizeJson("x".repeat(241)), `${"x".repeat(240)}...`);
  assertEquals(summarizeJson("é".repeat(120)), "é".repeat(120));
  for (let lead = 0; lead < 4; lead++) {
    const cut = summarizeJson("x".repeat(lead) + "😀".repeat(100));
    assertEquals(
      cut,
      `${"x".repeat(lead)}${"😀".repeat((240 - lead) >> 2)}...`,
    );
    assert(bytes(cut) <= 243);
  }
});
