// Lets Node.js load TypeScript files (node -r ./scripts/register-typescript.js), in worker threads too: they inherit it.
'use strict';

const fs = require('fs');
const { transformSync } = require('@swc/core');

require.extensions['.ts'] = (loaded, filename) => {
  const { code } = transformSync(fs.readFileSync(filename, 'utf8'), {
    filename,
    jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  });
  loaded._compile(code, filename);
};
