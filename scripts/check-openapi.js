// Checks that the API's description is a valid OpenAPI document. Prints each problem; exits with 1 when there is one.
'use strict';

const fs = require('fs');
const path = require('path');
const { createConfig, lint } = require('@redocly/openapi-core');

const file = path.join(__dirname, '..', 'src', 'api', 'openapi.yaml');

async function main() {
  if (!fs.existsSync(file)) {
    console.error('there is no ' + file);
    return 1;
  }
  const config = await createConfig({ extends: ['spec'] });
  const problems = await lint({ ref: file, config });
  for (const { severity, message, location } of problems) {
    const place = location[0];
    console.error(severity + ': ' + (place ? place.pointer || place.start.line : '') + ': ' + message);
  }
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  console.error('src/api/openapi.yaml: ' + (errors === 0 ? 'valid' : errors + ' errors'));
  return errors === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
