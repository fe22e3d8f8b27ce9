import { handshakeProblem } from './handshake-problem';

test.each<[string, Error, string]>([
  [
    'what OpenSSL says',
    Object.assign(new Error('80EC481DB87F0000:error:0A00009C:SSL routines:…:http request:record.c:341:\n'), {
      reason: 'http request',
    }),
    'http request',
  ],
  ['what Node says', new Error('Client network socket disconnected'), 'Client network socket disconnected'],
  ['a message without a reason', Object.assign(new Error('ended\n'), { reason: '' }), 'ended'],
])('%s', (_what, error, problem) => {
  expect(handshakeProblem(error)).toBe(problem);
});
