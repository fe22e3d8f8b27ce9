import type { VrlArray, VrlObject, VrlValue } from '../../value/value';
import { DnsError } from './dns-reader';
import { readQueryMessage } from './read-message';

const SECTIONS = ['question', 'answers', 'authority', 'additional'] as const;
/** Types of records whose data is a name, or ends with one. */
const NAMED: ReadonlySet<VrlValue> = new Set(['NS', 'CNAME', 'PTR', 'DNAME', 'MX', 'SRV']);

/**
 * What `dns_lookup` gives for the bytes of a DNS answer: fullRcode, rcodeName, header, question, answers, authority and
 * additional. Sections without records are empty, not absent; names stand without the dot of the root.
 *
 * @throws Error for bytes that are no DNS message
 */
export function readDnsAnswer(bytes: Uint8Array): VrlObject {
  try {
    const message = readQueryMessage(bytes, false);
    const header = message['header'] as VrlObject;
    header['qr'] = header['qr'] === 1;
    if (typeof message['rcodeName'] === 'string') message['rcodeName'] = message['rcodeName'].toUpperCase();
    for (const section of SECTIONS) {
      message[section] ??= [];
      for (const record of message[section] as VrlArray) withoutRootDots(record as VrlObject);
    }
    return message;
  } catch (error) {
    throw error instanceof DnsError ? new Error(error.message) : error;
  }
}

/** The record is newly made, so that it may be changed. */
function withoutRootDots(record: VrlObject): void {
  const names = NAMED.has(record['recordType'] as VrlValue) ? ['domainName', 'rData'] : ['domainName'];
  for (const name of names) {
    const text = record[name];
    if (typeof text === 'string' && text.length > 1 && text.endsWith('.')) record[name] = text.slice(0, -1);
  }
}
