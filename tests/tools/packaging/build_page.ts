/**
 * Bundles the front end of the report into one module: the first half of `deno task build`.
 *
 * @module
 */

import { build, type Plugin, stop } from "esbuild";
import { fromFileUrl, join } from "@std/path";
import type { PageAsset } from "../../../lib/report/page_asset.d.ts";
import { PROJECT } from "../../support/paths.ts";
import type { BundledPackage } from "./bundled_packages.ts";

const PAGE = join(PROJECT, "lib", "report", "page");

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
export async function buildPage(
  packages: readonly BundledPackage[],
): Promise<string> {
  const asset = JSON.stringify(await bundledPage(packages), null, 2);
  return "// The front end of the report, made by `deno task build` of lib/report/page/.\n" +
    `export const PAGE_ASSET = ${asset};\n`;
}

/** Returns the paths of all files that script and style are made of. */
export async function pageInputs(): Promise<string[]> {
  try {
    const bundles = [await bundle("main.tsx"), await bundle("style.css")];
    return bundles.flatMap(({ inputs }) => inputs);
  } finally {
    await stop();
  }
}

/** Bundles script and style. */
async function bundledPage(
  packages: readonly BundledPackage[],
): Promise<PageAsset> {
  try {
    const { text, inputs } = await bundle("main.tsx");
    const { text: style, inputs: styles } = await bundle("style.css");
    const script = noticeOf([...inputs, ...styles], packages) + text;
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

/** What a bundle is made of, as a comment: licenses ask to be copied with the code. */
function noticeOf(
  inputs: readonly string[],
  packages: readonly BundledPackage[],
): string {
  const texts = packages.filter(({ name, version }) =>
    inputs.some((path) => path.includes(`/${name}/${version}/`))
  ).map(({ name, version, licenseText }) =>
    `${name} ${version}\n\n${licenseText}`
  );
  return `/*! This script contains:\n\n${texts.join("\n\n")}\n*/\n`
    .replaceAll("</script", "<\\/script");
}

/** The minified code of an entry, and the files that it is made of. */
async function bundle(
  entry: string,
): Promise<{ text: string; inputs: string[] }> {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(PAGE, entry)],
    absWorkingDir: PROJECT,
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: ["chrome111", "firefox115", "safari16.4"],
    charset: "ascii",
    legalComments: "none",
    metafile: true,
    jsx: "automatic",
    jsxImportSource: "preact",
    plugins: [PACKAGES],
    logLevel: "warning",
    tsconfigRaw: {},
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`${entry} has no output`);
  // The text inside an element of the page must not end it.
  const text = file.text.trimEnd().replaceAll("</script", "<\\/script")
    .replaceAll("<!--", "<\\!--");
  return { text, inputs: Object.keys(metafile.inputs) };
}

async function hashOf(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(hash)))}`;
}
