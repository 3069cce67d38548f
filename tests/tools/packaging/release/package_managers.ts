/**
 * What Homebrew and Scoop need to install a release.
 *
 * @module
 */

import {
  archiveName,
  checksumOf,
  isWindows,
  RELEASE_TARGETS,
  type ReleaseTarget,
} from "./artifacts.ts";
import type { Release } from "./installers.ts";

const DESCRIPTION = "Explains recorded sessions of Codex";

/** Returns `rollout-trace.rb`, a formula for a tap of Homebrew. */
export function homebrewFormula(release: Release, repository: string): string {
  const blocks = (["macos", "linux"] as const).map((os) => {
    const targets = RELEASE_TARGETS.filter((target) =>
      target.brew?.os === os && release.checksums.has(archiveName(target))
    );
    return targets.length === 0
      ? ""
      : `  on_${os} do\n${
        targets.map((each) => cpuBlock(each, release)).join("")
      }  end\n\n`;
  });
  return `class RolloutTrace < Formula
  desc "${DESCRIPTION}"
  homepage "https://github.com/${repository}"
  version "${release.version}"
  license "MIT"

${blocks.join("")}  def install
    bin.install "rollout-trace"
    man1.install "man/rollout-trace.1"
    bash_completion.install "completions/rollout-trace.bash" => "rollout-trace"
    zsh_completion.install "completions/_rollout-trace"
    fish_completion.install "completions/rollout-trace.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/rollout-trace --version")
  end
end
`;
}

function cpuBlock(target: ReleaseTarget, { url, checksums }: Release): string {
  const name = archiveName(target);
  return `    on_${target.brew?.cpu} do
      url "${url}/${name}"
      sha256 "${checksumOf(checksums, name)}"
    end
`;
}

/** Returns `rollout-trace.json`, a manifest for a bucket of Scoop. */
export function scoopManifest(release: Release, repository: string): string {
  const target = RELEASE_TARGETS.find(isWindows);
  if (target === undefined) throw new Error("no machine has Windows");
  const name = archiveName(target);
  const home = `https://github.com/${repository}`;
  const manifest = {
    version: release.version,
    description: DESCRIPTION,
    homepage: home,
    license: "MIT",
    architecture: {
      "64bit": {
        url: `${release.url}/${name}`,
        hash: checksumOf(release.checksums, name),
        extract_dir: `rollout-trace-${release.version}-${target.triple}`,
      },
    },
    bin: "rollout-trace.exe",
    checkver: { github: home },
    autoupdate: {
      architecture: {
        "64bit": {
          url: `${home}/releases/download/v$version/${name}`,
          extract_dir: `rollout-trace-$version-${target.triple}`,
        },
      },
      hash: { url: "$baseurl/SHA256SUMS" },
    },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
