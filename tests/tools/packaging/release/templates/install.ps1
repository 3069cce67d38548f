<#
.SYNOPSIS
Installs rollout-trace @VERSION@ on Windows.
.PARAMETER To
The directory of the program; by default %LOCALAPPDATA%\Programs\rollout-trace.
.PARAMETER From
The address where the archives of the release are; https only, unless it is this machine.
.DESCRIPTION
The checksums are in this script: an archive that differs is refused, and nothing is installed.
#>
param(
  [string]$To = (Join-Path $env:LOCALAPPDATA 'Programs\rollout-trace'),
  [string]$From = '@URL@'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
# Without it, Windows PowerShell draws progress for longer than it downloads.
$ProgressPreference = 'SilentlyContinue'

$version = '@VERSION@'
$checksums = @{
@CHECKSUMS@
}

if ($From -notmatch '^https://' -and $From -notmatch '^http://(127\.0\.0\.1|localhost):') {
  throw "not an https address: $From"
}

# A machine with an ARM processor runs it as well, by emulation.
$target = 'x86_64-pc-windows-msvc'
$archive = "rollout-trace-$target.zip"
$expected = $checksums[$archive]
if (-not $expected) { throw "this release has no program for $target" }

$work = Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid())
New-Item -ItemType Directory -Path $work | Out-Null
try {
  $file = Join-Path $work $archive
  [Net.ServicePointManager]::SecurityProtocol =
    [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
  Invoke-WebRequest -UseBasicParsing -Uri "$From/$archive" -OutFile $file
  $actual = (Get-FileHash -Algorithm SHA256 -Path $file).Hash.ToLowerInvariant()
  if ($actual -ne $expected) {
    throw "$archive has the checksum $actual instead of $expected`: nothing is installed"
  }
  Expand-Archive -Path $file -DestinationPath $work
  $content = Join-Path $work "rollout-trace-$version-$target"
  New-Item -ItemType Directory -Force -Path $To | Out-Null
  Copy-Item -Force -Path (Join-Path $content 'completions\rollout-trace.ps1') -Destination $To
  # A program that runs cannot be overwritten, but renamed.
  $program = Join-Path $To 'rollout-trace.exe'
  $old = "$program.old"
  if (Test-Path -LiteralPath $old) { Remove-Item -Force -LiteralPath $old -ErrorAction SilentlyContinue }
  if (Test-Path -LiteralPath $program) { Move-Item -Force -LiteralPath $program -Destination $old }
  try {
    Copy-Item -Force -Path (Join-Path $content 'rollout-trace.exe') -Destination $program
  } catch {
    if (Test-Path -LiteralPath $old) { Move-Item -Force -LiteralPath $old -Destination $program }
    throw
  }
} finally {
  Remove-Item -Recurse -Force -LiteralPath $work
}

Write-Output "installed $program ($(& $program --version))"
$path = [Environment]::GetEnvironmentVariable('Path', 'User')
if (($path -split ';') -notcontains $To) {
  Write-Output "add $To to PATH to run it by its name, and this line to `$PROFILE for completion:"
  Write-Output ". '$(Join-Path $To 'rollout-trace.ps1')'"
}
