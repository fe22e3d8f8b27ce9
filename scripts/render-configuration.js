// npm run reference: writes what is made from the schema of the configuration: config/logweir.yaml and docs/configuration.md.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { ensureReady } = require('./ensure-ready');

const root = path.join(__dirname, '..');
ensureReady();
const { renderConfigFile } = require('../dist/config/render-config-file');
const { renderReference } = require('../dist/config/render-reference');

fs.mkdirSync(path.join(root, 'docs'), { recursive: true });
fs.writeFileSync(path.join(root, 'config/logweir.yaml'), renderConfigFile());
fs.writeFileSync(path.join(root, 'docs/configuration.md'), renderReference());
