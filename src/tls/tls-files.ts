import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';

/** Oldest version spoken; 1.3 is preferred whenever the peer has it (RFC 9325 section 3.1.1). */
const MIN_TLS_VERSION = 'TLSv1.2';

/** The PEM files of one TLS listener. */
export interface TlsFiles {
  /** Certificate chain. */
  readonly cert: string;
  /** Private key of the certificate. */
  readonly key: string;
  /** Authorities whose client certificates are trusted; "" for none. */
  readonly ca?: string;
}

/** What the files hold. */
export interface LoadedTls {
  /** For `createServer`, and for `setSecureContext` of a server that is running. */
  readonly context: SecureContextOptions;
  /** When the certificate stops being valid, in seconds since the epoch. */
  readonly expirySeconds: number;
  /** The same text as long as no file has changed. */
  readonly fingerprint: string;
}

/**
 * Reads the files and checks that they belong together.
 *
 * @throws Error that says which file is not what it should be
 */
export function loadTls(files: TlsFiles): LoadedTls {
  const cert = readFileSync(files.cert, 'utf8');
  const key = readFileSync(files.key, 'utf8');
  const ca = files.ca === undefined || files.ca === '' ? undefined : readFileSync(files.ca, 'utf8');
  const context: SecureContextOptions = { cert, key, ca, minVersion: MIN_TLS_VERSION };
  let expirySeconds: number;
  try {
    expirySeconds = Date.parse(new X509Certificate(cert).validTo) / 1000;
  } catch (error) {
    throw new Error(`${files.cert} holds no certificate: ${(error as Error).message}`, { cause: error });
  }
  try {
    createSecureContext(context);
  } catch (error) {
    const all = [files.cert, files.key, files.ca ?? ''].filter((file) => file !== '').join(', ');
    throw new Error(`${all} cannot be used together: ${(error as Error).message}`, { cause: error });
  }
  return { context, expirySeconds, fingerprint: [cert, key, ca].join('\0') };
}
