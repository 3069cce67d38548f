#!/usr/bin/env node
// Runs the program that the package for this machine contains, with the same arguments, streams and
// signals, and ends as it does.
"use strict";

const { spawn } = require("node:child_process");

const packages = __PACKAGES__;
const machine = `${process.platform}-${process.arch}`;

function programOf() {
  const name = packages[machine];
  if (name === undefined) {
    throw new Error(`no program is built for ${machine}`);
  }
  const program = process.platform === "win32"
    ? "rollout-trace.exe"
    : "rollout-trace";
  try {
    return require.resolve(`${name}/bin/${program}`);
  } catch {
    throw new Error(
      `the package ${name} is not installed: install again, without --omit=optional`,
    );
  }
}

let program;
try {
  program = programOf();
} catch (error) {
  console.error(`rollout-trace: ${error.message}`);
  process.exit(2);
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
for (const signal of signals) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  console.error(`rollout-trace: ${program} cannot be run: ${error.message}`);
  process.exit(2);
});
child.on("exit", (code, signal) => {
  if (signal === null) process.exit(code);
  for (const each of signals) process.removeAllListeners(each);
  process.kill(process.pid, signal);
});
