import fc from 'fast-check';
import { SyslogError } from './errors';
import { parse } from './parse';
import { MAX_SD_NAME_BYTES, MAX_SD_PARAMETERS } from './structured-data';

const ARRIVAL = Date.UTC(2024, 9, 11);

describe('options', () => {
  test('client and TLS name become fields, the address the host', () => {
    const { fields } = parse('<13>hello', { client: '[::ffff:10.0.0.7]:514', tlsPeer: 'CN=a', arrival: ARRIVAL });
    expect(fields).toEqual({
      timestamp: '2024-10-11T00:00:00.000Z',
      hostname: '10.0.0.7',
      tag: '',
      proc_id: '',
      content: 'hello',
      priority: '13',
      facility: '1',
      severity: '5',
      client: '[::ffff:10.0.0.7]:514',
      tls_peer: 'CN=a',
    });
  });

  test('NIL in RFC 5424 stays empty, the address does not stand in', () => {
    expect(parse('<13>1 - - - - - - m', { client: '10.0.0.7:514' }).fields.hostname).toBe('');
  });

  test('the arrival is a number, a Date, or now', () => {
    expect(parse('<13>x', { arrival: ARRIVAL }).timestamp).toBe(ARRIVAL);
    expect(parse('<13>x', { arrival: new Date(ARRIVAL) }).timestamp).toBe(ARRIVAL);
    const before = Date.now();
    expect(parse('<13>x').timestamp).toBeGreaterThanOrEqual(before);
    expect(parse('<13>x', { arrival: Number.NaN }).timestamp).toBeGreaterThanOrEqual(before);
    expect(parse('<13>x', { arrival: 9e15 }).timestamp).toBeGreaterThanOrEqual(before);
  });

  test('an unknown time zone is an error', () => {
    expect(() => parse('<13>x', { timezone: 'Mars/Olympus' })).toThrow(SyslogError);
  });

  test('no name is inherited by the fields', () => {
    const { fields } = parse('<13>x');
    expect('toString' in fields).toBe(false);
    expect(fields.__proto__).toBeUndefined();
    expect(fields.constructor).toBeUndefined();
  });
});

describe('bytes that are not UTF-8', () => {
  test('become U+FFFD, are flagged, and the message is kept as it came', () => {
    const bytes = Buffer.concat([
      Buffer.from('<13>Oct 11 22:14:15 h app: caf'),
      Buffer.from([0xe9]),
      Buffer.from(' ok'),
    ]);
    const { fields } = parse(bytes, { arrival: ARRIVAL });
    expect(fields.content).toBe('caf\ufffd ok');
    expect(fields.invalid_utf8).toBe('true');
    expect(Buffer.from(fields.raw_base64 as string, 'base64')).toEqual(bytes);
    expect(fields.hostname).toBe('h');
  });

  test('valid UTF-8 is not flagged', () => {
    expect(parse(Buffer.from('<13>Oct 11 22:14:15 h app: café')).fields).not.toHaveProperty('invalid_utf8');
  });

  test('a plain Uint8Array over a part of a buffer is read in its bounds', () => {
    const whole = new Uint8Array(Buffer.from('xx<13>hello\nyy'));
    expect(parse(whole.subarray(2, 11)).fields.content).toBe('hello');
  });
});

describe('hostile structured data', () => {
  test('more parameters than become fields stay in the raw text', () => {
    const parameters = Array.from({ length: MAX_SD_PARAMETERS + 10 }, (_, i) => ` p${i}="${i}"`).join('');
    const { fields } = parse(`<13>1 - h a - - [x@1${parameters}] m`);
    expect(Object.keys(fields).filter((name) => name.startsWith('sd.'))).toHaveLength(MAX_SD_PARAMETERS);
    expect(fields.structured_data).toBe(`[x@1${parameters}]`);
    expect(fields.parse_error).toMatch(/parameters/);
    expect(fields.message).toBe('m');
  });

  test('a name that is too long makes it text', () => {
    const { fields } = parse(`<13>1 - h a - - [${'x'.repeat(MAX_SD_NAME_BYTES + 1)} a="b"] m`);
    expect(fields.structured_data).toBe('');
    expect(fields.message).toMatch(/^\[xxx/);
  });
});

describe('any input', () => {
  const fragment = fc.oneof(
    fc
      .constantFrom(
        '<13>',
        '<34>1 ',
        '1 ',
        '2024-10-11T22:14:15Z',
        '2024-10-11 22:14:15',
        'Oct 11 22:14:15',
        ' ',
        ': ',
        ':',
        '[',
        ']',
        '"',
        '\\',
        '=',
        'host ',
        'app[12]: ',
        '%SYS-5-X: ',
        '29: ',
        '*',
        '- ',
        '[x@1 a="b"]',
        '[x@1 a="',
        'date=2024-10-11 time=22:14:15 ',
        ' UTC',
        '+02:00',
        '.123',
        '\ufeff',
        '\u00e9',
        'RP/0/RSP0/CPU0:',
        '1728684855.5 ',
        '00:00:46: ',
        '\0',
        '\n',
        '\t',
        '2001:db8::1 ',
      )
      .map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
  );
  const input = fc.array(fragment, { maxLength: 16 }).map((parts) => Buffer.concat(parts));

  test('gives a record of strings with a possible PRI and a time or none', () => {
    fc.assert(
      fc.property(input, fc.constantFrom('UTC', 'Europe/Berlin', '+05:45'), (bytes, timezone) => {
        const { fields } = parse(bytes, { client: '10.0.0.7:514', arrival: ARRIVAL, timezone });
        expect(Object.values(fields).filter((value) => typeof value !== 'string')).toEqual([]);
        const priority = Number(fields.priority);
        expect(priority).toBeLessThanOrEqual(191);
        expect(Number(fields.facility) * 8 + Number(fields.severity)).toBe(priority);
        if (fields.timestamp !== '') {
          expect(fields.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
        }
        if ('parse_error' in fields && 'content' in fields) {
          expect(fields.content).toBe(
            Buffer.from(bytes)
              .toString()
              .replace(/[\r\n\0]+$/, '')
              .replace(/^\ufeff/, ''),
          );
        }
      }),
      { numRuns: 1500 },
    );
  });

  test('nothing outside of the message is read', () => {
    fc.assert(
      fc.property(input, input, (bytes, neighbour) => {
        const alone = parse(bytes, { arrival: ARRIVAL });
        const both = Buffer.concat([neighbour, bytes, neighbour]);
        const within = parse(both.subarray(neighbour.length, neighbour.length + bytes.length), { arrival: ARRIVAL });
        expect(within).toEqual(alone);
      }),
      { numRuns: 500 },
    );
  });
});

test.each<[string, (size: number) => string]>([
  ['PRI digits', (size) => `<${'1'.repeat(size)}`],
  ['spaces', (size) => `<13>${' '.repeat(size)}x`],
  ['brackets', (size) => `<13>1 - h a - - ${'['.repeat(size)}`],
  ['elements', (size) => `<13>1 - h a - - ${'[a b="c"]'.repeat(size / 9)}`],
  [
    'parameters of ever new names',
    (size) => `<13>1 - h a - - [x${Array.from({ length: size / 12 }, (_, i) => ` n${i}="v"`).join('')}]`,
  ],
  ['backslashes', (size) => `<13>1 - h a - - [a b="${'\\'.repeat(size)}"]`],
  ['escaped quotes', (size) => `<13>1 - h a - - [a b="${'\\"'.repeat(size / 2)}"]`],
  ['colons', (size) => `<13>Oct 11 22:14:15 ${':'.repeat(size)}`],
  ['colons and letters', (size) => `<13>Oct 11 22:14:15 ${'a:'.repeat(size / 2)}`],
  ['sequence numbers', (size) => `<13>${'1: '.repeat(size / 3)}`],
  ['tags', (size) => `<13>${'a: '.repeat(size / 3)}`],
  ['pairs', (size) => `<13>${'a=b '.repeat(size / 4)}`],
  ['digits of a fraction', (size) => `<13>Oct 11 22:14:15.${'1'.repeat(size)}`],
  ['high bytes', (size) => `<13>1 - h a - - [a ${'b="é" '.repeat(size / 6)}]`],
])('work grows with the size of the message alone: %s', (_name, make) => {
  // Quadratic work on a megabyte would take minutes and run into the test's time limit.
  const message = make(1_000_000);
  const { fields } = parse(message, { arrival: ARRIVAL });
  expect(fields.priority).toBeDefined();
});
