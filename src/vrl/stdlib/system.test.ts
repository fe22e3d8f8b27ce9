import { hostname } from 'node:os';
import { callFunction, error, run, testCalls } from '../testing/run';
import { functions } from './system';

describe('system', () => {
  process.env['VRL_SYSTEM_TEST'] = 'set';
  testCalls(functions, [
    ['get_env_var', ['VRL_SYSTEM_TEST'], 'set'],
    ['get_env_var', ['VRL_SYSTEM_TEST_MISSING'], error('environment variable not found')],
    ['get_env_var', ['toString'], error('environment variable not found')],
    ['get_hostname', [], hostname()],
    ['get_timezone_name', [], 'UTC'],
  ]);

  test('the zone is the program’s', () => {
    const zone = functions.find((definition) => definition.name === 'get_timezone_name')!;
    expect(callFunction(zone, [], 'Europe/Paris')).toEqual({ value: 'Europe/Paris' });
    const local = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    expect(callFunction(zone, [], 'local')).toEqual({ value: local });
    expect(run('get_timezone_name!()', {}, { timezone: 'Asia/Tokyo' })).toMatchObject({ value: 'Asia/Tokyo' });
  });
});
