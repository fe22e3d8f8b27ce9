/** Names of record types (IANA, DNS parameters). */
const RECORD_TYPES = new Map<number, string>([
  ...'A NS MD MF CNAME SOA MB MG MR NULL WKS PTR HINFO MINFO MX TXT RP AFSDB X25 ISDN RT NSAP NSAP-PTR SIG KEY PX GPOS AAAA LOC NXT EID NIMLOC SRV ATMA NAPTR KX CERT A6 DNAME SINK OPT APL DS SSHFP IPSECKEY RRSIG NSEC DNSKEY DHCID NSEC3 NSEC3PARAM TLSA SMIMEA'
    .split(' ')
    .map((name, i): [number, string] => [i + 1, name]),
  [55, 'HIP'],
  [56, 'NINFO'],
  [57, 'RKEY'],
  [58, 'TALINK'],
  [59, 'CDS'],
  [60, 'CDNSKEY'],
  [61, 'OPENPGPKEY'],
  [62, 'CSYNC'],
  [63, 'ZONEMD'],
  [64, 'SVCB'],
  [65, 'HTTPS'],
  [99, 'SPF'],
  [100, 'UINFO'],
  [101, 'UID'],
  [102, 'GID'],
  [103, 'UNSPEC'],
  [104, 'NID'],
  [105, 'L32'],
  [106, 'L64'],
  [107, 'LP'],
  [108, 'EUI48'],
  [109, 'EUI64'],
  [249, 'TKEY'],
  [250, 'TSIG'],
  [251, 'IXFR'],
  [252, 'AXFR'],
  [253, 'MAILB'],
  [254, 'MAILA'],
  [255, 'ANY'],
  [256, 'URI'],
  [257, 'CAA'],
  [32_768, 'TA'],
  [32_769, 'DLV'],
]);

/** Name of a record type; undefined when it has none. */
export function recordTypeName(type: number): string | undefined {
  return RECORD_TYPES.get(type);
}

const CLASSES = new Map([
  [1, 'IN'],
  [3, 'CH'],
  [4, 'HS'],
  [254, 'NONE'],
  [255, 'ANY'],
]);

export function className(code: number): string {
  return CLASSES.get(code) ?? `CLASS${code}`;
}

const RESPONSE_CODES = new Map([
  ...'NoError FormErr ServFail NXDomain NotImp Refused YXDomain YXRRSet NXRRSet NotAuth NotZone'
    .split(' ')
    .map((name, i): [number, string] => [i, name]),
  ...'BADSIG BADKEY BADTIME BADMODE BADNAME BADALG BADTRUNC BADCOOKIE'
    .split(' ')
    .map((name, i): [number, string] => [16 + i, name]),
]);

export function responseCodeName(code: number): string | undefined {
  return RESPONSE_CODES.get(code);
}

const OPTIONS = new Map([
  [1, 'LLQ'],
  [2, 'UL'],
  [3, 'NSID'],
  [5, 'DAU'],
  [6, 'DHU'],
  [7, 'N3U'],
  [8, 'Subnet'],
  [9, 'Expire'],
  [10, 'Cookie'],
  [11, 'Keepalive'],
  [12, 'Padding'],
  [13, 'Chain'],
]);

/** Name of an EDNS option. */
export function optionName(code: number): string {
  return OPTIONS.get(code) ?? `Unknown(${code})`;
}

const EXTENDED_ERRORS = [
  'Other Error',
  'Unsupported DNSKEY Algorithm',
  'Unsupported DS Digest Type',
  'Stale Answer',
  'Forged Answer',
  'DNSSEC Indeterminate',
  'DNSSEC Bogus',
  'Signature Expired',
  'Signature Not Yet Valid',
  'DNSKEY Missing',
  'RRSIGs Missing',
  'No Zone Key Bit Set',
  'NSEC Missing',
  'Cached Error',
  'Not Ready',
  'Blocked',
  'Censored',
  'Filtered',
  'Prohibited',
  'Stale NXDomain Answer',
  'Not Authoritative',
  'Not Supported',
  'No Reachable Authority',
  'Network Error',
  'Invalid Data',
  'Signature Expired before Valid',
  'Too Early',
  'Unsupported NSEC3 Interations Value',
  'Unable to conform to policy',
  'Synthesized',
];

/** What an extended DNS error (RFC 8914) means; undefined for codes without a meaning. */
export function extendedErrorPurpose(code: number): string | undefined {
  return EXTENDED_ERRORS[code];
}

/** Security algorithms by number (IANA, DNS security algorithm numbers). */
const ALGORITHMS = new Map([
  [5, 'RSASHA1'],
  [7, 'RSASHA1-NSEC3-SHA1'],
  [8, 'RSASHA256'],
  [10, 'RSASHA512'],
  [13, 'ECDSAP256SHA256'],
  [14, 'ECDSAP384SHA384'],
  [15, 'ED25519'],
]);

export function algorithmName(code: number): string | undefined {
  return ALGORITHMS.get(code);
}
