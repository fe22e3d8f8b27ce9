import { isForGood, isTooLarge } from './smtp-reply';

test.each<[string, boolean]>([
  ['550 no such user', true],
  ['550 5.1.1 <a@b>: no such user', true],
  ['552 5.3.4 message too large', true],
  ['554-5.7.1 spam', true],
  ['450 4.2.0 greylisted', false],
  ['421 4.7.0 too many connections', false],
  ['451 5.3.0 a number that is at odds with itself', false],
  ['550 4.7.1 greylisted', false],
  ['550 5.4.5 daily sending quota exceeded', false],
  ['530 5.7.0 must issue a STARTTLS command first', false],
  ['530 5.7.57 client was not authenticated', false],
  ['535 5.7.8 bad credentials', false],
])('%s: for good %j', (reply, expected) => {
  expect(isForGood(Number(reply.slice(0, 3)), reply)).toBe(expected);
});

test.each<[string, boolean]>([
  ['552 5.3.4 message size exceeds fixed limit', true],
  ['554 5.3.4 message too big for system', true],
  ['550 5.2.3 message length exceeds administrative limit', true],
  ['552 message too large', true],
  ['552 5.2.2 mailbox full', false],
  ['550 5.1.1 no such user', false],
  ['452 4.3.4 come back later', false],
])('%s: too large %j', (reply, expected) => {
  expect(isTooLarge(Number(reply.slice(0, 3)), reply)).toBe(expected);
});
