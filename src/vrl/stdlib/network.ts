import { fail } from '../failure';
import { OBJECT, STRING } from '../types/kind';
import { emptyObject, type VrlObject } from '../value/value';
import { wrongKind } from './bind';
import { KindBit, type VrlString, type VrlValue } from '../value/value';
import { kindBitOf } from '../value/kind-of';
import { textOf } from '../value/bytes';
import { define, type FunctionDefinition } from './definition';
import { boolean, object, optional, text, withDefault } from './parameters';

/** What a request needs. */
export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  readonly httpProxy: string | undefined;
  readonly httpsProxy: string | undefined;
}

/**
 * A host's access to the network. Every method waits for its answer, so a host has to run programs where waiting is
 * allowed, or ask a worker. A thrown Error is the failure of the call.
 */
export interface NetworkHost {
  /** The whole answer to a query: id, opcode, rcode, flags, question, answers, authority, additional. */
  dnsLookup(name: string, type: string, recordClass: string, options: VrlObject): VrlObject;
  /** A name for an address. */
  reverseDns(address: string): string;
  /** The body of the answer. */
  httpRequest(request: HttpRequest): string;
}

function reached(network: NetworkHost | undefined): NetworkHost {
  if (network === undefined) throw fail('network access is not enabled');
  return network;
}

/** Header names are the same in any case. */
function headersFrom(headers: VrlObject): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const name of Object.keys(headers)) {
    const value = headers[name] as VrlValue;
    if (kindBitOf(value) !== KindBit.string) throw wrongKind(KindBit.string, value);
    texts.set(name.toLowerCase(), textOf(value as VrlString));
  }
  return texts;
}

/**
 * The functions that use the network. Without a host that allows it they fail: a program must not stop the thread that
 * runs it, nor reach out for whoever may write one.
 */
export function networkFunctions(network?: NetworkHost): readonly FunctionDefinition[] {
  return [
    define({
      name: 'dns_lookup',
      params: [
        text('value'),
        withDefault(text('qtype'), 'A'),
        withDefault(text('class'), 'IN'),
        withDefault(object('options'), emptyObject()),
      ],
      returns: OBJECT,
      fallible: true,
      run: (name, type, recordClass, options) => reached(network).dnsLookup(name, type, recordClass, options),
    }),
    define({
      name: 'reverse_dns',
      params: [text('value')],
      returns: STRING,
      fallible: true,
      run: (address) => reached(network).reverseDns(address),
    }),
    define({
      name: 'http_request',
      params: [
        text('url'),
        withDefault(text('method'), 'get'),
        withDefault(object('headers'), emptyObject()),
        withDefault(text('body'), ''),
        optional(text('http_proxy')),
        optional(text('https_proxy')),
        withDefault(boolean('redact_headers'), true),
      ],
      returns: STRING,
      fallible: true,
      run: (url, method, headers, body, httpProxy, httpsProxy) =>
        reached(network).httpRequest({
          url,
          method: method.toUpperCase(),
          headers: headersFrom(headers),
          body,
          httpProxy,
          httpsProxy,
        }),
    }),
  ];
}

export const functions: readonly FunctionDefinition[] = networkFunctions();
