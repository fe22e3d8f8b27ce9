// npm test: makes everything ready, then runs jest with the given arguments.
//   npm test -- src/config --watch
'use strict';

const path = require('path');
const { ensureReady } = require('./ensure-ready');

const root = path.join(__dirname, '..');
process.chdir(root);
ensureReady();

const jest = require.resolve('jest/bin/jest');
process.argv = [process.argv[0], jest].concat(process.argv.slice(2));
require(jest);
