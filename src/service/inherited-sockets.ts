import { readFileSync, readlinkSync } from 'node:fs';

/** The first descriptor that is handed over (sd_listen_fds(3)); those below are the standard streams. */
const FIRST_DESCRIPTOR = 3;
/** More than any unit has; a number beyond is a mistake. */
const MAX_SOCKETS = 64;

const INODE_COLUMN = 9;

/** Listeners that take sockets which the service manager opened. */
export type InheritedListener = 'syslog_udp' | 'syslog_tcp' | 'syslog_tls';

/** File descriptors by the listener they are for. */
export type InheritedSockets = ReadonlyMap<InheritedListener, number>;

/** What a descriptor is: a socket's protocol, or something else. */
export type DescriptorKind = 'udp' | 'tcp' | 'other';

/** The sockets that were handed over cannot be used. */
export class InheritedSocketError extends Error {
  readonly code = 'INHERITED_SOCKET';
  override readonly name = 'InheritedSocketError';
}

/**
 * The sockets that the service manager opened for this process (sd_listen_fds(3)): a socket named `syslog_tls`
 * (`FileDescriptorName=`) is for that listener; of all others UDP sockets are for `syslog_udp` and TCP sockets for
 * `syslog_tcp`.
 *
 * @throws InheritedSocketError when a descriptor is no such socket, or two are for the same listener
 */
export function inheritedSockets(
  env: Readonly<Record<string, string | undefined>>,
  pid: number,
  kindOf: (descriptor: number) => DescriptorKind = descriptorKind,
): InheritedSockets {
  const sockets = new Map<InheritedListener, number>();
  const { LISTEN_PID: meant, LISTEN_FDS: countText, LISTEN_FDNAMES: nameText = '' } = env;
  if (meant !== String(pid) || countText === undefined) return sockets;
  const count = Number(countText);
  if (!/^\d+$/.test(countText) || count > MAX_SOCKETS) {
    throw new InheritedSocketError(`LISTEN_FDS is ${JSON.stringify(countText)}, not a number up to ${MAX_SOCKETS}`);
  }
  const names = nameText.split(':');
  for (let index = 0; index < count; index++) {
    const descriptor = FIRST_DESCRIPTOR + index;
    const listener = listenerFor(kindOf(descriptor), names[index] ?? '');
    if (listener === undefined) {
      throw new InheritedSocketError(`descriptor ${descriptor} was handed over, which is no UDP or TCP socket`);
    }
    if (sockets.has(listener)) {
      throw new InheritedSocketError(
        `two sockets were handed over for ${listener}; one that listens on [::] takes IPv4 as well`,
      );
    }
    sockets.set(listener, descriptor);
  }
  return sockets;
}

function listenerFor(kind: DescriptorKind, name: string): InheritedListener | undefined {
  if (kind === 'udp') return 'syslog_udp';
  if (kind !== 'tcp') return undefined;
  return name === 'syslog_tls' ? 'syslog_tls' : 'syslog_tcp';
}

/** Looks a descriptor up in the kernel's tables of sockets; see proc(5). Works where only /proc/self is visible. */
export function descriptorKind(descriptor: number): DescriptorKind {
  let target: string;
  try {
    target = readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return 'other';
  }
  const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
  if (inode === undefined) return 'other';
  if (tableHas('udp', inode) || tableHas('udp6', inode)) return 'udp';
  if (tableHas('tcp', inode) || tableHas('tcp6', inode)) return 'tcp';
  return 'other';
}

function tableHas(table: string, inode: string): boolean {
  let text: string;
  try {
    text = readFileSync(`/proc/self/net/${table}`, 'latin1');
  } catch {
    // A host without IPv6 has no tables for it.
    return false;
  }
  for (const line of text.split('\n').slice(1)) {
    if (line.trim().split(/\s+/)[INODE_COLUMN] === inode) return true;
  }
  return false;
}
