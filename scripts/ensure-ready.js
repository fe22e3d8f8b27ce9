// Installs and builds what is missing or out of date; does nothing, quickly, when all is as it should be.
//   node scripts/ensure-ready.js [--dependencies-only | --rebuild]
'use strict';

require('./check-node-version').checkNodeVersion();

const { areInstalled, install } = require('./dependencies');
const { build, isBuilt } = require('./build');
const { withLock } = require('./lock');

/** Exits the process with a message when it cannot be done. */
function ensureReady(options) {
  const { dependenciesOnly = false, rebuild = false } = options || {};
  const isReady = () => areInstalled() && (dependenciesOnly || (!rebuild && isBuilt()));
  if (isReady()) return;
  withLock(() => {
    // Another process may have done it in the meantime.
    if (!areInstalled()) install();
    if (!dependenciesOnly && (rebuild || !isBuilt())) build(rebuild);
  });
}

if (require.main === module) {
  const args = process.argv.slice(2);
  ensureReady({ dependenciesOnly: args.includes('--dependencies-only'), rebuild: args.includes('--rebuild') });
}

module.exports = { ensureReady };
