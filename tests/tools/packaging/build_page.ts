/**
 * Bundles the front end of the report into one module: the first half of `deno task build`.
 *
 * @module
 */

import { build, type Plugin, stop } from "esbuild";
import { fromFileUrl, join } from "@std/path";
import type { PageAsset } from "../../../lib/report/page_asset.d.ts";
import { VERSION } from "../../../lib/cli/about/version.ts";
import { PROJECT } from "../../support/paths.ts";
import { packedModule } from "./packed_module.ts";
import type { BundledPackage } from "./licenses/bundled_packages.ts";

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

const WORKER = join(PROJECT, "lib", "report", "viewer", "viewer_worker.ts");

/** What the build makes of the front end: the name of each file, and its content. */
export type PageModules = Readonly<
  Record<"page.js" | "viewer_worker.js", string>
>;

/** Makes the modules that `lib/report/load_page.ts` loads. */
export async function buildPages(
  packages: readonly BundledPackage[],
): Promise<PageModules> {
  try {
    const worker = await bundle(WORKER, {
      VIEWER_VERSION: JSON.stringify(VERSION),
    });
    const report = await bundle(join(PAGE, "main.tsx"));
    const style = await bundle(join(PAGE, "style.css"));
    return {
      "page.js": packedModule(
        JSON.stringify(await assetOf(report, style, packages)),
      ),
      "viewer_worker.js": packedModule(
        noticeOf(worker.inputs, packages) + worker.text,
      ),
    };
  } finally {
    await stop();
  }
}

/** Returns the paths of all files that the scripts and the style are made of. */
export async function pageInputs(): Promise<string[]> {
  const entries = [
    join(PAGE, "main.tsx"),
    join(PAGE, "style.css"),
    WORKER,
  ];
  try {
    const bundles = await Promise.all(entries.map((each) => bundle(each)));
    return bundles.flatMap(({ inputs }) => inputs);
  } finally {
    await stop();
  }
}

/** The script with its notices, and the style. */
async function assetOf(
  { text, inputs }: Bundle,
  { text: style, inputs: styles }: Bundle,
  packages: readonly BundledPackage[],
): Promise<PageAsset> {
  const script = noticeOf([...inputs, ...styles], packages) + text;
  return {
    script,
    style,
    scriptHash: await hashOf(script),
    styleHash: await hashOf(style),
  };
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

/** A bundled entry. */
interface Bundle {
  /** The minified code. */
  readonly text: string;
  /** The files that it is made of. */
  readonly inputs: readonly string[];
}

/** Bundles an entry; `define` are the values of constants that it declares. */
async function bundle(
  entry: string,
  define: Record<string, string> = {},
): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    define,
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
