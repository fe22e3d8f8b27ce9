import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from '../../../src/syslog';
import { RunningServer } from '../../support/running-server';
import { selfSigned } from '../../support/self-signed';
import { until } from '../../support/until';
import { NEVER, batchOf, openDestination } from './support/open-destination';

/** Fields that say how a message came to a server, not what it says. */
const ARRIVAL_FIELDS = ['client', 'tls_peer'];

test('two servers chained over TLS keep every field', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'logweir-chain-'));
  const { cert, key } = selfSigned('localhost');
  const files = { cert: path.join(directory, 'cert.pem'), key: path.join(directory, 'key.pem') };
  writeFileSync(files.cert, cert);
  writeFileSync(files.key, key);
  const server = await RunningServer.start({
    settings: { 'syslog.tls.bind': '127.0.0.1:0', 'syslog.tls.cert': files.cert, 'syslog.tls.key': files.key },
  });
  const destination = openDestination({
    type: 'syslog',
    network: 'tls',
    address: `127.0.0.1:${server.port('syslog_tls')}`,
    format: 'rfc5424',
    structured_data: 'all',
    tls: { ca: cert },
  });
  try {
    const messages = [
      '<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog 1370 ID47 [exampleSDID@32473 iut="3" eventSource="App \\"x\\"" eventID="1011"][ex@1.2 a="b"] An application\nevent log entry: ünïcödé',
      '<34>1 2003-10-11T22:14:15.123456+02:00 host su - - - ',
    ];
    const records = messages.map((message) => ({
      ...parse(Buffer.from(message)).fields,
      client: '192.0.2.1:514',
      tls_peer: 'sender',
    }));
    await destination.send(batchOf(...records), NEVER);
    await until(async () => (await server.records('default')).length === 2);
    const stored = (await server.records('default')).map(({ fields }) => fields);
    for (const [i, record] of records.entries()) {
      const original = record as Record<string, string>;
      const arrived = stored.find((fields) => fields.app_name === original.app_name)!;
      for (const [name, value] of Object.entries(original)) {
        if (name === 'structured_data') continue;
        const place = ARRIVAL_FIELDS.includes(name) ? `sd.logweir@32473.${name}` : name;
        expect([i, name, arrived[place]]).toEqual([i, name, value]);
      }
      expect(arrived.structured_data).toContain(original.structured_data!.replace(/^-$/, ''));
    }
  } finally {
    await destination.close();
    await server.dispose();
    await rm(directory, { recursive: true });
  }
});
