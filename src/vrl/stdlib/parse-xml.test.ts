import { error, f, testCalls } from '../testing/run';
import { functions } from './parse-xml';

const xml = (document: string, ...options: unknown[]) => ['parse_xml', [document, ...options]] as const;

describe('parse_xml', () => {
  testCalls(functions, [
    [
      ...xml('<book category="CHILDREN"><title lang="en">Harry Potter</title><year>2005</year></book>'),
      { book: { '@category': 'CHILDREN', title: { '@lang': 'en', text: 'Harry Potter' }, year: 2005 } },
    ],
    [...xml('<?xml version="1.0"?>\n<!-- c -->\n<a>\n  <b>1</b>\n  <b>2.5</b>\n</a>\n'), { a: { b: [1, f(2.5)] } }],
    [...xml('<a><b>x</b></a>'), { a: { b: 'x' } }],
    [...xml('<a/>'), { a: {} }],
    [...xml('<a></a>'), { a: {} }],
    [...xml('<a>x<b/>y</a>'), { a: { text: ['x', 'y'], b: {} } }],
    [...xml('<a> <b>1</b> </a>', false), { a: { text: [' ', ' '], b: 1 } }],
    [...xml('<a><!-- x -->1</a>'), { a: 1 }],
    [...xml('<a>true</a>'), { a: true }],
    [...xml('<a>null</a>'), { a: null }],
    [...xml('<a k="1">x</a>', true, false), { a: 'x' }],
    [...xml('<a k="1">x</a>', true, true, '_', 'value'), { a: { _k: '1', value: 'x' } }],
    [...xml('<a>x</a>', true, true, '@', 'text', true), { a: { text: 'x' } }],
    [
      ...xml('<a><b>true</b><n>null</n><i>1</i></a>', true, true, '@', 'text', false, false, false, false),
      { a: { b: 'true', n: 'null', i: '1' } },
    ],
    [...xml('<a>&lt;&#x41;&#66;&amp;<![CDATA[<&]]></a>'), { a: '<AB&<&' }],
    [...xml('<n:a xmlns:n="u" n:k="v"><n:b>1</n:b></n:a>'), { a: { '@k': 'v', b: 1 } }],
    [...xml('<a><__proto__>1</__proto__></a>'), { a: JSON.parse('{"__proto__":1}') }],
    [...xml('<a><b><c/></b><b/></a>'), { a: { b: [{ c: {} }, {}] } }],
    [...xml('not xml'), error('unable to parse xml: unknown token at 1:1')],
    [...xml(''), error('unable to parse xml: the document does not have a root node')],
    [...xml('<a><b></a>'), error("unable to parse xml: expected 'b' tag, not 'a' at 1:7")],
    [...xml('<a>'), error('unable to parse xml: the root node was opened but never closed')],
    [...xml('<a k=1/>'), error("unable to parse xml: expected a quote, not '1' at 1:6")],
    [...xml('<a k="1" k="2"/>'), error("unable to parse xml: attribute 'k' at 1:10 is already defined")],
    [...xml('<a>&nope;</a>'), error("unable to parse xml: unknown entity reference 'nope' at 1:4")],
    [...xml('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'), error('unable to parse xml: XML with DTD detected')],
    [...xml('<a/><b/>'), error('unable to parse xml: unknown token at 1:5')],
    [...xml('<a>'.repeat(600) + '</a>'.repeat(600)), error(/nesting limit/)],
  ]);
});

test.each([
  '<a '.repeat(50_000),
  '<a>'.repeat(500) + '<'.repeat(50_000),
  `<a>${'&'.repeat(50_000)}`,
  `<a>${'<b/>'.repeat(50_000)}</a>`,
  '> '.repeat(100_000),
])('reads hostile documents in linear time (%#)', (document) => {
  const run = (functions[0] as unknown as { run: (...args: unknown[]) => unknown }).run;
  try {
    run(document, true, true, '@', 'text', false, true, true, true);
  } catch (failure) {
    expect(failure).toHaveProperty('message', expect.stringContaining('unable to parse xml'));
  }
});
