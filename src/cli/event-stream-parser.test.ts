import fc from 'fast-check';
import { EventStreamParser, type StreamEvent } from './event-stream-parser';

function parse(...chunks: (string | Buffer)[]): StreamEvent[] {
  const parser = new EventStreamParser();
  return chunks.flatMap((chunk) => parser.push(Buffer.from(chunk)));
}

describe('EventStreamParser', () => {
  it.each<[string, string, StreamEvent[]]>([
    ['an event', 'data: a\n\n', [{ type: 'message', data: 'a', id: '' }]],
    ['type and id', 'id: 7\nevent: log\ndata: {}\n\n', [{ type: 'log', data: '{}', id: '7' }]],
    ['no blank after the colon', 'data:a\n\n', [{ type: 'message', data: 'a', id: '' }]],
    ['only the first blank belongs to the syntax', 'data:  a \n\n', [{ type: 'message', data: ' a ', id: '' }]],
    ['several lines of data', 'data: a\ndata:\ndata: b\n\n', [{ type: 'message', data: 'a\n\nb', id: '' }]],
    ['comments', ': keepalive\n\ndata: a\n\n', [{ type: 'message', data: 'a', id: '' }]],
    ['a type without data', 'event: log\n\ndata: a\n\n', [{ type: 'message', data: 'a', id: '' }]],
    [
      'an id that stays',
      'id: 1\ndata: a\n\ndata: b\n\n',
      [
        { type: 'message', data: 'a', id: '1' },
        { type: 'message', data: 'b', id: '1' },
      ],
    ],
    ['an id with NUL is ignored', 'id: a\0\ndata: a\n\n', [{ type: 'message', data: 'a', id: '' }]],
    [
      'CRLF and CR',
      'data: a\r\n\r\ndata: b\r\r',
      [
        { type: 'message', data: 'a', id: '' },
        { type: 'message', data: 'b', id: '' },
      ],
    ],
    ['unknown fields and fields without colon', 'retry: 5\nx\ndata\n\n', [{ type: 'message', data: '', id: '' }]],
    ['a byte order mark', '\ufeffdata: a\n\n', [{ type: 'message', data: 'a', id: '' }]],
    ['an event that is not complete', 'data: a\n', []],
  ])('reads %s', (_case, text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it('gives the same events however the bytes are cut', () => {
    const text = '\ufeffid: 1\r\nevent: log\rdata: grüße 🚀\n\r\n: c\n\ndata: x\r\n\r\n';
    const expected = parse(text);
    expect(expected).toHaveLength(2);
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (cuts) => {
        const ends = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        expect(parse(...ends.slice(1).map((end, i) => bytes.subarray(ends[i], end)))).toEqual(expected);
      }),
    );
  });

  it('gives up on an event that does not end', () => {
    const parser = new EventStreamParser();
    const chunk = Buffer.alloc(8 * 1024 * 1024, 'x');
    expect(() => {
      for (let i = 0; i < 10; i++) parser.push(chunk);
    }).toThrow('without end');
  });
});
