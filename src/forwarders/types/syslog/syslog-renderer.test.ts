import { RecordBatch, type RecordFields } from '../../../record';
import { formatRfc5424 } from '../../../syslog';
import { SyslogRenderer } from './syslog-renderer';

const TIME = Date.parse('2026-03-04T05:06:07.089Z');

const all = {
  priority: '165',
  facility: '20',
  severity: '5',
  timestamp: '2003-10-11T22:14:15.003Z',
  hostname: 'h',
  app_name: 'a',
  proc_id: '1',
  msg_id: 'M',
  message: 'all in its place',
};

const RECORDS: readonly RecordFields[] = [
  { ...all, structured_data: '' },
  { ...all, structured_data: '[x@1 k="v"]', 'sd.x@1.k': 'v' },
  { ...all, structured_data: '[x y]', 'sd.x@1.k': 'broken, so this one counts' },
  { ...all, 'sd.x@1.k': 'alone' },
  { tag: 'su', proc_id: '7', content: 'of RFC 3164', facility: '4', severity: '2' },
  { tag: 'su', message: '', content: 'of RFC 3164' },
  { message: '', host: 'says nothing' },
  { level: 'info', text: 'no message: all of it as JSON' },
  { message: 'nothing else' },
];

test('records that leave as they are have each field in its place, whatever stands beside them in a batch', () => {
  const renderer = new SyslogRenderer({ type: 'syslog', network: 'tcp', address: 'h:1', format: 'rfc5424' });
  const rendered = (records: readonly RecordFields[]): string[] => {
    const batch = RecordBatch.from(records.map((fields) => ({ timestamp: TIME, fields })));
    return records.map((_, row) => renderer.render(batch, row));
  };
  const expected = RECORDS.map((fields) => {
    const hasMessage = fields.message || fields.content;
    return formatRfc5424(hasMessage ? fields : { ...fields, message: JSON.stringify(fields) }, { timestamp: TIME });
  });
  expect(expected[2]).toContain('[x@1 k="broken, so this one counts"]');
  expect(rendered(RECORDS)).toEqual([...expected.slice(0, 6), expect.any(String), ...expected.slice(7)]);
  expect(RECORDS.map((fields) => rendered([fields])[0])).toEqual(rendered(RECORDS));
});
