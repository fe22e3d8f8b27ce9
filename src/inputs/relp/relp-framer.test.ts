import fc from 'fast-check';
import { RelpFramer, RelpProtocolError } from './relp-framer';

interface Frame {
  transaction: string;
  command: string;
  message: string;
}

function framesOf(framer: RelpFramer, ...chunks: (string | Buffer)[]): Frame[] {
  const frames: Frame[] = [];
  for (const chunk of chunks) {
    framer.push(Buffer.from(chunk));
    while (framer.next()) {
      const { transaction, command } = framer;
      frames.push({ transaction, command, message: framer.bytes.toString('utf8', framer.start, framer.end) });
    }
  }
  return frames;
}

const framer = (oversize: 'truncate' | 'split' | 'reject' = 'truncate', maxMessageBytes = 480): RelpFramer =>
  new RelpFramer({ maxMessageBytes, oversize });

const frame = (transaction: number, command: string, data: string): string =>
  `${transaction} ${command} ${Buffer.byteLength(data)}${data === '' ? '' : ` ${data}`}\n`;

test('frames of a session', () => {
  const bytes =
    frame(1, 'open', 'relp_version=0\ncommands=syslog') + frame(2, 'syslog', '<13>hi\n') + frame(3, 'close', '');
  expect(framesOf(framer(), bytes)).toEqual([
    { transaction: '1', command: 'open', message: 'relp_version=0\ncommands=syslog' },
    { transaction: '2', command: 'syslog', message: '<13>hi' },
    { transaction: '3', command: 'close', message: '' },
  ]);
});

test('a frame without data may end in a space', () => {
  expect(framesOf(framer(), '3 close 0 \n')).toHaveLength(1);
});

test('wherever the stream is split, the frames are the same', () => {
  const message = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => !/[\n\r\0]$/.test(text));
  fc.assert(
    fc.property(fc.array(message, { maxLength: 8 }), fc.array(fc.nat(400), { maxLength: 10 }), (messages, cuts) => {
      const bytes = Buffer.from(messages.map((text, i) => frame(i + 1, 'syslog', text)).join(''));
      const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
      const chunks = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
      expect(framesOf(framer(), ...chunks).map((result) => result.message)).toEqual(messages);
    }),
  );
});

test('a message above the limit is cut off, and the next one is right', () => {
  const cut = framer('truncate');
  const long = `<13>${'x'.repeat(475)}é${'y'.repeat(3000)}`;
  cut.push(Buffer.from(frame(1, 'syslog', long) + frame(2, 'syslog', 'next')));
  expect(cut.next()).toBe(true);
  expect(cut).toMatchObject({ end: 479, originalLength: Buffer.byteLength(long), invalidUtf8: false, last: true });
  expect(framesOf(cut, '')).toEqual([{ transaction: '2', command: 'syslog', message: 'next' }]);
});

test('a message above the limit is split, and only its last piece completes it', () => {
  const split = framer('split');
  split.push(Buffer.from(frame(7, 'syslog', 'a'.repeat(1000)) + frame(8, 'syslog', 'next')));
  const pieces: unknown[] = [];
  while (split.next()) pieces.push([split.transaction, split.end, split.part, split.last]);
  expect(pieces).toEqual([
    ['7', 480, 1, false],
    ['7', 480, 2, false],
    ['7', 40, 3, true],
    ['8', 4, 0, true],
  ]);
});

test('a message above the limit is rejected, and the next one is right', () => {
  const reject = framer('reject');
  reject.push(Buffer.from(frame(1, 'syslog', 'a'.repeat(1000)) + frame(2, 'syslog', 'next')));
  expect(reject.next()).toBe(true);
  expect(reject).toMatchObject({ rejected: true, start: 0, end: 0, last: true });
  expect(framesOf(reject, '')).toEqual([{ transaction: '2', command: 'syslog', message: 'next' }]);
});

test.each([
  ['GET / HTTP/1.1\r\n'],
  ['0 syslog 1 a\n'],
  ['01 syslog 1 a\n'],
  ['1 syslog 2 abc\n'],
  ['1 syslog 5\n'],
  ['1 sys-log 1 a\n'],
  ['1 syslog -1 a\n'],
  ['1 open 99999999 a'],
  ['9'.repeat(70)],
  [`1 syslog 600 ${'a'.repeat(601)}b`],
])('%j is no RELP', (bytes) => {
  expect(() => framesOf(framer(), bytes)).toThrow(RelpProtocolError);
});

test('arbitrary bytes never do worse than a protocol error', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (chunks) => {
      try {
        framesOf(framer(), ...chunks.map((chunk) => Buffer.from(chunk)));
      } catch (error) {
        expect(error).toBeInstanceOf(RelpProtocolError);
      }
    }),
  );
});
