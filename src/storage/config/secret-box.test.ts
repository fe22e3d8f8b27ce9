import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { SecretBox } from './secret-box';

function boxWith(fill: number): SecretBox {
  return new SecretBox(createSecretKey(Buffer.alloc(32, fill)));
}

describe('SecretBox', () => {
  test('opens what it sealed, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, context) => {
        const sealed = boxWith(1).seal(text, context);
        expect(SecretBox.isSealed(sealed)).toBe(true);
        expect(boxWith(1).open(sealed, context)).toBe(text);
      }),
    );
  });

  test('shows nothing of the text and never the same twice', () => {
    const box = boxWith(1);
    const sealed = Array.from({ length: 50 }, () => box.seal('hunter2', 'forwarder/siem'));
    expect(new Set(sealed).size).toBe(50);
    expect(sealed[0]).toMatch(/^sealed:v1:[A-Za-z0-9_-]+$/);
    expect(Buffer.from(sealed[0]!.slice(10), 'base64url').includes('hunter2')).toBe(false);
  });

  test('says when the key is another one', () => {
    const sealed = boxWith(1).seal('hunter2', 'forwarder/siem');
    expect(() => boxWith(2).open(sealed, 'forwarder/siem')).toThrow(
      expect.objectContaining({
        name: 'ConfigError',
        code: 'WRONG_SECRET_KEY',
        message: expect.stringContaining('forwarder/siem was encrypted with another secret key'),
      }),
    );
  });

  test('does not open elsewhere', () => {
    const sealed = boxWith(1).seal('hunter2', 'forwarder/siem');
    expect(() => boxWith(1).open(sealed, 'forwarder/other')).toThrow('damaged or belongs elsewhere');
  });

  test('notices each changed byte', () => {
    const sealed = boxWith(1).seal('hunter2', 'c');
    const bytes = Buffer.from(sealed.slice(10), 'base64url');
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed[i]! ^= 1;
      expect(() => boxWith(1).open(`sealed:v1:${changed.toString('base64url')}`, 'c')).toThrow(
        expect.objectContaining({ code: 'WRONG_SECRET_KEY' }),
      );
    }
  });

  test.each(['', 'sealed:v1:', 'sealed:v1:AAAA', 'sealed:v2:AAAA', '{"type":"http"}'])('does not open %j', (text) => {
    expect(() => boxWith(1).open(text, 'c')).toThrow(expect.objectContaining({ code: 'WRONG_SECRET_KEY' }));
  });
});
