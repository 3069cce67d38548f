/**
 * Bundles the front end of the report into one module: the first half of `deno task build`.
 *
 * @module
 */

import { build, type Plugin, stop } from "esbuild";
import { fromFileUrl, join } from "@std/path";
import type { PageAsset } from "../../lib/report/page_asset.d.ts";
import { PROJECT } from "../support/paths.ts";

const PAGE = join(PROJECT, "lib", "report", "page");

/** The licences of what the bundle contains ask to be named with it. */
const NOTICE =
  "/*! Contains preact, uPlot and @tanstack/virtual-core, each under the MIT License: " +
  "(c) 2015-present Jason Miller; (c) 2022 Leon Sorokin; (c) 2021-present Tanner Linsley. */";

/** Finds packages where Deno keeps them. */
const PACKAGES: Plugin = {
  name: "packages",
  setup: ({ onResolve }) => {
    onResolve({ filter: /^(?:@?[a-z])/ }, ({ path }) => {
      const css = /^uplot\/(.*\.css)$/.exec(path)?.[1];
      const found = fromFileUrl(
        import.meta.resolve(css === undefined ? path : "uplot"),
      );
      return { path: css === undefined ? found : join(found, "..", css) };
    });
  },
};

/** Makes the module that `lib/report/load_page.ts` loads. */
export async function buildPage(): Promise<string> {
  const asset = JSON.stringify(await bundledPage(), null, 2);
  return "// The front end of the report, made by `deno task build` of lib/report/page/.\n" +
    `export const PAGE_ASSET = ${asset};\n`;
}

/** Bundles script and style. */
async function bundledPage(): Promise<PageAsset> {
  try {
    const script = await bundle("main.tsx");
    const style = await bundle("style.css");
    return {
      script,
      style,
      scriptHash: await hashOf(script),
      styleHash: await hashOf(style),
    };
  } finally {
    await stop();
  }
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(PAGE, entry)],
    absWorkingDir: PROJECT,
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: ["chrome111", "firefox115", "safari16.4"],
    charset: "ascii",
    legalComments: "none",
    banner: entry.endsWith(".css") ? {} : { js: NOTICE },
    jsx: "automatic",
    jsxImportSource: "preact",
    plugins: [PACKAGES],
    logLevel: "warning",
    tsconfigRaw: {},
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`${entry} has no output`);
  // The text inside an element of the page must not end it.
  return file.text.trimEnd().replaceAll("</script", "<\\/script")
    .replaceAll("<!--", "<\\!--");
}

async function hashOf(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(hash)))}`;
}
