import { lookupService } from 'node:dns/promises';
import { workerData } from 'node:worker_threads';
import { DestinationPolicy } from '../forwarders/destination-policy';
import { queryDns } from './dns-query';
import { ScriptHttp } from './script-http';
import type { NetworkAnswer, NetworkRequest, NetworkWorkerData } from './messages';

const { port, answered, policy: networks } = workerData as NetworkWorkerData;
const policy = new DestinationPolicy(networks);
const http = new ScriptHttp(policy);

/** Any port will do: only the name of the host counts. */
const ANY_PORT = 0;

async function answerTo(request: NetworkRequest, timeoutMs: number): Promise<NetworkAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  switch (request.kind) {
    case 'dns':
      return { bytes: await queryDns(request, policy, signal, timeoutMs) };
    case 'reverse':
      return { text: (await lookupService(request.address, ANY_PORT)).hostname };
    case 'http':
      return { text: await http.fetch(request, signal) };
  }
}

port.on('message', ({ id, request, timeoutMs }: { id: number; request: NetworkRequest; timeoutMs: number }) => {
  void answerTo(request, timeoutMs)
    .catch((error: unknown): NetworkAnswer => ({ problem: error instanceof Error ? error.message : String(error) }))
    .then((answer) => {
      port.postMessage({ id, answer });
      Atomics.add(answered, 0, 1);
      Atomics.notify(answered, 0);
    });
});
