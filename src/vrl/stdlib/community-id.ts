import { sha1 } from '@noble/hashes/legacy';
import { fail } from '../failure';
import { STRING } from '../types/kind';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { encodeBase64 } from './codec/base64';
import { parseIp, type Address } from './ip/address';
import { count, optional, text, withDefault } from './parameters';
import { compareBytes } from './ip/compare-bytes';

const ICMP = 1;
const TCP = 6;
const UDP = 17;
const ICMPV6 = 58;
const SCTP = 132;

/** Message types that answer each other; they stand for the ports of a two-way flow. */
const ICMP_ANSWERS = answers([
  [0, 8],
  [13, 14],
  [15, 16],
  [9, 10],
  [17, 18],
]);
const ICMPV6_ANSWERS = answers([
  [128, 129],
  [133, 134],
  [135, 136],
  [130, 131],
  [139, 140],
  [144, 145],
]);

function answers(pairs: readonly (readonly [number, number])[]): ReadonlyMap<number, number> {
  return new Map(pairs.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]));
}

interface Flow {
  readonly source: Address;
  readonly destination: Address;
  /** Undefined for protocols without ports. */
  readonly ports: readonly [number, number] | undefined;
  /** Its direction matters, so that ends are never swapped. */
  readonly oneWay: boolean;
}

const MAX_U8 = 255;
const MAX_U16 = 65_535;
const OUT_OF_RANGE = 'out of range integral type conversion attempted';

/** What is wrong with a number that must fit some bits. */
function rangeProblem(name: string, value: number, max: number): string | undefined {
  return value >= 0 && value <= max ? undefined : `${name} must be between 0 and ${max}: ${OUT_OF_RANGE}`;
}

const BOUNDS: readonly (readonly [string, string, number])[] = [
  ['protocol', 'protocol', MAX_U8],
  ['source_port', 'source port', MAX_U16],
  ['destination_port', 'destination port', MAX_U16],
  ['seed', 'seed', MAX_U16],
];

function refuseBadConstants(call: CallSite): void {
  for (const [keyword, name, max] of BOUNDS) {
    const value = call.constant(keyword);
    if (typeof value !== 'number' && typeof value !== 'bigint') continue;
    const problem = rangeProblem(name, Number(value), max);
    if (problem !== undefined) throw call.invalid(keyword, problem);
  }
}

/** The flow's ends with ports, or the types and codes that ICMP has instead. */
function flowOf(source: Address, destination: Address, protocol: number, ports: Flow['ports']): Flow {
  switch (protocol) {
    case ICMP:
    case ICMPV6: {
      if (ports === undefined) return { source, destination, ports, oneWay: false };
      const answer = (protocol === ICMP ? ICMP_ANSWERS : ICMPV6_ANSWERS).get(ports[0]);
      return { source, destination, ports: [ports[0], answer ?? ports[1]], oneWay: answer === undefined };
    }
    case TCP:
    case UDP:
    case SCTP:
      if (ports === undefined)
        throw fail('src port and dst port should be set when protocol is icmp/icmp6/tcp/udp/sctp');
      return { source, destination, ports, oneWay: false };
    default:
      return { source, destination, ports: undefined, oneWay: false };
  }
}

/** The same flow with its lower end first, so that both directions give one hash. */
function ordered(flow: Flow): Flow {
  const [sourcePort, destinationPort] = flow.ports ?? [0, 0];
  const order = compareBytes(flow.source, flow.destination) || sourcePort - destinationPort;
  if (flow.oneWay || order <= 0) return flow;
  return {
    ...flow,
    source: flow.destination,
    destination: flow.source,
    ports: flow.ports === undefined ? undefined : [destinationPort, sourcePort],
  };
}

const communityId = define({
  name: 'community_id',
  params: [
    text('source_ip'),
    text('destination_ip'),
    count('protocol'),
    optional(count('source_port')),
    optional(count('destination_port')),
    withDefault(count('seed'), 0),
  ],
  returns: STRING,
  fallible: true,
  prepare: (call) => {
    refuseBadConstants(call);
    return (sourceIp, destinationIp, protocol, sourcePort, destinationPort, seed) => {
      const source = parseIp(sourceIp);
      if (source === undefined) throw fail('unable to parse source IP address: invalid IP address syntax');
      const destination = parseIp(destinationIp);
      if (destination === undefined) throw fail('unable to parse destination IP address: invalid IP address syntax');
      const problem =
        rangeProblem('protocol', protocol, MAX_U8) ??
        rangeProblem('source port', sourcePort ?? 0, MAX_U16) ??
        rangeProblem('destination port', destinationPort ?? 0, MAX_U16) ??
        rangeProblem('seed', seed, MAX_U16);
      if (problem !== undefined) throw fail(problem);
      if (source.length !== destination.length) throw fail('ip version mismatch');
      const ports =
        sourcePort === undefined || destinationPort === undefined
          ? undefined
          : ([sourcePort, destinationPort] as const);
      return flowHash(ordered(flowOf(source, destination, protocol, ports)), protocol, seed);
    };
  },
});

/** Version 1 of the community ID: SHA-1 over seed, addresses, protocol, padding and ports, all in network order. */
function flowHash(flow: Flow, protocol: number, seed: number): string {
  const message = [seed >> 8, seed & 255, ...flow.source, ...flow.destination, protocol, 0];
  for (const port of flow.ports ?? []) message.push(port >> 8, port & 255);
  return `1:${encodeBase64(sha1(Uint8Array.from(message)))}`;
}

export const functions: readonly FunctionDefinition[] = [communityId];
