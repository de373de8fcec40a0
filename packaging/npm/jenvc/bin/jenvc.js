#!/usr/bin/env node
// Runs the program that npm has installed for this platform, with the same arguments, streams and exit status.
"use strict";

const { spawnSync } = require("node:child_process");

const name = `@jenvc/${process.platform}-${process.arch}`;
const program = process.platform === "win32" ? "jenvc.exe" : "jenvc";

let path;
try {
  path = require.resolve(`${name}/bin/${program}`);
} catch {
  console.error(`jenvc: the package \`${name}\` is not installed`);
  console.error("  help: install without `--omit=optional`, or see https://github.com/OWNER/jenvc#install for other ways");
  process.exit(127);
}

const ran = spawnSync(path, process.argv.slice(2), { stdio: "inherit" });
if (ran.error) {
  console.error(`jenvc: \`${path}\` can't be run: ${ran.error.message}`);
  process.exit(127);
}
if (ran.signal) {
  process.kill(process.pid, ran.signal);
}
process.exit(ran.status);
