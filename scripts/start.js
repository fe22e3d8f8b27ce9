// npm start: makes everything ready, then becomes the server. It runs in this very process, so that a signal to npm or
// to the terminal's process group reaches it without a go-between.
//   npm start -- --set http.bind=:8080
'use strict';

const path = require('path');
const { ensureReady } = require('./ensure-ready');

const root = path.join(__dirname, '..');
process.chdir(root);
ensureReady();

const args = process.argv.slice(2);
const namesFile = args.some((arg) => arg === '--config' || arg.startsWith('--config='));
const config = namesFile || process.env.LOGWEIR_CONFIG ? [] : ['--config', 'config/logweir.yaml'];
const command = path.join(root, 'dist', 'cli', 'main.js');
process.argv = [process.argv[0], command, 'serve'].concat(config, args);
require(command);
