/**
 * Bundles the front end of the report into one module: `deno task page`.
 *
 * What it makes is committed, so that the program needs no build; a test makes it anew and
 * compares.
 *
 * @module
 */

import { build, type Plugin, stop } from "esbuild";
import { fromFileUrl, join } from "@std/path";
import type { PageAsset } from "../../lib/report/page_asset_type.ts";
import { PROJECT } from "../support/paths.ts";

const PAGE = join(PROJECT, "lib", "report", "page");
/** The module that is made. */
export const ASSET = join(PROJECT, "lib", "report", "page_asset.ts");

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

/** Bundles script and style. */
export async function buildPage(): Promise<PageAsset> {
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

/** The module as it is committed. */
export function assetModule(asset: PageAsset): string {
  return `/**
 * The front end of the report, bundled by \`deno task page\`. Made, not written.
 *
 * @module
 */

import type { PageAsset } from "./page_asset_type.ts";

/** The program of the page. */
export const PAGE_ASSET: PageAsset = ${JSON.stringify(asset, null, 2)};
`;
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
  if (file === undefined) throw new Error(`${entry} gave nothing`);
  // What stands in the page must not end its element.
  return file.text.trimEnd().replaceAll("</script", "<\\/script")
    .replaceAll("<!--", "<\\!--");
}

async function hashOf(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(hash)))}`;
}

if (import.meta.main) {
  const asset = await buildPage();
  Deno.writeTextFileSync(ASSET, assetModule(asset));
  console.log(
    `${ASSET}: script ${asset.script.length}, style ${asset.style.length} bytes`,
  );
}
