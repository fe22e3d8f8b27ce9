import {
  OTLP_JSON_CONTENT_TYPE,
  OTLP_LOGS_PATH,
  OTLP_PROTOBUF_CONTENT_TYPE,
  decodeStatusMessage,
  type OtlpFormat,
} from '../../../otlp';
import type { DestinationContext } from '../../forwarder-type';
import { DELIVERY_ID_HEADER } from '../shared/delivery-id';
import { HttpClient, type HttpAnswer } from '../shared/http-client';
import { withDefaultHeader } from '../shared/http-settings';
import { requireTaken } from '../shared/http-verdict';
import type { OtlpConfig, OtlpTransport } from './otlp-config';

const STATUS_NOT_FOUND = 404;

/** OTLP/HTTP. */
export class HttpTransport implements OtlpTransport {
  readonly #config: OtlpConfig;
  readonly #client: HttpClient;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(config: OtlpConfig, format: OtlpFormat, context: DestinationContext) {
    this.#config = config;
    this.#client = new HttpClient(context, { tls: config.tls, proxy: config.proxy });
    const type = format === 'json' ? OTLP_JSON_CONTENT_TYPE : OTLP_PROTOBUF_CONTENT_TYPE;
    this.#headers = withDefaultHeader(config.headers, 'Content-Type', type);
  }

  async export(logs: Buffer, signal: AbortSignal, id?: string): Promise<Buffer> {
    const { endpoint: url, compression } = this.#config;
    const headers = id === undefined ? this.#headers : { ...this.#headers, [DELIVERY_ID_HEADER]: id };
    const request = { url, headers, body: logs, gzip: compression === 'gzip' };
    const answer = await this.#client.send(request, signal);
    requireTaken({ ...answer, body: this.#wordsOf(answer) });
    return answer.body;
  }

  close(): void {
    this.#client.close();
  }

  /** What a failure says for people: in protobuf it is the message of a status (OTLP specification, "Failures"). */
  #wordsOf({ status, headers, body }: HttpAnswer): Buffer {
    if (headers['content-type']?.startsWith(OTLP_PROTOBUF_CONTENT_TYPE) === true) {
      try {
        return Buffer.from(decodeStatusMessage(body));
      } catch {
        // Shown as it is.
      }
    }
    if (status !== STATUS_NOT_FOUND || new URL(this.#config.endpoint).pathname !== '/') return body;
    return Buffer.concat([body, Buffer.from(` (logs mostly go to ${OTLP_LOGS_PATH}, and the endpoint has no path)`)]);
  }
}
