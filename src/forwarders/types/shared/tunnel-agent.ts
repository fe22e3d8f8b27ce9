import type { AgentOptions, ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { TlsOptions } from './tls-settings';

type ConnectOptions = Parameters<HttpsProxyAgent<string>['connect']>[1];

/** Secure connections through an HTTP proxy (CONNECT), with the TLS settings that are meant for their far end. */
export class TunnelAgent extends HttpsProxyAgent<string> {
  readonly #tls: TlsOptions;

  constructor(proxy: URL, options: AgentOptions, tls: TlsOptions) {
    super(proxy.href, options);
    this.#tls = tls;
  }

  override connect(request: ClientRequest, options: ConnectOptions): Promise<Socket> {
    return super.connect(request, { ...options, ...this.#tls } as ConnectOptions);
  }
}
