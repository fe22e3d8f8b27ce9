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
    [...xml('<a><!-- x -->1</a>'), { a: { text: 1 } }],
    [...xml('<a>x<!-- c -->y<?p?>z<![CDATA[!]]></a>'), { a: { text: ['x', 'y', 'z!'] } }],
    [...xml('<a k="&#10;x\ty\r\nz"/>'), { a: { '@k': '\nx y z' } }],
    [...xml('<a k€="1"/>'), { a: { '@k€': '1' } }],
    [...xml('<?xml version="1.0" encoding="&" standalone="no" ?><a/>'), { a: {} }],
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
    [...xml('<a k=1/>'), error("unable to parse xml: expected a quote not '1' at 1:6")],
    [...xml('<a k="1" k="2"/>'), error("unable to parse xml: attribute 'k' at 1:10 is already defined")],
    [...xml('<a>&nope;</a>'), error("unable to parse xml: unknown entity reference 'nope' at 1:4")],
    [...xml('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'), error('unable to parse xml: XML with DTD detected')],
    [...xml('<a'), error('unable to parse xml: the document does not have a root node')],
    [...xml('<a '), error('unable to parse xml: unexpected end of stream')],
    [...xml('<a><b'), error('unable to parse xml: the root node was opened but never closed')],
    [...xml('<a>x</'), error('unable to parse xml: invalid name token at 1:7')],
    [...xml('<a>x<'), error('unable to parse xml: unknown token at 1:5')],
    [...xml('<a>\n&amp;&x y;</a>'), error('unable to parse xml: malformed entity reference at 2:6')],
    [...xml('<a>&#0;</a>'), error('unable to parse xml: malformed entity reference at 1:4')],
    [...xml('<a>&lt;&no;</a>'), error("unable to parse xml: unknown entity reference 'no' at 1:8")],
    [...xml('<a>\u0001</a>'), error("unable to parse xml: a non-XML character '\\u{1}' found at 1:4")],
    [...xml('<a>]]></a>'), error("unable to parse xml: ']]>' at 1:7 is not allowed inside a character data")],
    [...xml('<a><!-- -- --></a>'), error("unable to parse xml: comment at 1:4 contains '--'")],
    [...xml('<a><!-- </a>'), error("unable to parse xml: expected '-->' at 1:13")],
    [...xml('<a><![CDATA[x</a>'), error("unable to parse xml: expected ']]>' at 1:18")],
    [...xml('<a><!x></a>'), error('unable to parse xml: unknown token at 1:4')],
    [...xml('<?xml?><a/>'), { a: {} }],
    [...xml('<?xml x="1"?><a/>'), error("unable to parse xml: expected 'version' at 1:7")],
    [...xml('<?xml version="1.0" x?><a/>'), error("unable to parse xml: expected '?>' at 1:21")],
    [...xml('<?pi?><?xml version="1.0"?><a/>'), error('unable to parse xml: unexpected XML declaration at 1:7')],
    [...xml('<n:a/>'), error("unable to parse xml: an unknown namespace prefix 'n' at 1:2")],
    [...xml('<a><n:b xmlns:n="u"/><n:c/></a>'), error("unable to parse xml: an unknown namespace prefix 'n' at 1:23")],
    [...xml('<n:a xmlns:n="u"></m:a>'), error("unable to parse xml: expected 'n:a' tag, not 'm:a' at 1:18")],
    [...xml('<a xmlns:n="u" xmlns:m="u" n:x="1" m:x="2"/>'), error(/^unable to parse xml: attribute 'x' at 1:36/)],
    [...xml('<a:b:c/>'), error('unable to parse xml: invalid name token at 1:2')],
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
