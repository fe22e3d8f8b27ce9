import type { RecordBatch } from '../../../record';
import {
  PermanentFailure,
  TemporaryFailure,
  type DeliveryIds,
  type DeliveryOutcome,
  type Destination,
} from '../../destination';
import type { ConfigProblem, DestinationContext, ForwarderType } from '../../forwarder-type';
import { TooLargeFailure } from '../shared/offer-in-parts';
import { OutcomeBuilder } from '../shared/outcome-builder';
import { TLS_TRUST, checkTls } from '../shared/tls-settings';
import {
  DEFAULT_HOURLY_CAP,
  DEFAULT_WINDOW_SECONDS,
  EMAIL_SCHEMA,
  EMAIL_TEMPLATES,
  type EmailConfig,
} from './email-config';
import { MailRenderer, withoutAttachment, type Envelope, type Mail } from './mail-renderer';
import { MailSchedule } from './mail-schedule';
import type { MailWindow } from './mail-window';
import { SmtpTransport } from './smtp-transport';

/** A mail counts its records by groups: the more of a storm it has seen, the better. `batch_bytes` is a limit, too. */
const BATCH_SIZE = 5_000;

/** Mails over SMTP, as digests when there are many. */
export const EMAIL_TYPE: ForwarderType<EmailConfig> = {
  type: 'email',
  schema: EMAIL_SCHEMA,
  batchSize: BATCH_SIZE,
  secrets: [['password'], ['tls', 'key']],
  secretsGoTo: [['host'], ['port'], ['security'], ...TLS_TRUST],
  templates: EMAIL_TEMPLATES.map((name) => [name]),

  check(config: EmailConfig): ConfigProblem[] {
    const problems = checkTls(config.tls);
    if ((config.username === undefined) !== (config.password === undefined)) {
      const missing = config.username === undefined ? 'username' : 'password';
      problems.push({ path: missing, message: 'username and password belong together' });
    }
    return problems;
  },

  open(config: EmailConfig, context: DestinationContext): Destination {
    return new EmailDestination(config, context);
  },
};

const NOTHING_LEFT_OUT = { counted: 0, waiting: 0 };

interface Group {
  readonly envelope: Envelope;
  readonly rows: number[];
}

class EmailDestination implements Destination {
  readonly #context: DestinationContext;
  readonly #renderer: MailRenderer;
  readonly #transport: SmtpTransport;
  readonly #windowMs: number;
  readonly #hourlyCap: number;
  #schedule: Promise<MailSchedule> | undefined;

  constructor(config: EmailConfig, context: DestinationContext) {
    this.#context = context;
    this.#renderer = new MailRenderer(config);
    this.#transport = new SmtpTransport(config, context);
    this.#windowMs = (config.digest_window ?? DEFAULT_WINDOW_SECONDS) * 1000;
    this.#hourlyCap = config.hourly_cap ?? DEFAULT_HOURLY_CAP;
  }

  async send(batch: RecordBatch, signal: AbortSignal, ids?: DeliveryIds): Promise<DeliveryOutcome> {
    const outcome = new OutcomeBuilder();
    const schedule = await this.#scheduled();
    let wait = Number.POSITIVE_INFINITY;
    let changed = false;
    for (const [key, group] of this.#groups(batch, outcome, ids)) {
      const window = schedule.window(key);
      const now = this.#context.now();
      const pause = Math.max(window.waitMs(now), schedule.cap.waitMs(now));
      if (pause > 0) {
        const held = this.#hold(batch, group, window, outcome);
        if (held > 0) wait = Math.min(wait, pause);
        changed ||= held < group.rows.length;
        continue;
      }
      try {
        const waiting = this.#waiting();
        const mail = this.#renderer.mail(group.envelope, batch, group.rows, { counted: window.counted, waiting }, ids);
        const refusals = await this.#mail(mail, signal);
        // Sent again, the mail would be there twice for all others.
        if (refusals !== '') outcome.warn(`the mail did not reach all of its recipients: ${refusals}`);
        const sent = this.#context.now();
        window.mailed(sent, waiting);
        schedule.cap.mailed(sent);
        changed = true;
      } catch (error) {
        outcome.fail(group.rows, error);
        if (!(error instanceof PermanentFailure)) wait = 0;
      }
    }
    // Before the records count as taken: what is remembered twice does less harm than what is forgotten.
    if (changed) await this.#remember(schedule);
    return withWait(outcome, batch.length, wait);
  }

  async preview(batch: RecordBatch, ids?: DeliveryIds): Promise<unknown> {
    const groups = this.#groups(batch, new OutcomeBuilder(), ids);
    return {
      mails: [...groups.values()].map(({ envelope, rows }) =>
        this.#renderer.mail(envelope, batch, rows, NOTHING_LEFT_OUT, ids),
      ),
    };
  }

  async close(): Promise<void> {
    this.#transport.close();
  }

  /** What is remembered is read with the first batch, once for all batches that are under way. */
  #scheduled(): Promise<MailSchedule> {
    this.#schedule ??= MailSchedule.load(this.#windowMs, this.#hourlyCap, this.#context.memory).catch(
      (error: unknown) => {
        this.#schedule = undefined;
        throw error;
      },
    );
    return this.#schedule;
  }

  /** Sends a mail; one that is too large goes without what is attached, for people would else learn nothing. */
  async #mail(mail: Mail, signal: AbortSignal): Promise<string> {
    try {
      return await this.#transport.send(mail, signal);
    } catch (error) {
      if (!(error instanceof TooLargeFailure) || mail.attachments === undefined) throw error;
      return this.#transport.send(withoutAttachment(mail, error.message), signal);
    }
  }

  /** Rows by their recipients. */
  #groups(batch: RecordBatch, outcome: OutcomeBuilder, ids: DeliveryIds | undefined): Map<string, Group> {
    const groups = new Map<string, Group>();
    for (let row = 0; row < batch.length; row++) {
      try {
        const envelope = this.#renderer.envelope(batch, row, ids);
        if (envelope.to === '' && envelope.cc === '' && envelope.bcc === '')
          throw new Error('to: nobody to send it to');
        const key = JSON.stringify(envelope);
        const group = groups.get(key);
        if (group === undefined) groups.set(key, { envelope, rows: [row] });
        else group.rows.push(row);
      } catch (error) {
        outcome.refuse(row, (error as Error).message);
      }
    }
    return groups;
  }

  /**
   * Within a window. What was already waiting when the last mail went is counted, so that a storm does not fill windows for
   * days; what came later stays in the queue until the window ends. The next mail tells the count.
   *
   * @returns how many rows stay in the queue
   */
  #hold(batch: RecordBatch, { rows }: Group, window: MailWindow, outcome: OutcomeBuilder): number {
    const later = rows.filter((row) => !window.wasWaiting(batch.timestamps[row] as number));
    window.count(rows.length - later.length);
    outcome.retryAll(later, 'waits for the end of the digest window, or for the hourly cap');
    return later.length;
  }

  /** Records behind those of a mail that will be counted as part of the same storm; 0 where others may get them. */
  #waiting(): number {
    return this.#windowMs > 0 && this.#renderer.sameEnvelope ? (this.#context.waiting?.() ?? 0) : 0;
  }

  /** A mail that has gone is not sent again because the queue's file can't be written: that would never end. */
  async #remember(schedule: MailSchedule): Promise<void> {
    try {
      await schedule.save();
    } catch {
      // The delivery meets the same failure when it notes what was taken, and tells of it.
    }
  }
}

/** The outcome with the wait of the window that ends first; 0 leaves the wait to the runner, as after any failure. */
function withWait(outcome: OutcomeBuilder, length: number, wait: number): DeliveryOutcome {
  const after = wait > 0 && Number.isFinite(wait) ? wait : undefined;
  try {
    const built = outcome.build(length);
    return after === undefined || built.retry.length === 0 ? built : { ...built, retryAfterMs: after };
  } catch (error) {
    if (error instanceof TemporaryFailure && after !== undefined) throw new TemporaryFailure(error.message, after);
    throw error;
  }
}
