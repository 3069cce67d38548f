/**
 * Writes what the program and the page of a report contain as a CycloneDX document:
 * `deno task sbom`.
 *
 * @module
 */

import { Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";
import { join, relative } from "@std/path";
import { VERSION } from "../../../lib/cli/about/version.ts";
import { DIST, PROJECT } from "../../support/paths.ts";
import {
  type BundledPackage,
  bundledPackages,
  idOf,
} from "./licenses/bundled_packages.ts";
import { type RuntimeCrate, runtimeCrates } from "./licenses/runtime_crates.ts";

const SBOM = join(DIST, "sbom.cdx.json");

/** Checksums of packages as the lockfile has them: `name@version` to `sha512-BASE64`. */
type Checksums = Readonly<Record<string, { readonly integrity?: string }>>;

/** Returns the document. It has no date and no serial number, so that two builds are the same. */
export function sbomJson(
  packages: readonly BundledPackage[],
  crates: readonly RuntimeCrate[],
): string {
  const program = new Models.Component(
    Enums.ComponentType.Application,
    "rollout-trace",
    { version: VERSION, licenses: licensesOf("MIT"), bomRef: "rollout-trace" },
  );
  const bom = new Models.Bom({
    metadata: new Models.Metadata({ component: program }),
  });
  const lock: { npm: Checksums } = JSON.parse(
    Deno.readTextFileSync(join(PROJECT, "deno.lock")),
  );
  const components = new Map(
    packages.map((each) => [idOf(each), componentOf(each, lock.npm)]),
  );
  const deno = runtime();
  components.set("deno", deno);
  for (const [id, component] of components) {
    bom.components.add(component);
    program.dependencies.add(component.bomRef);
    const { dependencies = [] } = packages.find((each) => idOf(each) === id) ??
      {};
    for (const other of dependencies) {
      const needed = components.get(other);
      if (needed !== undefined) component.dependencies.add(needed.bomRef);
    }
  }
  for (const component of crates.map(crateOf)) {
    bom.components.add(component);
    deno.dependencies.add(component.bomRef);
  }
  const serializer = new Serialize.JsonSerializer(
    new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6),
  );
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function componentOf(
  each: BundledPackage,
  checksums: Checksums,
): Models.Component {
  const { name, version, license } = each;
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  const [, sha512] = /^sha512-(.+)$/.exec(
    each.integrity ?? checksums[idOf(each)]?.integrity ?? "",
  ) ?? [];
  if (sha512 === undefined) {
    throw new Error(`deno.lock has no checksum of ${idOf(each)}`);
  }
  return new Models.Component(Enums.ComponentType.Library, name, {
    version,
    purl,
    bomRef: purl,
    licenses: licensesOf(license),
    hashes: new Models.HashDictionary([
      [Enums.HashAlgorithm["SHA-512"], hexOf(sha512)],
    ]),
  });
}

function runtime(): Models.Component {
  const purl = `pkg:github/denoland/deno@v${Deno.version.deno}`;
  return new Models.Component(Enums.ComponentType.Platform, "deno", {
    version: Deno.version.deno,
    purl,
    bomRef: purl,
    licenses: licensesOf("MIT"),
  });
}

/** A crate of Deno. The checksum of its package is not known: its binary has none. */
function crateOf({ name, version, license }: RuntimeCrate): Models.Component {
  const purl = `pkg:cargo/${name}@${version.replace("+", "%2B")}`;
  const licenses = new Models.LicenseRepository(
    license === null ? [] : [new Models.LicenseExpression(license)],
  );
  return new Models.Component(Enums.ComponentType.Library, name, {
    version,
    purl,
    bomRef: purl,
    licenses,
  });
}

function licensesOf(id: string): Models.LicenseRepository {
  return new Models.LicenseRepository([new Models.SpdxLicense(id)]);
}

function hexOf(base64: string): string {
  return Array.from(
    atob(base64),
    (each) => each.charCodeAt(0).toString(16).padStart(2, "0"),
  ).join("");
}

if (import.meta.main) {
  Deno.mkdirSync(DIST, { recursive: true });
  Deno.writeTextFileSync(SBOM, sbomJson(bundledPackages(), runtimeCrates()));
  console.log(relative(PROJECT, SBOM));
}
