// Compiles src to dist, and copies what is not TypeScript (the OpenAPI document, for one).
'use strict';

const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');

const root = path.join(__dirname, '..');
const source = path.join(root, 'src');
const output = path.join(root, 'dist');
const stampFile = path.join(output, '.build-stamp.json');
const commandFile = path.join(output, 'cli', 'main.js');

/** Folders that hold only what tests need. */
const TEST_FOLDERS = new Set(['testing', 'testdata', '__snapshots__']);
/** Files beside the sources that the running program has no use for. */
const NOT_SHIPPED = /\.(test\.ts|md)$/;

/** True when nothing the build reads has changed since the last one. */
function isBuilt() {
  const last = lastInputs();
  return last !== undefined && fs.existsSync(commandFile) && JSON.stringify(last) === JSON.stringify(listInputs());
}

/** Builds; exits when the compiler finds an error. */
function build(fromScratch) {
  // Listed first: what changes during the build is built again by the next one.
  const inputs = listInputs();
  const last = lastInputs();
  fs.rmSync(stampFile, { force: true });
  // What became of a file that is gone must go too; a migration left behind would run.
  const gone = last === undefined || Object.keys(last).some((file) => !(file in inputs));
  if (fromScratch || gone || !fs.existsSync(commandFile)) clean();
  console.error('Building...');
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const result = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.json'], { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) {
    console.error('The build failed.');
    process.exit(1);
  }
  for (const file of Object.keys(inputs)) {
    if (file.startsWith('src/') && !file.endsWith('.ts')) copyAsset(file);
  }
  fs.chmodSync(commandFile, 0o755);
  fs.writeFileSync(stampFile, JSON.stringify(inputs));
}

function copyAsset(file) {
  const target = path.join(output, path.relative('src', file));
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.copyFileSync(path.join(root, file), target);
}

/** Everything in dist except the lock of the run that does this (see lock.js). */
function clean() {
  for (const name of fs.existsSync(output) ? fs.readdirSync(output) : []) {
    if (name !== '.lock') fs.rmSync(path.join(output, name), { recursive: true });
  }
}

/** Size and time of change of every file that the build reads, by path. */
function listInputs() {
  const inputs = Object.create(null);
  addInput(inputs, path.join(root, 'tsconfig.json'));
  addInput(inputs, path.join(root, 'package-lock.json'));
  addFolder(inputs, source);
  return inputs;
}

function addFolder(inputs, folder) {
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory() && !TEST_FOLDERS.has(entry.name)) addFolder(inputs, file);
    else if (entry.isFile() && !NOT_SHIPPED.test(entry.name)) addInput(inputs, file);
  }
}

function addInput(inputs, file) {
  const { size, mtimeMs } = fs.statSync(file);
  inputs[path.relative(root, file)] = [size, mtimeMs];
}

function lastInputs() {
  try {
    return JSON.parse(fs.readFileSync(stampFile, 'utf8'));
  } catch {
    return undefined;
  }
}

module.exports = { build, isBuilt };
