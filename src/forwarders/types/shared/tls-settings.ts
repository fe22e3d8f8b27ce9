import { createSecureContext } from 'node:tls';
import type { ConfigPath, ConfigProblem } from '../../forwarder-type';

/** How a destination proves who it is and, with a client certificate, who we are. */
export interface TlsSettings {
  /** Certificates of the authorities to trust, PEM; without it those that Node.js knows. */
  readonly ca?: string;
  /** Client certificate with its chain, PEM. */
  readonly cert?: string;
  /** Private key of the client certificate, PEM. */
  readonly key?: string;
  /** Name that the destination's certificate must bear, where it differs from the host. */
  readonly server_name?: string;
  /** True takes any certificate: for a test bench only. */
  readonly insecure_skip_verify?: boolean;
}

/** Schema of {@link TlsSettings}. */
export const TLS_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  description: 'TLS towards the destination.',
  properties: {
    ca: {
      type: 'string',
      description: 'Certificates of the authorities to trust, PEM. Without it: those that Node.js knows.',
    },
    cert: { type: 'string', description: 'Client certificate with its chain, PEM; needs `key`.' },
    key: { type: 'string', description: 'Private key of the client certificate, PEM; needs `cert`.' },
    server_name: {
      type: 'string',
      description: "Name that the destination's certificate must bear, where it differs from the host.",
    },
    insecure_skip_verify: {
      type: 'boolean',
      default: false,
      description: 'Take any certificate. Anyone on the way can then read and change what is sent.',
    },
  },
} as const;

/** What decides whose certificate is trusted, in configurations with {@link TLS_SCHEMA} at `tls`. */
export const TLS_TRUST: readonly ConfigPath[] = [
  ['tls', 'ca'],
  ['tls', 'server_name'],
  ['tls', 'insecure_skip_verify'],
];

/** The options that `tls.connect` and `https.Agent` take for these settings. */
export interface TlsOptions {
  ca?: string;
  cert?: string;
  key?: string;
  servername?: string;
  rejectUnauthorized?: boolean;
}

/** Options for `tls.connect` and `https.Agent`; nothing is set that the settings leave open. */
export function tlsOptions(settings: TlsSettings = {}): TlsOptions {
  const options: TlsOptions = {};
  if (settings.ca) options.ca = settings.ca;
  if (settings.cert) options.cert = settings.cert;
  if (settings.key) options.key = settings.key;
  if (settings.server_name) options.servername = settings.server_name;
  if (settings.insecure_skip_verify === true) options.rejectUnauthorized = false;
  return options;
}

/** Whether certificates and keys can be read and belong together. */
export function checkTls(settings: TlsSettings | undefined, path = 'tls'): ConfigProblem[] {
  if (settings === undefined) return [];
  if (Boolean(settings.cert) !== Boolean(settings.key)) {
    const missing = settings.cert ? 'key' : 'cert';
    return [{ path: `${path}.${missing}`, message: 'cert and key belong together: give both or neither' }];
  }
  const problems: ConfigProblem[] = [];
  try {
    createSecureContext({ ca: settings.ca || undefined });
    // OpenSSL passes over text without any certificate.
    if (settings.ca && !settings.ca.includes('-----BEGIN')) throw new Error('no certificate in it');
  } catch (error) {
    problems.push({ path: `${path}.ca`, message: `not usable as PEM certificates: ${(error as Error).message}` });
  }
  try {
    createSecureContext({ cert: settings.cert || undefined, key: settings.key || undefined });
  } catch (error) {
    problems.push({
      path: `${path}.cert`,
      message: `not usable as PEM certificate and key: ${(error as Error).message}`,
    });
  }
  return problems;
}
