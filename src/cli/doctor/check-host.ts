import { readFile } from 'node:fs/promises';
import { parseBind, type Config } from '../../config';
import type { Finding } from './finding';

/** Largest receive buffer that Linux grants (socket(7), `rmem_max`). */
const RMEM_MAX = '/proc/sys/net/core/rmem_max';
/** First port that needs no privilege (ip(7)). */
const FIRST_FREE_PORT = '/proc/sys/net/ipv4/ip_unprivileged_port_start';
const DEFAULT_FIRST_FREE_PORT = 1024;
/** Bit of CAP_NET_BIND_SERVICE (capabilities(7), linux/capability.h). */
const BIND_SERVICE_BIT = 10n;

/** The kernel's receive buffer against the configured one: what exceeds it is not granted, and datagrams are lost earlier. */
export async function checkReceiveBuffer(config: Config): Promise<Finding[]> {
  if (parseBind(config.syslog.udp.bind) === undefined) return [];
  const granted = Number(await readFile(RMEM_MAX, 'utf8').catch(() => ''));
  if (!(granted > 0)) return [];
  const wanted = config.syslog.udp.receive_buffer;
  const check = 'receive buffer of syslog over UDP';
  if (granted >= wanted)
    return [{ check, status: 'ok', detail: `${wanted} bytes, of ${granted} that the kernel grants` }];
  return [
    {
      check,
      status: 'warning',
      detail: `the kernel grants ${granted} of ${wanted} bytes: bursts of datagrams are lost earlier`,
      advice: `sysctl -w net.core.rmem_max=${wanted}, and the same in /etc/sysctl.d/ to keep it`,
    },
  ];
}

/** Whether this user may listen where the configuration says. */
export async function checkPorts(config: Config): Promise<Finding[]> {
  const first = Number(await readFile(FIRST_FREE_PORT, 'utf8').catch(() => '')) || DEFAULT_FIRST_FREE_PORT;
  const findings: Finding[] = [];
  for (const [key, bind] of [
    ['http.bind', config.http.bind],
    ['management.bind', config.management.bind],
    ['syslog.udp.bind', config.syslog.udp.bind],
    ['syslog.tcp.bind', config.syslog.tcp.bind],
    ['syslog.tls.bind', config.syslog.tls.bind],
    ['otlp.http.bind', config.otlp.http.bind],
    ['otlp.grpc.bind', config.otlp.grpc.bind],
  ] as const) {
    const port = parseBind(bind)?.port ?? 0;
    if (port === 0 || port >= first) continue;
    const allowed = await mayBindLowPorts();
    findings.push({
      check: `port ${port} of ${key}`,
      status: allowed ? 'ok' : 'warning',
      detail: allowed ? 'may be listened on' : `needs a privilege that the current user lacks (ports below ${first})`,
      ...(allowed
        ? {}
        : { advice: 'run doctor as the service runs, give the service CAP_NET_BIND_SERVICE, or take a higher port' }),
    });
  }
  return findings;
}

async function mayBindLowPorts(): Promise<boolean> {
  if (process.getuid?.() === 0) return true;
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const capabilities = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0';
  return ((BigInt(`0x${capabilities}`) >> BIND_SERVICE_BIT) & 1n) === 1n;
}
