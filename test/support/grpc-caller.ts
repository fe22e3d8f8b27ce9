import { ChannelCredentials, Client, Metadata, type ServiceError } from '@grpc/grpc-js';

export const EXPORT = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';

export interface GrpcAnswer {
  /** 0: success. */
  readonly code: number;
  readonly message: string;
  /** A google.rpc.Status, when there was an error. */
  readonly details: Buffer | undefined;
  readonly response: Buffer | undefined;
}

export interface GrpcCallOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** 2: gzip, 1: deflate, 0: none. */
  readonly compression?: 0 | 1 | 2;
}

/** Calls methods with bytes for messages, over one connection. */
export class GrpcCaller {
  readonly #address: string;
  readonly #credentials: ChannelCredentials;
  readonly #clients = new Map<number, Client>();

  constructor(address: string, credentials: ChannelCredentials = ChannelCredentials.createInsecure()) {
    this.#address = address;
    this.#credentials = credentials;
  }

  call(message: Buffer, options: GrpcCallOptions = {}): Promise<GrpcAnswer> {
    const { method = EXPORT, headers = {}, compression = 0 } = options;
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    const same = (bytes: Buffer): Buffer => bytes;
    return new Promise((resolve) => {
      const done = (error: ServiceError | null, response?: Buffer): void => {
        const details = error?.metadata?.get('grpc-status-details-bin')[0];
        resolve({
          code: error?.code ?? 0,
          message: error?.details ?? '',
          details: Buffer.isBuffer(details) ? details : undefined,
          response,
        });
      };
      this.#client(compression).makeUnaryRequest(method, same, same, message, metadata, done);
    });
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  #client(compression: number): Client {
    let client = this.#clients.get(compression);
    if (client === undefined) {
      client = new Client(this.#address, this.#credentials, {
        'grpc.default_compression_algorithm': compression,
        'grpc.enable_retries': 0,
      });
      this.#clients.set(compression, client);
    }
    return client;
  }
}
