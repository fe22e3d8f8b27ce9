// Says plainly when Node.js is too old or too new, before anything fails in a way that does not. Old versions run this file, so
// it, and what it is loaded with, uses no syntax or module name that they do not know.
'use strict';

const manifest = require('../package.json');

/** Exits with a message unless this Node.js is what package.json asks for (a range of the form `>=x.y.z <x.y.z`). */
function checkNodeVersion() {
  const bounds = /^>=(\S+) <(\S+)$/.exec(manifest.engines.node);
  const version = process.versions.node;
  if (isAtLeast(version, bounds[1]) && !isAtLeast(version, bounds[2])) return;
  console.error('Logweir needs Node.js ' + bounds[1] + ' or newer, below ' + bounds[2] + '; this is ' + version + '.');
  console.error('See https://nodejs.org/en/download, then run the same command again.');
  process.exit(1);
}

function isAtLeast(version, wanted) {
  const have = version.split('.').map(Number);
  const need = wanted.split('.').map(Number);
  for (let i = 0; i < need.length; i++) {
    if (have[i] !== need[i]) return have[i] > need[i];
  }
  return true;
}

module.exports = { checkNodeVersion };
