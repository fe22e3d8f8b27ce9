import { isIP } from 'node:net';
import { createTransport, type Transporter } from 'nodemailer';
import { PermanentFailure, TemporaryFailure } from '../../destination';
import type { DestinationContext } from '../../forwarder-type';
import { errorText, shown } from '../shared/describe';
import { HostAddress } from '../shared/host-address';
import { connectionFailure } from '../shared/http-client';
import { TooLargeFailure } from '../shared/offer-in-parts';
import { tlsOptions } from '../shared/tls-settings';
import type { EmailConfig } from './email-config';
import type { Mail } from './mail-renderer';
import { isForGood, isTooLarge } from './smtp-reply';

const DEFAULT_PORTS = { starttls: 587, tls: 465, none: 25 } as const;
const MAX_CONNECTIONS = 2;

/** Hands mails to an SMTP server over kept connections. */
export class SmtpTransport {
  readonly #config: EmailConfig;
  readonly #context: DestinationContext;
  readonly #host: HostAddress;
  #transporter: Promise<Transporter> | undefined;

  constructor(config: EmailConfig, context: DestinationContext) {
    this.#config = config;
    this.#context = context;
    this.#host = new HostAddress(nameOf(config), context);
  }

  /**
   * @returns what the server says of recipients that it refused while it took the mail for others; "" when it took it for all
   * @throws PermanentFailure for what a mail or its addresses are refused with for good, see {@link isForGood}, TooLargeFailure
   *   among them; TemporaryFailure for all other failures: no mail is at fault for a login or a certificate
   */
  async send(mail: Mail, signal: AbortSignal): Promise<string> {
    let onAbort: (() => void) | undefined;
    try {
      this.#transporter ??= this.#connect();
      const transporter = await this.#transporter;
      const aborted = new Promise<never>((_, reject) => {
        onAbort = () => reject(new TemporaryFailure('no answer in time'));
        signal.addEventListener('abort', onAbort, { once: true });
        if (signal.aborted) onAbort();
      });
      const { from, to, cc, bcc, replyTo, subject, text, html, headers, messageId, attachments } = mail;
      const taken = await Promise.race([
        transporter.sendMail({
          from,
          to,
          ...(cc && { cc }),
          ...(bcc && { bcc }),
          ...(replyTo && { replyTo }),
          subject,
          text,
          html,
          ...(headers && { headers: { ...headers } }),
          ...(messageId && { messageId }),
          attachments: attachments?.map((attachment) => ({ ...attachment })),
          disableFileAccess: true,
          disableUrlAccess: true,
        }),
        aborted,
      ]);
      return refusalsIn(taken);
    } catch (error) {
      throw this.#failure(error, signal);
    } finally {
      if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
    }
  }

  close(): void {
    const transporter = this.#transporter;
    this.#transporter = undefined;
    transporter?.then(
      (open) => open.close(),
      () => undefined,
    );
  }

  #failure(error: unknown, signal: AbortSignal): Error {
    const { responseCode, response = '', code } = error as { responseCode?: number; response?: string; code?: string };
    const aboutTheMail = code === 'EENVELOPE' || code === 'EMESSAGE';
    if (aboutTheMail && responseCode !== undefined && isTooLarge(responseCode, response)) {
      return new TooLargeFailure(errorText(error), { cause: error });
    }
    if (aboutTheMail && (responseCode === undefined || isForGood(responseCode, response))) {
      return new PermanentFailure(errorText(error), { cause: error });
    }
    // The host may have moved: its name is looked up again.
    this.close();
    this.#host.failed();
    return connectionFailure(error, signal);
  }

  /** The library would look names up by itself, past the destination policy: it gets an address. */
  async #connect(): Promise<Transporter> {
    const { security = 'starttls', username, password, tls } = this.#config;
    const name = nameOf(this.#config);
    const address = await this.#host.resolve();
    const { timeoutMs } = this.#context;
    return createTransport({
      pool: true,
      maxConnections: MAX_CONNECTIONS,
      host: address,
      port: this.#config.port ?? DEFAULT_PORTS[security],
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      tls: { ...(isIP(name) === 0 && { servername: name }), ...tlsOptions(tls) },
      ...(username !== undefined && { auth: { user: username, pass: password ?? '' } }),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
    });
  }
}

function refusalsIn(taken: unknown): string {
  const { rejectedErrors = [] } = taken as { rejectedErrors?: readonly { recipient?: string; response?: string }[] };
  return rejectedErrors.map(({ recipient = '', response = '' }) => shown(`${recipient}: ${response}`)).join('; ');
}

function nameOf({ host }: EmailConfig): string {
  return host.replace(/^\[|\]$/g, '');
}
