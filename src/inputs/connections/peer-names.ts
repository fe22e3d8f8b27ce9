import type { PeerCertificate } from 'node:tls';

/** Who a client certificate is for. */
export interface PeerNames {
  /** The name to tell senders apart by, for the field `tls_peer`. */
  readonly name: string;
  /** The distinguished name, for the field `tls_subject`. */
  readonly subject: string;
}

export const NO_PEER: PeerNames = { name: '', subject: '' };

/** Kinds of alternative names as Node writes them, the most telling first (RFC 5425 section 5.2 asks for DNS names). */
const ALTERNATIVE_NAMES = ['DNS', 'IP Address', 'URI', 'email'];
/** What has a meaning of its own in a distinguished name (RFC 4514 section 2.4). */
const SPECIAL = /[",+;<>\\]|^[# ]| $/g;

/**
 * The names in a client certificate. The common name is the peer's name where there is one; certificates that name
 * their owner in the subject alternative names alone have none, then it is the first of those, then the subject.
 */
export function peerNames(certificate: Pick<PeerCertificate, 'subject' | 'subjectaltname'>): PeerNames {
  const subject = distinguishedName(certificate.subject);
  const [commonName] = values(certificate.subject?.CN);
  return { name: commonName ?? alternativeName(certificate.subjectaltname) ?? subject, subject };
}

/** RFC 4514: the most specific part comes first, `CN=fw1,OU=Net,O=Acme`. */
function distinguishedName(subject: PeerCertificate['subject'] | undefined): string {
  const parts = Object.entries(subject ?? {}).flatMap(([type, value]) =>
    values(value).map((one) => `${type}=${one.replace(SPECIAL, String.raw`\$&`)}`),
  );
  return parts.reverse().join(',');
}

/** An attribute that stands in a subject more than once is a list. */
function values(value: string | string[] | undefined): readonly string[] {
  return value === undefined ? [] : [value].flat();
}

function alternativeName(names = ''): string | undefined {
  const all = names.split(', ');
  for (const kind of ALTERNATIVE_NAMES) {
    const found = all.find((name) => name.startsWith(`${kind}:`));
    if (found !== undefined) return found.slice(kind.length + 1);
  }
  return undefined;
}
