import type { MessagePort } from 'node:worker_threads';

/** What a script wants from the network. */
export type NetworkRequest =
  | {
      readonly kind: 'dns';
      readonly query: DnsQuery;
      readonly servers: readonly string[];
      readonly attempts: number;
      readonly tcp: boolean;
    }
  | { readonly kind: 'reverse'; readonly address: string }
  | {
      readonly kind: 'http';
      readonly url: string;
      readonly method: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly proxy: string | undefined;
    };

export interface DnsQuery {
  readonly name: string;
  readonly type: number;
  readonly class: number;
  readonly recurse: boolean;
}

/** The bytes or the text of the answer, or why there is none. */
export type NetworkAnswer = { readonly bytes: Uint8Array } | { readonly text: string } | { readonly problem: string };

export interface NetworkWorkerData {
  readonly port: MessagePort;
  readonly answered: Int32Array;
  readonly policy: { readonly allow: readonly string[]; readonly deny: readonly string[] };
}
