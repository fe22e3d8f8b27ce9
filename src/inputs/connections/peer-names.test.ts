import type { PeerCertificate } from 'node:tls';
import { peerNames } from './peer-names';

type Subject = PeerCertificate['subject'];

test.each<[string, Record<string, string | string[]>, string | undefined, string, string]>([
  ['a common name', { CN: 'fw1.example' }, 'DNS:other.example', 'fw1.example', 'CN=fw1.example'],
  [
    'all of a subject',
    { C: 'DE', O: 'Acme, Inc.', CN: 'fw1' },
    undefined,
    'fw1',
    String.raw`CN=fw1,O=Acme\, Inc.,C=DE`,
  ],
  ['units', { OU: ['Net', 'Edge'], CN: 'fw1' }, undefined, 'fw1', 'CN=fw1,OU=Edge,OU=Net'],
  ['special characters', { CN: ' a+b\\c"' }, undefined, ' a+b\\c"', String.raw`CN=\ a\+b\\c\"`],
  ['several common names', { CN: ['first', 'second'] }, undefined, 'first', 'CN=second,CN=first'],
  ['DNS names alone', {}, 'IP Address:192.0.2.7, DNS:fw1.example, DNS:fw2.example', 'fw1.example', ''],
  ['an address alone', {}, 'IP Address:192.0.2.7', '192.0.2.7', ''],
  ['a URI alone', {}, 'URI:spiffe://example/fw1', 'spiffe://example/fw1', ''],
  ['no common name and no other', { O: 'Acme' }, undefined, 'O=Acme', 'O=Acme'],
  ['nothing', {}, undefined, '', ''],
])('the names of a certificate with %s', (_what, subject, subjectaltname, name, distinguishedName) => {
  const certificate = { subject: subject as unknown as Subject, subjectaltname };
  expect(peerNames(certificate)).toEqual({ name, subject: distinguishedName });
});

test('a certificate without a subject has no names', () => {
  expect(peerNames({} as PeerCertificate)).toEqual({ name: '', subject: '' });
});
