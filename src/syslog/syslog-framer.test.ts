import fc from 'fast-check';
import { SyslogError } from './errors';
import { splitDatagram } from './split-datagram';
import { SyslogFramer, type FramerOptions } from './syslog-framer';

interface Seen {
  message: string;
  originalLength?: number;
  part?: number;
  invalidUtf8?: boolean;
}

function drain(framer: SyslogFramer, seen: Seen[]): void {
  while (framer.next()) {
    const message: Seen = { message: framer.message };
    if (framer.originalLength !== 0) message.originalLength = framer.originalLength;
    if (framer.part !== 0) message.part = framer.part;
    if (framer.invalidUtf8) message.invalidUtf8 = true;
    // The latin1 reading and the bytes must describe the same range.
    const reading = Buffer.from(framer.text.slice(framer.start, framer.end), 'latin1');
    if (!reading.equals(framer.bytes.subarray(framer.start, framer.end))) throw new Error('text and bytes differ');
    seen.push(message);
  }
}

function frames(chunks: (string | Buffer)[], options: FramerOptions = {}): Seen[] {
  const framer = new SyslogFramer(options);
  const seen: Seen[] = [];
  for (const chunk of chunks) {
    framer.push(Buffer.from(chunk as string));
    drain(framer, seen);
  }
  framer.finish();
  drain(framer, seen);
  expect(framer.pendingBytes).toBe(0);
  return seen;
}

function texts(chunks: (string | Buffer)[], options: FramerOptions = {}): string[] {
  return frames(chunks, options).map((seen) => seen.message);
}

function cutAt(bytes: Buffer, cuts: number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    chunks.push(bytes.subarray(from, cut));
    from = cut;
  }
  return chunks;
}

function counted(message: string | Buffer): Buffer {
  const bytes = Buffer.from(message as string);
  return Buffer.concat([Buffer.from(`${bytes.length} `), bytes]);
}

describe('framing', () => {
  const cases: [string, string, string[]][] = [
    ['lines', '<13>a\n<13>b\n', ['<13>a', '<13>b']],
    ['CR LF', '<13>a\r\n<13>b\r\n', ['<13>a', '<13>b']],
    ['NUL as trailer', '<13>a\0<13>b\0', ['<13>a', '<13>b']],
    ['NUL and LF', '<13>a\0\n<13>b\n\0', ['<13>a', '<13>b']],
    ['octet counts', '5 <13>a6 <13>bc', ['<13>a', '<13>bc']],
    ['octet counts with a line feed that was counted', '6 <13>a\n6 <13>b\n', ['<13>a', '<13>b']],
    ['octet counts with a line feed that was not counted', '5 <13>a\n5 <13>b\n', ['<13>a', '<13>b']],
    ['octet counts keep line feeds inside', '9 <13>a\nb\nc<13>d\n', ['<13>a\nb\nc', '<13>d']],
    ['both kinds on one connection', '<13>a\n5 <13>b<13>c\n6 <13>de', ['<13>a', '<13>b', '<13>c', '<13>de']],
    ['a count with leading zeros is a line', '00000005 <13>a\n', ['00000005 <13>a']],
    ['a date is a line', '2024-01-01 <13>a\n<13>b\n', ['2024-01-01 <13>a', '<13>b']],
    ['a number before text is a line', '123 abc\n<13>b\n', ['123 abc', '<13>b']],
    ['a number before a tag is a line', '12 <html>\n<13>b\n', ['12 <html>', '<13>b']],
    ['a number without a space is a line', '12<13>abc\n', ['12<13>abc']],
    ['nine digits are a line', '123456789 <13>a\n<13>b\n', ['123456789 <13>a', '<13>b']],
    ['empty lines are no messages', '\n\n<13>a\n\r\n\0<13>b\n\n', ['<13>a', '<13>b']],
    ['what no line feed ends comes at the end', '<13>a\n<13>b', ['<13>a', '<13>b']],
    ['a number at the end is a line', '<13>a\n123', ['<13>a', '123']],
    ['half a count at the end is a line', '<13>a\n123 <', ['<13>a', '123 <']],
    ['UTF-8', '<13>häß€😀\n14 <13>€😀abc<13>ü\n', ['<13>häß€😀', '<13>€😀abc', '<13>ü']],
    ['spaces belong to the message', '<13>a \n<13> b\n', ['<13>a ', '<13> b']],
    ['nothing', '', []],
    ['line ends alone', '\r\n\0\n', []],
  ];

  test.each(cases)('%s', (_name, stream, expected) => {
    expect(texts([stream])).toEqual(expected);
  });

  test.each(cases)('%s, cut in two at every byte and into single bytes', (_name, stream, expected) => {
    const bytes = Buffer.from(stream);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(texts(cutAt(bytes, [cut]))).toEqual(expected);
    }
    expect(texts([...bytes].map((byte) => Buffer.from([byte])))).toEqual(expected);
  });

  test('a counted message that the connection cuts off is given with its full length', () => {
    expect(frames(['20 <13>abc'])).toEqual([{ message: '<13>abc', originalLength: 20 }]);
  });

  test('invalid UTF-8 is told for the message that has it', () => {
    const stream = Buffer.concat([Buffer.from('<13>ä\n<13>'), Buffer.from([0xff, 0x41]), Buffer.from('\n<13>ö\n')]);
    const expected = [{ message: '<13>ä' }, { message: '<13>\ufffdA', invalidUtf8: true }, { message: '<13>ö' }];
    for (let cut = 0; cut <= stream.length; cut++) expect(frames(cutAt(stream, [cut]))).toEqual(expected);
  });

  test('a count that cuts a character in two is told', () => {
    expect(frames(['5 <13>ä\n'])).toEqual([
      { message: '<13>\ufffd', invalidUtf8: true },
      { message: '\ufffd', invalidUtf8: true },
    ]);
  });

  test('messages that were not read before the next push are not lost', () => {
    const framer = new SyslogFramer();
    framer.push(Buffer.from('<13>a\n<13>b\n<13>'));
    expect(framer.next()).toBe(true);
    framer.push(Buffer.from('c\n'));
    const seen: Seen[] = [];
    drain(framer, seen);
    expect(seen.map((frame) => frame.message)).toEqual(['<13>b', '<13>c']);
  });

  test('after the end the framer takes another stream', () => {
    const framer = new SyslogFramer();
    const seen: Seen[] = [];
    for (const stream of ['50 <13>half', '<13>whole\n', '12']) {
      framer.push(Buffer.from(stream));
      framer.finish();
      drain(framer, seen);
    }
    expect(seen.map((frame) => frame.message)).toEqual(['<13>half', '<13>whole', '12']);
  });
});

describe('messages above the limit', () => {
  const max = 480;
  const small = '<13>small';
  const long = `<13>${'x'.repeat(1000)}`;
  const kinds: [string, Buffer][] = [
    ['line', Buffer.from(`${small}\n${long}\n${small}\n`)],
    ['counted', Buffer.concat([counted(small), counted(long), counted(small)])],
  ];

  test.each(kinds)('truncate keeps the begin and tells the length (%s)', (_kind, stream) => {
    const expected = [
      { message: small },
      { message: long.slice(0, max), originalLength: long.length },
      { message: small },
    ];
    for (let cut = 0; cut <= stream.length; cut += 13) {
      expect(frames(cutAt(stream, [cut]), { maxMessageBytes: max })).toEqual(expected);
    }
  });

  test.each(kinds)('split gives pieces (%s)', (_kind, stream) => {
    const expected = [
      { message: small },
      { message: long.slice(0, max), part: 1 },
      { message: long.slice(max, 2 * max), part: 2 },
      { message: long.slice(2 * max), part: 3 },
      { message: small },
    ];
    for (let cut = 0; cut <= stream.length; cut += 13) {
      expect(frames(cutAt(stream, [cut]), { maxMessageBytes: max, oversize: 'split' })).toEqual(expected);
    }
  });

  test.each(kinds)('reject drops and counts (%s)', (_kind, stream) => {
    for (let cut = 0; cut <= stream.length; cut += 13) {
      const framer = new SyslogFramer({ maxMessageBytes: max, oversize: 'reject' });
      const seen: Seen[] = [];
      for (const chunk of cutAt(stream, [cut])) {
        framer.push(chunk);
        drain(framer, seen);
      }
      expect(seen).toEqual([{ message: small }, { message: small }]);
      expect(framer.rejected).toBe(1);
    }
  });

  test.each(['truncate', 'split'] as const)('%s cuts between characters', (oversize) => {
    for (let shift = 0; shift < 4; shift++) {
      const message = `<13>${'a'.repeat(shift)}${'😀'.repeat(300)}`;
      for (const stream of [Buffer.from(`${message}\n`), counted(message)]) {
        const seen = frames([stream], { maxMessageBytes: max, oversize });
        expect(seen.some((frame) => frame.invalidUtf8)).toBe(false);
        expect(message.startsWith(seen.map((frame) => frame.message).join(''))).toBe(true);
        expect(seen.length).toBe(oversize === 'split' ? 3 : 1);
      }
    }
  });

  test('a message of exactly the limit is whole', () => {
    const message = `<13>${'x'.repeat(max - 4)}`;
    const expected = [{ message }, { message: small }];
    for (const stream of [`${message}\n${small}\n`, Buffer.concat([counted(message), counted(small)])]) {
      expect(frames([stream], { maxMessageBytes: max })).toEqual(expected);
    }
  });

  test('memory stays at the limit while a line has no end', () => {
    const framer = new SyslogFramer({ maxMessageBytes: 10_000 });
    for (let i = 0; i < 1000; i++) {
      framer.push(Buffer.alloc(1000, 'x'));
      expect(framer.next()).toBe(false);
      expect(framer.pendingBytes).toBeLessThanOrEqual(11_000);
    }
    framer.push(Buffer.from('\n<13>next\n'));
    expect(framer.next()).toBe(true);
    expect(framer.originalLength).toBe(1_000_000);
    expect(framer.end - framer.start).toBe(10_000);
    expect(framer.next()).toBe(true);
    expect(framer.message).toBe('<13>next');
  });

  test.each(['line', 'counted'])('a message of 16 MiB in small chunks costs linear work (%s)', (kind) => {
    // Copying what is there with every chunk would move 128 GiB and run into the test's time limit.
    const body = Buffer.concat([Buffer.from('<13>'), Buffer.alloc(16 * 1024 * 1024, 'x')]);
    const stream = kind === 'line' ? Buffer.concat([body, Buffer.from('\n')]) : counted(body);
    const framer = new SyslogFramer({ maxMessageBytes: 32 * 1024 * 1024 });
    let messages = 0;
    for (let from = 0; from < stream.length; from += 1024) {
      framer.push(stream.subarray(from, from + 1024));
      while (framer.next()) {
        messages++;
        expect(framer.end - framer.start).toBe(body.length);
      }
    }
    expect(messages).toBe(1);
  });

  test('a large buffer is given back after a large message', () => {
    const framer = new SyslogFramer({ maxMessageBytes: 4 * 1024 * 1024 });
    framer.push(Buffer.alloc(3 * 1024 * 1024, 'x'));
    expect(framer.next()).toBe(false);
    framer.push(Buffer.from('\n<13>half'));
    expect(framer.next()).toBe(true);
    expect(framer.next()).toBe(false);
    expect(framer.pendingBytes).toBe(8);
    framer.push(Buffer.from(' and half\n'));
    expect(framer.next()).toBe(true);
    expect(framer.message).toBe('<13>half and half');
    expect(framer.bytes.length).toBeLessThan(65_536);
  });

  test.each([0, 479, 1.5, Number.NaN])('a limit of %p is refused', (maxMessageBytes) => {
    expect(() => new SyslogFramer({ maxMessageBytes })).toThrow(SyslogError);
  });
});

describe('properties of framing', () => {
  const body = fc.string({ unit: 'binary', maxLength: 60 }).map((text) => text.replace(/[\r\n\0]/g, '.'));
  const framed = fc.record({ body, isCounted: fc.boolean(), trailer: fc.constantFrom('\n', '\r\n', '\0') });

  test('any mix of framings comes out whole, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(framed, { maxLength: 12 }),
        fc.array(fc.nat(1000), { maxLength: 12 }),
        (messages, positions) => {
          const expected = messages.map((message) => `<13>${message.body.toWellFormed()}`);
          const stream = Buffer.concat(
            messages.map((message, i) =>
              message.isCounted ? counted(expected[i] as string) : Buffer.from(`${expected[i]}${message.trailer}`),
            ),
          );
          const cuts = positions.map((position) => Math.min(position, stream.length)).sort((a, b) => a - b);
          const seen = frames(cutAt(stream, cuts));
          expect(seen).toEqual(expected.map((message) => ({ message })));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('any bytes give the same messages however they are cut, and none is lost or invented', () => {
    const oversize = fc.constantFrom('truncate', 'split', 'reject') as fc.Arbitrary<'truncate' | 'split' | 'reject'>;
    const noise = fc
      .array(
        fc.oneof(
          fc.uint8Array({ maxLength: 40 }),
          fc.constantFrom('9 <1>', '600 <13>', '1', ' ', '<', '\n', '\0', '99999999 <1>', 'x'.repeat(500), '€'),
        ),
        { maxLength: 20 },
      )
      .map((parts) => Buffer.concat(parts.map((part) => Buffer.from(part as string))));
    fc.assert(
      fc.property(noise, fc.array(fc.nat(2000), { maxLength: 10 }), oversize, (stream, positions, policy) => {
        const options = { maxMessageBytes: 480, oversize: policy };
        const cuts = positions.map((position) => Math.min(position, stream.length)).sort((a, b) => a - b);
        expect(frames(cutAt(stream, cuts), options)).toEqual(frames([stream], options));
      }),
      { numRuns: 500 },
    );
  });
});

describe('datagrams', () => {
  test.each<[string, string[]]>([
    ['<13>one', ['<13>one']],
    ['<13>one\n', ['<13>one']],
    ['<13>one\r\n\0\0', ['<13>one']],
    ['<13>one\0', ['<13>one']],
    ['<13>a\0b', ['<13>a\0b']],
    ['<13>one\n<13>two\nthree\n', ['<13>one', '<13>two', 'three']],
    ['7 <13>one', ['<13>one']],
    ['', []],
    ['\n', []],
  ])('%j', (datagram, expected) => {
    expect(splitDatagram(datagram)).toEqual(expected);
  });

  test('lines without PRI can stay with their message', () => {
    const trace = '<11>Exception\n\tat a.b.C\n\tat <init>\n<13>next\nmore\n';
    expect(splitDatagram(trace, { lines: 'join' })).toEqual([
      '<11>Exception\n\tat a.b.C\n\tat <init>',
      '<13>next\nmore',
    ]);
  });

  test('each datagram stands for itself', () => {
    const framer = new SyslogFramer();
    const seen: Seen[] = [];
    for (const datagram of ['<13>a', '100 <13>b', '<13>c\n<13>d']) {
      framer.pushDatagram(Buffer.from(datagram));
      drain(framer, seen);
    }
    expect(seen).toEqual([
      { message: '<13>a' },
      { message: '<13>b', originalLength: 100 },
      { message: '<13>c' },
      { message: '<13>d' },
    ]);
  });
});
