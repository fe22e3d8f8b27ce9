import type { SecureContextOptions } from 'node:tls';
import { loadTls, type LoadedTls, type TlsFiles } from './tls-files';

/** How often the files are looked at, in milliseconds: a renewed certificate is in use long before the old one expires. */
const CHECK_INTERVAL_MS = 10_000;

/** The server side of TLS, as `tls.Server` and `https.Server` have it. */
export interface TlsServer {
  setSecureContext(options: SecureContextOptions): void;
}

export interface TlsCertificatesOptions {
  /** Told about a certificate that was taken over. */
  readonly info?: (message: string) => void;
  /** Told about files that cannot be used; the certificate before them stays in use. */
  readonly warn: (message: string) => void;
  readonly checkIntervalMs?: number;
}

/** The certificate of one listener. Connections keep what they began with; new ones get the newest. */
export class TlsCertificate {
  readonly #files: TlsFiles;
  readonly #servers: TlsServer[] = [];
  #loaded: LoadedTls;
  #lastProblem = '';

  /** @throws Error when the files cannot be used */
  constructor(
    readonly listener: string,
    files: TlsFiles,
  ) {
    this.#files = files;
    this.#loaded = loadTls(files);
  }

  /** For `createServer`. */
  get context(): SecureContextOptions {
    return this.#loaded.context;
  }

  /** When the certificate in use stops being valid, in seconds since the epoch. */
  get expirySeconds(): number {
    return this.#loaded.expirySeconds;
  }

  /** Keeps the server's certificate up to date from now on. */
  attach(server: TlsServer): void {
    this.#servers.push(server);
  }

  /** Reads the files again and takes over what has changed. Each problem is told once, not at every look. */
  reload({ info, warn }: TlsCertificatesOptions): void {
    let loaded: LoadedTls;
    try {
      loaded = loadTls(this.#files);
    } catch (error) {
      const problem = (error as Error).message;
      if (problem !== this.#lastProblem) {
        warn(`${this.listener}: the certificate was not renewed, the one before stays in use: ${problem}`);
      }
      this.#lastProblem = problem;
      return;
    }
    this.#lastProblem = '';
    if (loaded.fingerprint === this.#loaded.fingerprint) return;
    this.#loaded = loaded;
    for (const server of this.#servers) server.setSecureContext(loaded.context);
    info?.(`${this.listener}: new certificate, valid until ${new Date(loaded.expirySeconds * 1000).toISOString()}`);
  }
}

/**
 * The certificates of all TLS listeners. Files that change are taken over within seconds, or at once by {@link reload},
 * without closing a connection.
 *
 * @example
 * const certificates = new TlsCertificates({ warn: (message) => logger.warn(message) });
 * const certificate = certificates.open('http', { cert: 'cert.pem', key: 'key.pem' });
 * const server = https.createServer(certificate.context, handle);
 * certificate.attach(server);
 */
export class TlsCertificates {
  readonly #options: TlsCertificatesOptions;
  readonly #certificates: TlsCertificate[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(options: TlsCertificatesOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.reload(), options.checkIntervalMs ?? CHECK_INTERVAL_MS);
    this.#timer.unref();
  }

  /** All that were opened, for metrics. */
  get list(): readonly TlsCertificate[] {
    return this.#certificates;
  }

  /** @throws Error when the files cannot be used */
  open(listener: string, files: TlsFiles): TlsCertificate {
    const certificate = new TlsCertificate(listener, files);
    this.#certificates.push(certificate);
    return certificate;
  }

  /** Looks at all files now. */
  reload(): void {
    for (const certificate of this.#certificates) certificate.reload(this.#options);
  }

  /** Ends the regular looks. */
  close(): void {
    clearInterval(this.#timer);
  }
}
