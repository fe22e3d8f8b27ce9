import { argon2id, argon2i, hash } from 'argon2';
import { PasswordHasher } from './password';

describe('PasswordHasher', () => {
  const hasher = new PasswordHasher();

  test('makes PHC strings of argon2id with fresh salts', async () => {
    const [first, second] = await Promise.all([hasher.hash('secret'), hasher.hash('secret')]);
    const phc = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$([A-Za-z0-9+/]{22})\$[A-Za-z0-9+/]{43}$/;
    expect(first).toMatch(phc);
    expect(phc.exec(first)?.[1]).not.toBe(phc.exec(second)?.[1]);
  });

  test.each([
    ['secret', true],
    ['Secret', false],
    ['secret ', false],
    ['', false],
  ])('checks %j', async (password, expected) => {
    expect(await hasher.verify(await hasher.hash('secret'), password)).toBe(expected);
  });

  test('tells passwords apart that differ only late or beyond ASCII', async () => {
    const long = 'x'.repeat(200);
    expect(await hasher.verify(await hasher.hash(`${long}a`), `${long}b`)).toBe(false);
    expect(await hasher.verify(await hasher.hash('pässwörd'), 'pässwörd')).toBe(true);
    expect(await hasher.verify(await hasher.hash('pässwörd'), 'password')).toBe(false);
  });

  test.each([
    ['more memory', { type: argon2id, memoryCost: 32_768, timeCost: 3, parallelism: 4 }],
    ['little memory', { type: argon2id, memoryCost: 64, timeCost: 1, parallelism: 1 }],
    ['argon2i', { type: argon2i, memoryCost: 4096, timeCost: 3, parallelism: 1 }],
  ] as const)('checks strings with other parameters: %s', async (_name, parameters) => {
    const phc = await hash('secret', parameters);
    expect(await hasher.verify(phc, 'secret')).toBe(true);
    expect(await hasher.verify(phc, 'wrong')).toBe(false);
  });

  test.each([
    ['nothing', undefined],
    ['an empty string', ''],
    ['the password itself', 'secret'],
    [
      'too much memory',
      '$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI',
    ],
    [
      'too many rounds',
      '$argon2id$v=19$m=1024,t=9999,p=1$c29tZXNhbHRzb21lc2FsdA$MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI',
    ],
    [
      'less memory than the algorithm needs',
      '$argon2id$v=19$m=1,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI',
    ],
    ['another algorithm', '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW'],
  ])('nothing matches %s', async (_name, phc) => {
    expect(await hasher.verify(phc, 'secret')).toBe(false);
  });

  test('refuses work when too much is waiting, and recovers', async () => {
    const busy = new PasswordHasher();
    const results = await Promise.allSettled(Array.from({ length: 40 }, () => busy.hash('secret')));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(6);
    expect(refused[0]).toMatchObject({ reason: { name: 'AuthError', code: 'TOO_MANY_LOGINS' } });
    await expect(busy.hash('secret')).resolves.toContain('$argon2id$');
  });
});
