import type { TlsOptions } from 'node:tls';
import type { TlsCertificate } from '../../tls';

/** TLS of an OTLP listener. */
export interface OtlpTls {
  readonly certificate: TlsCertificate;
  /** Client certificates: not asked for, asked for, or required. */
  readonly clientAuth: 'none' | 'request' | 'require';
}

/** The options for `createServer`. */
export function tlsOptions({ certificate, clientAuth }: OtlpTls): TlsOptions {
  const clients = { requestCert: clientAuth !== 'none', rejectUnauthorized: clientAuth === 'require' };
  return { minVersion: 'TLSv1.2', ...certificate.context, ...clients };
}
