// Keeps node_modules in step with package-lock.json.
'use strict';

const { spawnSync } = require('child_process');
const { createHash } = require('crypto');
const fs = require('fs');
const path = require('path');

const root = path.join(__dirname, '..');
const lockFile = path.join(root, 'package-lock.json');
const modules = path.join(root, 'node_modules');
const stampFile = path.join(modules, '.logweir-stamp');

/** True when node_modules is what package-lock.json says, built for this Node.js. */
function areInstalled() {
  if (readText(stampFile) === expectedStamp()) return true;
  if (readText(stampFile) !== undefined || !matchesLock()) return false;
  // Somebody ran npm ci or npm install by hand.
  fs.writeFileSync(stampFile, expectedStamp());
  return true;
}

/** Runs npm ci; exits when it fails. */
function install() {
  console.error('Installing dependencies (npm ci)...');
  // The build needs the development dependencies, also where NODE_ENV is production.
  const result = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) {
    const why = result.error ? result.error.message : 'see above';
    console.error('The dependencies could not be installed: ' + why);
    process.exit(1);
  }
  fs.writeFileSync(stampFile, expectedStamp());
}

/** Native modules are built for one ABI and platform. */
function expectedStamp() {
  const hash = createHash('sha256').update(fs.readFileSync(lockFile)).digest('hex');
  return [hash, process.versions.modules, process.platform, process.arch].join(' ') + '\n';
}

/** Compares npm's own record of what it installed with the lock file, package by package. */
function matchesLock() {
  const installedText = readText(path.join(modules, '.package-lock.json'));
  if (installedText === undefined) return false;
  const installed = JSON.parse(installedText).packages;
  const wanted = JSON.parse(fs.readFileSync(lockFile, 'utf8')).packages;
  for (const name of Object.keys(installed)) {
    if (!wanted[name] || wanted[name].version !== installed[name].version) return false;
  }
  // Optional packages for other platforms are left out.
  return Object.keys(wanted).every((name) => name === '' || installed[name] || wanted[name].optional);
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

module.exports = { areInstalled, install };
