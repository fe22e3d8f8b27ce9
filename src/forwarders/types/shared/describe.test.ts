import { errorText, shown } from './describe';

const NO_AUTHORITY = 'no authority that is trusted vouches for the certificate: give its own in tls.ca';
const NO_TLS = 'TLS: wrong version number (the other side does not speak TLS on this port)';

test.each<[string, string]>([
  ['connect ECONNREFUSED 127.0.0.1:1', 'connect ECONNREFUSED 127.0.0.1:1'],
  ['self-signed certificate', `self-signed certificate (${NO_AUTHORITY})`],
  ['unable to verify the first certificate', `unable to verify the first certificate (${NO_AUTHORITY})`],
  ['certificate has expired', 'certificate has expired'],
  [
    'write EPROTO 80CCA1:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/ssl3_record.c:350:\n',
    NO_TLS,
  ],
  ['80CCA1:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/ssl3_record.c:350:', NO_TLS],
  [
    '80CCA1:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:../rec.c:1601:SSL alert number 116\n',
    'TLS: tlsv13 alert certificate required (it may want a client certificate: tls.cert and tls.key)',
  ],
])('%j is shown with what may be done', (message, text) => {
  expect(errorText(new Error(message))).toBe(text);
});

test('an error of several attempts says each once', () => {
  const errors = [new Error('connect ECONNREFUSED ::1:1'), new Error('certificate has expired')];
  expect(errorText(new AggregateError([...errors, ...errors]))).toBe(
    'connect ECONNREFUSED ::1:1; certificate has expired',
  );
});

test('texts from outside are on one line, and cut', () => {
  expect(shown(' a\r\n\u0000b\u001b[1m ')).toBe('a b [1m');
  expect(shown('x'.repeat(10_000))).toHaveLength(501);
});
