import type { Ingest } from '../../pipeline/ingest';
import type { OversizePolicy } from '../../syslog';
import type { TlsCertificates } from '../../tls';
import type { ConnectionOptions } from '../connections/connection-server';
import type { RunningInput, Warn } from '../input';
import { RelpListener } from '../relp/relp-listener';
import type { SyslogListenerOptions } from './listener-options';
import type { OriginFilter } from './origin-filter';
import { SenderZones } from './sender-zones';
import { TcpListener } from './tcp-listener';
import { UdpListener } from './udp-listener';

/** Severities that a rate limit may leave alone, the worst first: RFC 5424 section 6.2.1 counts them from 0. */
const EXEMPT_SEVERITIES = ['emergency', 'alert', 'critical', 'error'] as const;
/** Messages of this severity and worse are not limited. */
export type ExemptSeverity = 'none' | (typeof EXEMPT_SEVERITIES)[number];

/** A listener as the configuration has it; what is undefined is as for all listeners. */
export interface SyslogListenerSettings {
  readonly name: string;
  readonly protocol: 'udp' | 'tcp' | 'tls' | 'relp';
  readonly max_message_size?: number | undefined;
  readonly oversize?: OversizePolicy | undefined;
  readonly timezone?: string | undefined;
  readonly timezones?: readonly { readonly network: string; readonly timezone: string }[];
  readonly allowed_origins?: readonly string[];
  readonly pipelines?: readonly string[];
  readonly receive_buffer?: number | undefined;
  /** Messages and bytes a second of one sender; 0 for no limit. */
  readonly rate_limit?: number | undefined;
  readonly rate_limit_bytes?: number | undefined;
  /** In seconds. */
  readonly rate_limit_burst?: number | undefined;
  readonly rate_limit_exempt?: ExemptSeverity | undefined;
  readonly max_connections?: number | undefined;
  readonly max_connections_per_address?: number | undefined;
  /** In seconds. */
  readonly idle_timeout?: number | undefined;
  readonly proxy_protocol?: readonly string[];
  /** Files of a TLS listener; empty for none. */
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly client_auth?: 'none' | 'request' | 'require';
}

/** What a listener has when its own settings say nothing. */
export interface SyslogDefaults {
  readonly max_message_size: number;
  readonly oversize: OversizePolicy;
  readonly timezone: string;
  readonly rate_limit: number;
  readonly rate_limit_bytes: number;
  readonly rate_limit_burst: number;
  readonly rate_limit_exempt: ExemptSeverity;
  readonly receive_buffer: number;
  readonly max_connections: number;
  readonly max_connections_per_address: number;
  readonly idle_timeout: number;
}

/** What all listeners work with. */
export interface SyslogHost {
  readonly ingest: Ingest;
  readonly origins: OriginFilter;
  readonly certificates: TlsCertificates;
  readonly warn: Warn;
  readonly drainTimeoutMs: number;
}

/**
 * Starts one syslog listener.
 *
 * @throws NodeJS.ErrnoException when the address cannot be bound; Error when its certificate cannot be used
 */
export function startSyslogListener(
  settings: SyslogListenerSettings,
  defaults: SyslogDefaults,
  bind: { readonly host: string | undefined; readonly port: number; readonly descriptor?: number },
  { ingest, origins, certificates, warn, drainTimeoutMs }: SyslogHost,
): Promise<RunningInput> {
  const { name, protocol } = settings;
  const options: SyslogListenerOptions = {
    name,
    ...bind,
    maxMessageBytes: settings.max_message_size ?? defaults.max_message_size,
    oversize: settings.oversize ?? defaults.oversize,
    zones: new SenderZones(settings.timezone ?? defaults.timezone, settings.timezones),
    origins: origins.narrowedTo(settings.allowed_origins ?? []),
    rateLimit: {
      messages: settings.rate_limit ?? defaults.rate_limit,
      bytes: settings.rate_limit_bytes ?? defaults.rate_limit_bytes,
      burstSeconds: settings.rate_limit_burst ?? defaults.rate_limit_burst,
      exemptSeverity: severityNumber(settings.rate_limit_exempt ?? defaults.rate_limit_exempt),
    },
    pipelines: settings.pipelines ?? [],
    ingest,
    warn,
    drainTimeoutMs,
  };
  if (protocol === 'udp') {
    return UdpListener.start({ ...options, receiveBufferBytes: settings.receive_buffer ?? defaults.receive_buffer });
  }
  const { cert = '', key = '', ca = '', client_auth = 'none' } = settings;
  const connections: ConnectionOptions = {
    ...options,
    maxConnections: settings.max_connections ?? defaults.max_connections,
    maxConnectionsPerAddress: settings.max_connections_per_address ?? defaults.max_connections_per_address,
    idleTimeoutMs: (settings.idle_timeout ?? defaults.idle_timeout) * 1000,
    proxies: settings.proxy_protocol ?? [],
    tls: cert === '' ? undefined : { certificate: certificates.open(name, { cert, key, ca }), clientAuth: client_auth },
  };
  const listener = protocol === 'relp' ? RelpListener : TcpListener;
  return listener.start({ ...options, ...connections });
}

/** -1 for none. */
function severityNumber(severity: ExemptSeverity): number {
  return EXEMPT_SEVERITIES.findIndex((name) => name === severity);
}
