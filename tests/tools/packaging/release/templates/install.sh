#!/bin/sh
# Installs rollout-trace @VERSION@ on Linux or macOS:
#
#   sh install.sh [--to DIRECTORY] [--from ADDRESS]
#
# DIRECTORY is ~/.local by default: the program gets into its bin/, the manual page and the
# completions into its share/. ADDRESS is where the archives of the release are; https only, unless
# it is this machine. The checksums are in this script: an archive that differs is refused, and
# nothing is installed.
set -eu

version='@VERSION@'
from='@URL@'
to="${HOME:-}/.local"

checksums='
@CHECKSUMS@
'

fail() {
  printf 'install.sh: %s\n' "$1" >&2
  exit 1
}

while [ $# -gt 0 ]; do
  case $1 in
    --to | --from)
      [ $# -ge 2 ] || fail "$1 needs a value"
      if [ "$1" = --to ]; then to=$2; else from=$2; fi
      shift 2
      ;;
    -h | --help)
      printf 'usage: sh install.sh [--to DIRECTORY] [--from ADDRESS]\n'
      exit 0
      ;;
    *) fail "unknown argument: $1" ;;
  esac
done

[ -n "${to#/.local}" ] || fail "there is no HOME: name a directory with --to"

case $from in
  https://*) protocol='=https' ;;
  http://127.0.0.1:* | http://localhost:*) protocol='=http' ;;
  *) fail "not an https address: $from" ;;
esac

case "$(uname -s) $(uname -m)" in
  'Linux x86_64' | 'Linux amd64') target=x86_64-unknown-linux-gnu ;;
  'Linux aarch64' | 'Linux arm64') target=aarch64-unknown-linux-gnu ;;
  'Darwin x86_64') target=x86_64-apple-darwin ;;
  'Darwin arm64') target=aarch64-apple-darwin ;;
  *) fail "no program is built for $(uname -s) $(uname -m)" ;;
esac
archive=rollout-trace-$target.tar.gz
expected=$(printf '%s' "$checksums" | sed -n "s/^\([0-9a-f]\{64\}\)  $archive\$/\1/p")
[ -n "$expected" ] || fail "this release has no program for $target"

if command -v sha256sum >/dev/null 2>&1; then
  checksum() { sha256sum "$1" | cut -d ' ' -f 1; }
elif command -v shasum >/dev/null 2>&1; then
  checksum() { shasum -a 256 "$1" | cut -d ' ' -f 1; }
else
  fail 'neither sha256sum nor shasum is installed, and nothing is installed unchecked'
fi

work=$(mktemp -d)
staged=
trap 'rm -rf "$work"; [ -z "$staged" ] || rm -f "$staged"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if command -v curl >/dev/null 2>&1; then
  curl --fail --silent --show-error --location --proto "$protocol" --proto-redir "$protocol" \
    --output "$work/$archive" "$from/$archive" || fail "cannot download $from/$archive"
elif command -v wget >/dev/null 2>&1; then
  [ "$protocol" = '=https' ] && only=--https-only || only=--no-config
  wget --quiet "$only" --output-document "$work/$archive" "$from/$archive" ||
    fail "cannot download $from/$archive"
else
  fail 'neither curl nor wget is installed'
fi

actual=$(checksum "$work/$archive")
[ "$actual" = "$expected" ] ||
  fail "$archive has the checksum $actual instead of $expected: nothing is installed"

mkdir "$work/content"
tar -xzf "$work/$archive" -C "$work/content"
content=$work/content/rollout-trace-$version-$target

# Beside its place, then renamed: a program that runs now is not disturbed.
put() {
  mkdir -p "$3"
  staged=$3/.$2.$$
  cp "$1" "$staged"
  chmod "$4" "$staged"
  mv -f "$staged" "$3/$2"
  staged=
}

put "$content/man/rollout-trace.1" rollout-trace.1 "$to/share/man/man1" 644
put "$content/completions/rollout-trace.bash" rollout-trace "$to/share/bash-completion/completions" 644
put "$content/completions/_rollout-trace" _rollout-trace "$to/share/zsh/site-functions" 644
put "$content/completions/rollout-trace.fish" rollout-trace.fish "$to/share/fish/vendor_completions.d" 644
put "$content/rollout-trace" rollout-trace "$to/bin" 755

printf 'installed %s (%s)\n' "$to/bin/rollout-trace" "$("$to/bin/rollout-trace" --version)"
case ":${PATH:-}:" in
  *":$to/bin:"*) ;;
  *) printf 'add %s to PATH to run it by its name\n' "$to/bin" ;;
esac
