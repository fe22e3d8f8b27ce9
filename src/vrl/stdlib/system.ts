import { fail } from '../failure';
import { localZoneName } from '../time';
import { STRING } from '../types/kind';
import { define, type FunctionDefinition } from './definition';
import { builtIn } from './node/builtin';
import { text } from './parameters';

const getEnvVar = define({
  name: 'get_env_var',
  params: [text('name')],
  returns: STRING,
  fallible: true,
  run: (name) => {
    const environment = typeof process === 'object' ? process.env : {};
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value === undefined) throw fail('environment variable not found');
    return value;
  },
});

const getHostname = define({
  name: 'get_hostname',
  params: [],
  returns: STRING,
  fallible: true,
  run: () => builtIn('node:os').hostname(),
});

const getTimezoneName = define({
  name: 'get_timezone_name',
  params: [],
  returns: STRING,
  fallible: true,
  prepare: (call) => {
    const name = call.timezone === 'local' ? localZoneName() : call.timezone;
    return () => name;
  },
});

/**
 * The functions that tell a program about its host, made to fail: for hosts whose programs are written by others, who
 * could read keys out of the environment.
 */
export const DENIED_HOST_FUNCTIONS: readonly FunctionDefinition[] = [
  define({ name: 'get_env_var', params: [text('name')], returns: STRING, fallible: true, run: () => denied() }),
  define({ name: 'get_hostname', params: [], returns: STRING, fallible: true, run: () => denied() }),
];

function denied() {
  return fail('access to the host is not enabled');
}

export const functions: readonly FunctionDefinition[] = [getEnvVar, getHostname, getTimezoneName];
