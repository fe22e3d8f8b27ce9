import type { RecordBatch } from '../record';
import { auditStream } from './audit-stream';

const ENTRY = {
  at: 1_700_000_000_000,
  user: 'root',
  address: '127.0.0.1',
  operation: 'save_role',
  method: 'PUT',
  path: '/api/v1/roles/x',
  status: 200,
};

test('a change becomes a record', () => {
  const appended: [string, RecordBatch][] = [];
  const audit = auditStream({ append: async (stream, batch) => void appended.push([stream, batch]) }, () => {});
  audit(ENTRY);
  expect(appended.map(([stream, batch]) => [stream, batch.record(0)])).toEqual([
    [
      '_audit',
      {
        timestamp: ENTRY.at,
        fields: {
          operation: 'save_role',
          method: 'PUT',
          path: '/api/v1/roles/x',
          address: '127.0.0.1',
          status: '200',
          user: 'root',
        },
      },
    ],
  ]);
});

test('one that cannot be stored is told', async () => {
  const failure = new Error('full');
  const told = new Promise((resolve) => {
    auditStream({ append: () => Promise.reject(failure) }, (error, entry) => resolve([error, entry]))(ENTRY);
  });
  expect(await told).toEqual([failure, ENTRY]);
});
