import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** PEM files of one certificate. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority in a folder of its own, made with openssl. */
export class TestAuthority {
  readonly #directory: string;
  /** The authority's own certificate. */
  readonly cert: string;
  readonly #key: string;

  constructor(directory: string, name = 'authority') {
    this.#directory = directory;
    this.cert = path.join(directory, `${name}.pem`);
    this.#key = path.join(directory, `${name}.key`);
    openssl('req', '-x509', ...newKey(this.#key), '-subj', `/CN=${name}`, '-days', '30', '-out', this.cert);
  }

  /** A certificate for 127.0.0.1 and localhost, good for servers and clients. A name used again replaces its files. */
  issue(name: string, { subject = `/CN=${name}`, days = 10 } = {}): CertificateFiles {
    const base = path.join(this.#directory, name);
    const files = { cert: `${base}.pem`, key: `${base}.key` };
    writeFileSync(`${base}.ext`, 'subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth,clientAuth\n');
    openssl('req', ...newKey(files.key), '-subj', subject, '-out', `${base}.csr`);
    openssl(
      ...['x509', '-req', '-in', `${base}.csr`, '-CA', this.cert, '-CAkey', this.#key, '-CAcreateserial'],
      ...['-days', String(days), '-extfile', `${base}.ext`, '-out', files.cert],
    );
    return files;
  }
}

function newKey(file: string): string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file];
}

function openssl(...options: string[]): void {
  execFileSync('openssl', options, { stdio: 'pipe' });
}
