/**
 * A value is found however a text has it: escaped, encoded, colored, truncated, at a place of a
 * command.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { redactBundle } from "../../../lib/export/redact/redact_bundle.ts";
import { Detectors } from "../../../lib/export/redact/detect/detectors.ts";
import { TextWalker } from "../../../lib/export/redact/text/text_walker.ts";
import { inFolderAsync } from "../../support/cli.ts";
import { plantBundle, textsOf } from "./planted_bundle.ts";

/** What is found in a text, in any reading of it. */
function found(text: string): string[] {
  const values: string[] = [];
  new TextWalker(new Detectors(), (plain, findings) => {
    for (const { start, end } of findings) values.push(plain.slice(start, end));
    return undefined;
  }, { onBinary: () => {}, onTooDeep: () => {} }).walk(text);
  return values;
}

const TOKEN = ["ghp", "q8Zt2LmVx0RbN5cYk3HdWs7JfPgA1uEoTi9C"].join("_");

/** A text with each character written by its code. */
function coded(write: (code: number) => string): string {
  return Array.from(TOKEN, (char) => write(char.charCodeAt(0))).join("");
}

/** A text with another one inside. */
function inside(other: string): string {
  return `${TOKEN.slice(0, 9)}${other}${TOKEN.slice(9)}`;
}

function inLines(text: string, length: number, end: string): string {
  return text.match(new RegExp(`.{1,${length}}`, "g"))?.join(end) ?? "";
}

const LONG = btoa(`the first line\n${TOKEN}\n${"and another line ".repeat(6)}`);

/** The token is in both lines of the digits. */
const SHORT = btoa(`${"a word and ".repeat(4)}${TOKEN} and the end`);

const READINGS: Readonly<Record<string, string>> = {
  "after the color of a terminal": `\x1b[31m${TOKEN}\x1b[0m`,
  "with a color inside": `${TOKEN.slice(0, 9)}\x1b[01;31m\x1b[K${
    TOKEN.slice(9)
  }\x1b[m`,
  "after an escaped color": `see \\u001b[31m${TOKEN}\\u001b[0m`,
  "in escapes of hexadecimal digits": coded((code) =>
    `\\x${code.toString(16)}`
  ),
  "in octal escapes": coded((code) => `\\${code.toString(8).padStart(3, "0")}`),
  "in decimal entities": coded((code) => `&#${code};`),
  "in hexadecimal entities": coded((code) => `&#x${code.toString(16)};`),
  "in escapes with braces": coded((code) => `\\u{${code.toString(16)}}`),
  "in escapes of eight digits": coded((code) =>
    `\\U000000${code.toString(16)}`
  ),
  "in escapes of JavaScript for URLs": coded((code) =>
    `%u00${code.toString(16)}`
  ),
  "with backslashes of Markdown": TOKEN.replaceAll("_", "\\_"),
  "with a character set of a terminal inside": inside("\x1b(B\x1b[m"),
  "with a link of a terminal inside": inside("\x1b]8;;https://x.org\x07"),
  "with codes of a terminal as cat prints them": inside("^[[31m"),
  "with a space without width inside": inside("\u200b"),
  "with a soft hyphen inside": inside("\xad"),
  "with a zero after each character": coded((code) =>
    `${String.fromCharCode(code)}\0`
  ),
  "with an escaped zero after each character": coded((code) =>
    `${String.fromCharCode(code)}\\u0000`
  ),
  "printed over itself": coded((code) => {
    const char = String.fromCharCode(code);
    return `${char}\b${char}`;
  }),
  "over two lines of a shell": inside("\\\n"),
  "over two lines of a mail": inside("=\n"),
  "after an escape of a byte": `user\\x00${TOKEN}`,
  "after a character of a mail": `see =C2=A0${TOKEN}`,
  "after a color that lost its first character": `[31m${TOKEN}[0m`,
  "with control characters around a color inside": inside("\x01\x1b[0m\x02"),
  "with a tag of Unicode inside": inside("\u{e0041}"),
  "with a filler of Hangul inside": inside("\u3164"),
  "with an escaped space without width inside": inside("\\u200b"),
  "with the bytes of a space without width inside": inside("\\xe2\\x80\\x8b"),
  "with an entity that is not visible inside": inside("&shy;"),
  "with a character set as cat prints it inside": inside("^[(B^[[m"),
  "with a string for the terminal inside": inside("\x1bP1$r0m\x1b\\"),
  "with a named entity": TOKEN.replace("_", "&lowbar;"),
  "in base64 of UTF-16": btoa(
    coded((code) => `${String.fromCharCode(code)}\0`),
  ),
  "in base64 of UTF-16, the high byte first": btoa(
    coded((code) => `\0${String.fromCharCode(code)}`),
  ),
  "in base64 of UTF-16 after its mark": btoa(
    `\xff\xfe${coded((code) => `${String.fromCharCode(code)}\0`)}`,
  ),
  "in hexadecimal digits of UTF-16": coded((code) => `${code.toString(16)}00`),
  "in base64 between zeros": btoa(`A=word\0${TOKEN}\0B=other`),
  "in emphasis of Markdown": `_${TOKEN}_`,
  "in base64 with indented lines": inLines(LONG, 64, "\n    "),
  "in base64 with escaped line ends": inLines(LONG, 76, "\\n"),
  "in lines of hexadecimal digits": inLines(
    coded((code) => code.toString(16)),
    60,
    "\n",
  ),
  "in base64 in lines of a diff": `+${inLines(LONG, 76, "\n+")}`,
  "in base64 in a quotation": `> ${inLines(LONG, 76, "\n> ")}`,
  "in base64 in numbered lines": `1: ${inLines(LONG, 76, "\n1: ")}`,
  "in base64 before a word": `${inLines(SHORT, 76, "\n")}\nmore`,
  "in base64 before half a character": `${inLines(SHORT, 76, "\n")}\nwordnum`,
  "in base64 before other text": `+${inLines(SHORT, 76, "\n+")}; and more`,
  "in base64 after an escaped line end": `'a\\n${btoa(TOKEN)}'`,
  "in base64 with a color inside": btoa(inside("\x1b[1m")),
  "in hexadecimal digits after an escape": `\\x${
    coded((code) => code.toString(16))
  }`,
  "in base64, as the part of a path": `https://x.org/p/${btoa(TOKEN)}/x`,
  "in base64 with short lines": inLines(LONG, 40, "\n"),
  "in base64 with line ends of Windows": inLines(LONG, 76, "\r\n"),
};

for (const [name, text] of Object.entries(READINGS)) {
  Deno.test(`a value is found ${name}`, () => {
    assert(found(text).includes(TOKEN), JSON.stringify(text));
  });
}

/** A text redacted on both levels, as the only string of a payload. */
async function redacted(output: string): Promise<unknown> {
  let copied: unknown;
  await inFolderAsync(async (folder) => {
    const [source, copy] = [join(folder, "source"), join(folder, "copy")];
    plantBundle(source, 1, []);
    const payload = ["payloads", "text.json"];
    Deno.writeTextFileSync(join(source, ...payload), JSON.stringify(output));
    await redactBundle(source, copy, { personal: true });
    copied = JSON.parse(Deno.readTextFileSync(join(copy, ...payload)));
  });
  return copied;
}

Deno.test("variables of an environment end at the zeros between them", async () => {
  assertEquals(
    await redacted(
      `HOME=/home/quxbert\0USER=quxbert\0API_TOKEN=${TOKEN}\0B=2\0LANG=C\0`,
    ),
    "HOME=/home/[personal:user-name:1]\0USER=[personal:user-name:1]\0" +
      "API_TOKEN=[secret:named-secret:1]\0B=2\0LANG=C\0",
  );
});

Deno.test("an email is found in emphasis of Markdown and after a sign", async () => {
  assertEquals(
    await redacted("_jo.doe@corp.example.org_ -jo.roe@corp.example.org"),
    "_[personal:email:1]_ -[personal:email:2]",
  );
});

const BODY = "MIIEq8Zt2LmVx0RbN5cYk3HdWs7JfPgA1uEoTi9C";
const KEY = ["BEGIN", "END"].map((each) =>
  `-----${each} RSA ${"PRIVATE"} KEY-----`
);

Deno.test("a private key is found however its lines begin and end", () => {
  const [begin = "", end = ""] = KEY;
  const lines = [begin, BODY, BODY, end];
  for (
    const text of [
      lines.join("\n"),
      lines.map((line) => `# ${line}`).join("\n"),
      lines.map((line) => ` * ${line}`).join("\n"),
      lines.map((line) => `| ${line} |`).join("\n"),
      lines.map((line) => `${line}$`).join("\n"),
      lines.map((line) => `"${line}\\n"`).join(" +\n  "),
      lines.join("\\x0a"),
      lines.join("\\U0000000a"),
      lines.join("&#10;"),
      lines.join("\\012"),
      lines.join("\n").replaceAll("-", "\\-"),
    ]
  ) {
    const values = found(text);
    assert(
      values.some((each) => each.startsWith(begin) && each.includes(end)),
      text,
    );
  }
});

Deno.test("the first lines of keys as strings of code are no key", () => {
  const names = ["RSA ", "EC ", "OPENSSH ", ""];
  const code = names.map((name) =>
    `  "-----BEGIN ${name}${"PRIVATE"} KEY-----",\n`
  );
  assertEquals(found(`const KEYS = [\n${code.join("")}];\n`), []);
});

Deno.test("of base64, no part is left that encodes a part of a value", async () => {
  await inFolderAsync(async (folder) => {
    const [source, copy] = [join(folder, "source"), join(folder, "copy")];
    const secret = "uERPQPVjaDgkrtJwCVH9YQw0UMG53YGoXjh5Flk9";
    const text = btoa(`aws_secret_access_key = ${secret}`);
    plantBundle(source, 2, [
      { name: "key", value: secret, text, isPersonal: false, isAlone: false },
    ]);
    const { isWritten } = await redactBundle(source, copy);
    assert(isWritten);
    const texts = [...textsOf(copy).values()].join("\n");
    assert(
      !texts.includes(btoa(secret).slice(24, 50)),
      "the end of the digits",
    );
  });
});

Deno.test("the name of a user is found whatever letter is after the backslash", () => {
  const detectors = new Detectors({ personal: true });
  for (const name of ["nora", "rita", "tom1", "bela", "fred", "vera"]) {
    const text = `dir C:\\Users\\${name}\\Documents`;
    const values = detectors.scan(text)
      .map(({ start, end }) => text.slice(start, end));
    assertEquals(values, [name]);
  }
});

const PASSWORD = "Zq8tLmVx0RbN5c";
/** What is after a slash is not always a path. */
const SLASHED = "bC3dEfGh1jKlMn0pQrStUvWxYz012345+7pk9aB";

/** A plus is a space in a form only if it is not escaped. */
const PLUS = "bC3dEfGh1jKlMn0pQrStUvWxYz01+345/7pk9aBc";

Deno.test("credentials of commands and configurations are found", () => {
  const auth = btoa(`bob:${PASSWORD}`);
  const key = btoa(PASSWORD.repeat(3)).slice(0, 43) + "=";
  for (
    const [text, value] of [
      [`curl -s -u admin:${PASSWORD} https://x.org`, PASSWORD],
      [`curl --user 'admin:${PASSWORD}' https://x.org`, PASSWORD],
      [`sshpass -p ${PASSWORD} ssh bob@host`, PASSWORD],
      [`mysqldump -uroot -p${PASSWORD} db`, PASSWORD],
      [`machine x.org login bob password ${PASSWORD}`, PASSWORD],
      [`<db><password>${PASSWORD}</password></db>`, PASSWORD],
      [`APP_KEY=base64:${key}`, key],
      [`config: {"auths":{"x.org":{"auth":"${auth}"}}}`, auth],
      [`{"auths":{"x.org":{"auth":"${auth}"}}}`, auth],
      [`//x.org/:_auth=${auth}`, auth],
      [`"a: ""client_secret: ""${PASSWORD}"" """`, PASSWORD],
      [`&quot;client_secret&quot;: &quot;${PASSWORD}&quot;`, PASSWORD],
      [`{\\u0022client_secret\\u0022: \\u0022${PASSWORD}\\u0022}`, PASSWORD],
      [`client\\_secret: "${PASSWORD}"`, PASSWORD],
      [`aws_secret_access_key = /${SLASHED}`, `/${SLASHED}`],
      // The text was truncated inside the quotes.
      [`export DB_PASSWORD='${PASSWORD}`, PASSWORD],
      [`https://x.org/?q=export%20DB_PASSWORD%3D'${PASSWORD}'`, PASSWORD],
      [`q=mysql%20--password+${PASSWORD}+db`, PASSWORD],
      [`q=aws_secret_access_key+%3D+${encodeURIComponent(PLUS)}`, PLUS],
      [["AKIA", "QWERTYUIOPASDFGH"].join(""), "AKIAQWERTYUIOPASDFGH"],
    ] as const
  ) assert(found(text).includes(value), text);
});

Deno.test("versions, words and templates beside such names are no values", () => {
  for (
    const text of [
      '"secretlint": "^12.0.0", "js-tokens": "1.0.0-beta.5"',
      "the password is checked; login as root first",
      "docker run -u 1000:1000 -p 8080:80 image",
      'curl -u "$USER:$TOKEN" https://x.org',
      '{"auth":"required"} <token>some words</token>',
      "&#8217; \\x00\\x01 \\012 [0m",
    ]
  ) assertEquals(found(text), [], text);
});

Deno.test("of the fingerprint of a key, no part is an address, whatever is before it", () => {
  const detectors = new Detectors({ personal: true });
  const pairs = "9C:1F:0E:F3:98:BC:D9:04:C3:B2:EC:16:7A:7B:F5:B4:6A:6A:E5:D0";
  for (let length = 0; length < 50; length++) {
    const text = `12:34:56 ${"-".repeat(length)} ${pairs} 203.0.113.7 ::1`;
    const values = detectors.scan(text)
      .map(({ start, end }) => text.slice(start, end));
    assertEquals(values, ["203.0.113.7"]);
  }
});

Deno.test("an address is found once, also beside others", () => {
  const detectors = new Detectors({ personal: true });
  const addresses = ["203.0.113.7", "2001:db8::7", "52:54:00:12:34:5e"];
  for (const order of [addresses, addresses.toReversed()]) {
    const text = `at 12:34:56 (${order.join(") (")}) 1.2.3 std::cell::Ref`;
    const values = detectors.scan(text)
      .map(({ start, end }) => text.slice(start, end));
    assertEquals(values, order);
  }
});

Deno.test("an address is found whose first group belongs to the token before it", () => {
  const detectors = new Detectors({ personal: true });
  const part = (value: object) =>
    btoa(JSON.stringify(value)).replace(/=+$/, "");
  const head = part({ alg: "HS256", typ: "JWT" });
  const token = `${head}.${part({ sub: "1", name: "x" })}.${
    "aB3dE5fG".repeat(5)
  }`;
  const text = `${token}.e2:4E:78:34:A6:e3`;
  const found = detectors.scan(text)
    .map(({ kind, start, end }) => [kind, text.slice(start, end)]);
  assertEquals(found, [
    ["jwt", `${token}.e2`],
    ["mac-address", "e2:4E:78:34:A6:e3"],
  ]);
});

/** What a text becomes, if a placeholder replaces each value that is found in it. */
function replaced(text: string): string {
  return new TextWalker(new Detectors(), (plain, findings) => {
    let out = plain;
    for (const { start, end } of findings.toReversed()) {
      out = `${out.slice(0, start)}[secret:token:1]${out.slice(end)}`;
    }
    return findings.length === 0 ? undefined : out;
  }, { onBinary: () => {}, onTooDeep: () => {} }).walk(text);
}

/** The same in a document of JSON, between strings in which nothing is. */
function inDocument(text: string): string {
  const nothing = Array.from({ length: 20 }, (_, at) => `no value ${at}`);
  return JSON.stringify({ nothing, [text]: { text, nothing }, last: text });
}

Deno.test("of a document, each string is found in which there is something", () => {
  for (const [name, text] of Object.entries(READINGS)) {
    const document = inDocument(text);
    const encoded = btoa(document.replace(/[^ -~]/g, ""));
    for (const each of [document, encoded]) {
      assert(found(each).length >= 3, name);
      assertEquals(found(replaced(each)), [], name);
    }
  }
});

Deno.test("where a value is replaced, the other escapes of its text stay", () => {
  const [start, end] = [
    "\x1b[1m \x1b[1m &lt;b&gt; a\\\n b \\u0041 \u200b=3D ",
    " \x1b[0m&amp; \\x41 \\.md \\\n&#65; end ",
  ];
  for (const value of [TOKEN, inside("\x1b[0m"), inside("\\\n")]) {
    assertEquals(
      replaced(`${start}${value}${end}${value}.`),
      `${start}[secret:token:1]${end}[secret:token:1].`,
    );
  }
});

Deno.test("what is left beside a placeholder is no credential of a URL", async () => {
  await inFolderAsync(async (folder) => {
    const [source, copy] = [join(folder, "source"), join(folder, "copy")];
    const text = "fetch('http://203.0.113.77\\\\@public.example.com')";
    plantBundle(source, 2, [
      { name: "url", value: text, text, isPersonal: true, isAlone: false },
    ]);
    const { receipt, isWritten } = await redactBundle(source, copy, {
      personal: true,
    });
    assertEquals(receipt.second_scan?.left_over, []);
    assert(isWritten);
    const texts = [...textsOf(copy).values()].join("\n");
    assert(!texts.includes("203.0.113.77"));
  });
});

Deno.test("a value is replaced in base64 that has it only once another value is replaced", async () => {
  await inFolderAsync(async (folder) => {
    const [source, copy] = [join(folder, "source"), join(folder, "copy")];
    const secret = "not my real password, but 24";
    const texts = ["", "a", "ab"].map((before) =>
      btoa(`${before}/home/janedoe1 ${secret}`)
    );
    const text = `password: "${btoa(secret)}"\n${texts.join("\n\n")}`;
    plantBundle(source, 2, [
      { name: "text", value: text, text, isPersonal: true, isAlone: false },
    ]);
    const { receipt, isWritten } = await redactBundle(source, copy, {
      personal: true,
    });
    assertEquals(receipt.second_scan?.left_over, []);
    assert(isWritten);
  });
});
