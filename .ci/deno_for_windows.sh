#!/usr/bin/env bash
# Runs the Deno of Windows under Wine, so that what depends on the system can be tried on Linux:
#
#     .ci/deno_for_windows.sh FOLDER     makes FOLDER/deno, once
#     FOLDER/deno run -A --no-check dist/program/main.js show testdata/bundles/0.128.0-mcp_image
#     FOLDER/deno test -A --no-check tests/check
#
# Needs npm, python3, Wine (8.0 was tried, from Debian 12: wine64) and, where it lacks
# bcryptprimitives.dll, the compiler of gcc-mingw-w64-x86-64. Symbolic links do not exist there, and a
# file that is open cannot be removed or replaced: tests of these fail, on Wine alone.
set -euo pipefail

VERSION=${DENO_VERSION:-2.9.6}
wine=$(command -v wine64 || echo /usr/lib/wine/wine64)
[[ -x $wine ]] || { echo "Wine is not installed" >&2; exit 1; }
folder=${1:?name the folder to make}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

(
  cd "$folder"
  npm pack --silent "@deno/win32-x64@$VERSION" > /dev/null
  tar -xzf "deno-win32-x64-$VERSION.tgz" --strip-components=1
)

# Wine before 9 has VirtualAlloc2 without the placeholders that V8 reserves its tables by. Where the
# function does not exist, V8 does without them.
python3 - "$folder/deno.exe" <<'PY'
import sys
path = sys.argv[1]
with open(path, "rb") as file:
    program = file.read()
if program.count(b"VirtualAlloc2\0") != 1:
    sys.exit("VirtualAlloc2 is not named once in " + path)
with open(path, "wb") as file:
    file.write(program.replace(b"VirtualAlloc2\0", b"VirtualAllocX\0"))
PY

# Wine before 9 lacks the source of random numbers that Rust programs load.
if compiler=$(command -v x86_64-w64-mingw32-gcc); then
  "$compiler" -shared -o "$folder/bcryptprimitives.dll" -x c - -ladvapi32 <<'C'
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T size) {
  return size <= 0x7fffffff && RtlGenRandom(bytes, (ULONG)size);
}
C
fi

cat > "$folder/deno" <<DENO
#!/bin/sh
export WINEPREFIX='$folder/prefix' WINEDEBUG=-all
export DENO_DIR="\${DENO_DIR:-$folder/cache}"
exec '$wine' '$folder/deno.exe' "\$@"
DENO
chmod +x "$folder/deno"
"$folder/deno" eval 'console.log(`Deno ${Deno.version.deno} for ${Deno.build.os}`)'
