import { createHash } from 'node:crypto';
import { error, testCalls } from '../testing/run';
import { functions } from './community-id';

/** The hash as the specification lays it out. */
function id(...bytes: number[]): string {
  return `1:${createHash('sha1').update(Uint8Array.from(bytes)).digest('base64')}`;
}

const A = [10, 0, 0, 1];
const B = [10, 0, 0, 2];
const SIX = (last: number) => [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last];

describe('community_id', () => {
  testCalls(functions, [
    // The specification's own first example (corelight/community-id-spec, baseline).
    ['community_id', ['128.232.110.120', '66.35.250.204', 6, 34855, 80], '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
    ['community_id', ['66.35.250.204', '128.232.110.120', 6, 80, 34855], '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
    ['community_id', ['10.0.0.2', '10.0.0.1', 17, 53, 1025], id(0, 0, ...A, ...B, 17, 0, 4, 1, 0, 53)],
    ['community_id', ['10.0.0.1', '10.0.0.1', 17, 9, 8], id(0, 0, ...A, ...A, 17, 0, 0, 8, 0, 9)],
    ['community_id', ['10.0.0.1', '10.0.0.2', 6, 1, 2, 258], id(1, 2, ...A, ...B, 6, 0, 0, 1, 0, 2)],
    // Echo request: the reply's type is the other port. An unreachable has no answer and keeps its direction.
    ['community_id', ['10.0.0.2', '10.0.0.1', 1, 8, 0], id(0, 0, ...A, ...B, 1, 0, 0, 0, 0, 8)],
    ['community_id', ['10.0.0.2', '10.0.0.1', 1, 3, 1], id(0, 0, ...B, ...A, 1, 0, 0, 3, 0, 1)],
    ['community_id', ['2001:db8::2', '2001:db8::1', 58, 128, 0], id(0, 0, ...SIX(1), ...SIX(2), 58, 0, 0, 129, 0, 128)],
    ['community_id', ['10.0.0.2', '10.0.0.1', 46], id(0, 0, ...A, ...B, 46, 0)],
    ['community_id', ['10.0.0.2', '10.0.0.1', 46, 1, 2], id(0, 0, ...A, ...B, 46, 0)],
  ]);
});

describe('community_id refuses', () => {
  testCalls(functions, [
    ['community_id', ['x', '10.0.0.1', 46], error('unable to parse source IP address: invalid IP address syntax')],
    ['community_id', ['10.0.0.1', '', 46], error('unable to parse destination IP address: invalid IP address syntax')],
    [
      'community_id',
      ['10.0.0.1', '10.0.0.2', 6],
      error('src port and dst port should be set when protocol is icmp/icmp6/tcp/udp/sctp'),
    ],
    ['community_id', ['10.0.0.1', '10.0.0.2', 256], error(/^protocol must be between 0 and 255/)],
    ['community_id', ['10.0.0.1', '10.0.0.2', 6, -1, 1], error(/^source port must be between 0 and 65535/)],
    ['community_id', ['10.0.0.1', '10.0.0.2', 6, 1, 65536], error(/^destination port must be between/)],
    ['community_id', ['10.0.0.1', '10.0.0.2', 6, 1, 1, 2n ** 60n], error(/^seed must be between/)],
  ]);
});
