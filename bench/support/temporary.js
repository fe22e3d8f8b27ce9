// Folders that are gone when a benchmark ends, however it ends.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

async function withDirectory(use) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'logweir-bench-'));
  const remove = () => fs.rmSync(directory, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    return await use(directory);
  } finally {
    remove();
    process.off('exit', remove);
  }
}

// A signal ends the process through its exit handlers, which end children and remove folders.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

module.exports = { withDirectory };
