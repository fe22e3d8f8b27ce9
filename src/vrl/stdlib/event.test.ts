import { run, testCodes, testPrograms } from '../testing/run';
import { eventFunctions } from './event';

describe('secrets', () => {
  testPrograms([
    ['get_secret("a")', null],
    ['set_secret("a", "x"); get_secret("a")', 'x'],
    ['set_secret("__proto__", "x"); get_secret("__proto__")', 'x'],
    ['set_secret("a", "x"); remove_secret("a"); get_secret("a")', null],
  ]);
  test('are forgotten after the run', () => {
    run('set_secret("kept", "x")');
    expect(run('get_secret("kept")')).toMatchObject({ value: null });
  });
  test('are the host’s when it keeps some', () => {
    const secrets = new Map([['token', 'abc']]);
    const options = { functions: eventFunctions(() => secrets) };
    expect(run('set_secret("b", "y"); get_secret("token")', {}, options)).toMatchObject({ value: 'abc' });
    expect(secrets.get('b')).toBe('y');
  });
});

describe('set_semantic_meaning', () => {
  testPrograms([['set_semantic_meaning(.a, "service"); .a', { a: 1 }, 1]]);
  testCodes([
    ['set_semantic_meaning("a", "service")', [610]],
    ['set_semantic_meaning(.a, to_string(now()))', [610]],
  ]);
});
