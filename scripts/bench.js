// npm run bench -- NAME [arguments]: runs the benchmark bench/NAME.ts or bench/NAME.js; without a name, lists what there is.
'use strict';

const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { ensureReady } = require('./ensure-ready');

const root = path.join(__dirname, '..');
ensureReady();

const benchmarks = new Map();
for (const file of fs.readdirSync(path.join(root, 'bench'))) {
  if (/\.(ts|js)$/.test(file)) benchmarks.set(file.slice(0, -3), path.join(root, 'bench', file));
}
const [name, ...args] = process.argv.slice(2);
const file = benchmarks.get(name);
if (file === undefined) {
  console.error('npm run bench -- NAME, where NAME is one of: ' + Array.from(benchmarks.keys()).join(', '));
  process.exit(1);
}
const register = path.join(__dirname, 'register-typescript.js');
const result = spawnSync(process.execPath, ['-r', register, file].concat(args), { cwd: root, stdio: 'inherit' });
process.exit(result.status === null ? 1 : result.status);
