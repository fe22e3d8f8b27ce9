import { PARSED_JSON } from '../types/kind';
import { define, type FunctionDefinition } from './definition';
import { text } from './parameters';
import type * as ReadYaml from './yaml/read-yaml';

const parseYaml = define({
  name: 'parse_yaml',
  params: [text('value')],
  returns: PARSED_JSON,
  fallible: true,
  fresh: true,
  prepare: () => {
    // Few programs need the library, which takes its time to load.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { readYaml } = require('./yaml/read-yaml') as typeof ReadYaml;
    return readYaml;
  },
});

export const functions: readonly FunctionDefinition[] = [parseYaml];
