import fc from 'fast-check';
import { formatRfc3164 } from './format-rfc3164';
import { formatRfc5424, isStructuredData } from './format-rfc5424';
import { frameLineFeed, frameOctetCounted } from './frame-output';
import { parse } from './parse';
import { SyslogFramer } from './syslog-framer';

describe('RFC 5424', () => {
  test.each<[string, Record<string, string>, string]>([
    ['nothing', {}, '<13>1 - - - - - -'],
    ['an empty message', { message: '' }, '<13>1 - - - - - -'],
    [
      'all fields',
      {
        priority: '165',
        timestamp: '2003-10-11T22:14:15.003Z',
        hostname: 'h',
        app_name: 'a',
        proc_id: '1',
        msg_id: 'M',
        structured_data: '[x@1 k="v"]',
        message: 'm',
      },
      '<165>1 2003-10-11T22:14:15.003Z h a 1 M [x@1 k="v"] m',
    ],
    ['facility and severity', { facility: '20', severity: '5', message: 'm' }, '<165>1 - - - - - - m'],
    ['severity alone', { severity: '3' }, '<11>1 - - - - - -'],
    ['a wrong PRI', { priority: '192', facility: '4', severity: '2' }, '<34>1 - - - - - -'],
    ['a wrong severity', { severity: '8' }, '<13>1 - - - - - -'],
    ['RFC 3164 fields', { tag: 'app', proc_id: '7', content: 'c' }, '<13>1 - - app 7 - - c'],
    [
      'spaces and other characters in header fields',
      { hostname: 'my höst', app_name: 'a\nb' },
      '<13>1 - my_h_st a_b - - -',
    ],
    [
      'parameters',
      { 'sd.x@1.k': 'v', 'sd.y@2.1.k': 'w', 'sd.x@1.l': 'u' },
      '<13>1 - - - - - [x@1 k="v" l="u"][y@2.1 k="w"]',
    ],
    ['escapes', { 'sd.x@1.k': 'a"b\\c]d' }, '<13>1 - - - - - [x@1 k="a\\"b\\\\c\\]d"]'],
    [
      'parameter names that are none',
      { 'sd.a b.c=d"]': 'v', 'sd.': 'x', 'sd.x': 'y' },
      '<13>1 - - - - - [a_b c_d__="v"]',
    ],
    [
      'structured data that breaks the grammar',
      { structured_data: '[x y]', 'sd.x.k': 'v' },
      '<13>1 - - - - - [x k="v"]',
    ],
    [
      'more than microseconds',
      { timestamp: '2003-10-11T22:14:15.123456789+02:00' },
      '<13>1 2003-10-11T22:14:15.123456+02:00 - - - - -',
    ],
    ['a leap second', { timestamp: '2016-12-31T23:59:60Z' }, '<13>1 2016-12-31T23:59:59Z - - - - -'],
    ['a time that is none', { timestamp: 'yesterday' }, '<13>1 - - - - - -'],
  ])('%s', (_name, fields, expected) => {
    expect(formatRfc5424(fields)).toBe(expected);
  });

  test('options stand in for what is missing', () => {
    const options = { timestamp: 0, priority: 30, hostname: 'h', appName: 'a', bom: true };
    expect(formatRfc5424({ message: 'm' }, options)).toBe('<30>1 1970-01-01T00:00:00.000Z h a - - - \ufeffm');
  });

  test('long header fields are cut', () => {
    const long = 'x'.repeat(300);
    const message = formatRfc5424({ hostname: long, app_name: long, proc_id: long, msg_id: long });
    expect(message.split(' ').map((part) => part.length)).toEqual([5, 1, 255, 48, 128, 32, 1]);
  });

  const name = (maxLength: number): fc.Arbitrary<string> =>
    fc.string({ unit: fc.constantFrom(...'abcXYZ019_-./@'), maxLength }).filter((text) => text !== '-');
  const sdName = fc.string({ unit: fc.constantFrom(...'abcXYZ019_-@'), minLength: 1, maxLength: 32 });
  const value = fc.string({ unit: 'grapheme', maxLength: 30 });
  const time = fc
    .tuple(
      fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true }),
      fc.constantFrom('', '.1', '.123456'),
      fc.constantFrom('Z', '+02:00', '-11:30'),
    )
    .map(([date, fraction, zone]) => date.toISOString().slice(0, 19) + fraction + zone);

  test('what is written is read back', () => {
    const record = fc.record({
      priority: fc.integer({ min: 0, max: 191 }),
      timestamp: fc.oneof(fc.constant(''), time),
      hostname: name(255),
      app_name: name(48),
      proc_id: name(128),
      msg_id: name(32),
      parameters: fc.array(fc.tuple(sdName, sdName, value), { maxLength: 6 }),
      message: fc.string({ unit: 'binary', maxLength: 80 }),
    });
    fc.assert(
      fc.property(record, fc.boolean(), (generated, bom) => {
        const message = generated.message
          .toWellFormed()
          .replace(/^\ufeff+/, '')
          .replace(/[\r\n\0]+$/, '');
        const fields: Record<string, string> = {
          priority: String(generated.priority),
          timestamp: generated.timestamp,
          hostname: generated.hostname,
          app_name: generated.app_name,
          proc_id: generated.proc_id,
          msg_id: generated.msg_id,
          message,
        };
        for (const [id, parameter, text] of generated.parameters) fields[`sd.${id}.${parameter}`] = text.toWellFormed();
        const read = parse(formatRfc5424(fields, { bom })).fields;
        expect(read).toMatchObject(fields);
        expect(read).not.toHaveProperty('parse_error');
        const names = Object.keys(fields).filter((field) => field.startsWith('sd.'));
        expect(
          Object.keys(read)
            .filter((field) => field.startsWith('sd.'))
            .sort(),
        ).toEqual(names.sort());
        // Written again from what was read, it is the same text.
        expect(formatRfc5424(read, { bom })).toBe(formatRfc5424(fields, { bom }));
      }),
      { numRuns: 200 },
    );
  });

  test('any record gives a message that is read without an error', () => {
    const any = fc.dictionary(
      fc.oneof(
        fc.constantFrom(
          'priority',
          'timestamp',
          'hostname',
          'app_name',
          'proc_id',
          'msg_id',
          'structured_data',
          'message',
          'sd.x.y',
          'sd.. .',
        ),
        fc.string(),
      ),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(any, (fields) => {
        const read = parse(formatRfc5424(fields)).fields;
        expect(read).not.toHaveProperty('parse_error');
        expect(read).toHaveProperty('app_name');
      }),
    );
  });

  test.each([
    ['[x@1 k="v"]', true],
    ['[x][y a="\\"\\]\\\\"]', true],
    ['[x a="]"]', false],
    ['[x  a="b"]', false],
    ['[]', false],
    ['x', false],
  ])('%s follows the grammar: %s', (text, expected) => {
    expect(isStructuredData(text)).toBe(expected);
  });
});

describe('RFC 3164', () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'all fields',
      { priority: '34', timestamp: '2024-10-11T22:14:15Z', hostname: 'h', tag: 'su', proc_id: '7', content: 'c' },
      '<34>Oct 11 22:14:15 h su[7]: c',
    ],
    [
      'one digit day',
      { timestamp: '2024-10-01T02:04:05.999Z', tag: 'su', content: 'c' },
      '<13>Oct  1 02:04:05 - su: c',
    ],
    [
      'RFC 5424 fields',
      { timestamp: '2024-10-11T22:14:15+02:00', app_name: 'a', message: 'm' },
      '<13>Oct 11 20:14:15 - a: m',
    ],
    ['no tag', { timestamp: '2024-10-11T22:14:15Z', hostname: 'h', content: 'c' }, '<13>Oct 11 22:14:15 h c'],
    [
      'a tag with characters that would end it',
      { timestamp: '2024-10-11T22:14:15Z', tag: 'a b:c[d]', content: 'c' },
      '<13>Oct 11 22:14:15 - a_b_c_d_: c',
    ],
  ])('%s', (_name, fields, expected) => {
    expect(formatRfc3164(fields)).toBe(expected);
  });

  test('the time is written in the zone wanted', () => {
    const fields = { timestamp: '2024-10-11T22:14:15Z', tag: 'a', content: 'c' };
    expect(formatRfc3164(fields, { timezone: 'Europe/Berlin' })).toBe('<13>Oct 12 00:14:15 - a: c');
    expect(formatRfc3164(fields, { time: 'rfc3339' })).toBe('<13>2024-10-11T22:14:15Z - a: c');
    expect(formatRfc3164({ tag: 'a' }, { time: 'rfc3339', timestamp: 0 })).toBe('<13>1970-01-01T00:00:00.000Z - a: ');
  });

  test('what is written is read back', () => {
    const record = fc.record({
      priority: fc.integer({ min: 0, max: 191 }).map(String),
      seconds: fc.integer({ min: 0, max: 86400 * 330 }),
      hostname: fc.domain(),
      tag: fc.string({ unit: fc.constantFrom(...'abcXYZ_-./'), minLength: 1, maxLength: 31 }).map((text) => `a${text}`),
      proc_id: fc.oneof(fc.constant(''), fc.nat().map(String)),
      content: fc.string({ unit: 'binary', maxLength: 80 }),
    });
    const arrival = Date.UTC(2024, 9, 11, 22, 14, 20);
    fc.assert(
      fc.property(record, fc.constantFrom('UTC', 'America/New_York'), (generated, timezone) => {
        fc.pre(!['cee', 'cef', 'leef'].includes(generated.tag));
        const instant = arrival - generated.seconds * 1000;
        const content = generated.content
          .toWellFormed()
          .replace(/^\ufeff+/, '')
          .replace(/[\r\n\0]+$/, '');
        const { priority, hostname, tag, proc_id } = generated;
        const fields = { priority, hostname, tag, proc_id, content, timestamp: new Date(instant).toISOString() };
        const read = parse(formatRfc3164(fields, { timezone }), { arrival, timezone }).fields;
        expect(read).toMatchObject({ priority, hostname, tag, proc_id, content });
        expect(Date.parse(read.timestamp as string)).toBe(Math.floor(instant / 1000) * 1000);
      }),
      { numRuns: 200 },
    );
  });
});

describe('framing', () => {
  test('octet counting counts bytes and keeps them', () => {
    expect(frameOctetCounted('<13>ä\n').toString()).toBe('7 <13>ä\n');
    expect(frameOctetCounted(Buffer.from('<13>a')).toString()).toBe('5 <13>a');
  });

  test('line feeds within a message become spaces', () => {
    expect(frameLineFeed('<13>a\r\nb\0ü').toString()).toBe('<13>a  b ü\n');
    expect(frameLineFeed(Buffer.from('<13>a\nb')).toString()).toBe('<13>a b\n');
  });

  test('a framer takes both apart again', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ unit: 'binary', minLength: 1 }), fc.boolean())), (messages) => {
        const expected: string[] = [];
        const framed = messages.map(([text, isCounted]) => {
          const message = `<13>${text.toWellFormed().replace(/[\r\n\0]+$/, '')}`;
          expected.push(isCounted ? message : message.replace(/[\r\n\0]/g, ' '));
          return isCounted ? frameOctetCounted(message) : frameLineFeed(message);
        });
        const framer = new SyslogFramer();
        framer.push(Buffer.concat(framed));
        const seen: string[] = [];
        while (framer.next()) seen.push(framer.message);
        expect(seen).toEqual(expected);
      }),
    );
  });
});
