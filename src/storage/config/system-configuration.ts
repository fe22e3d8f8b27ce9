import { isIPv4, isIPv6 } from 'node:net';
import { invalidNameReason } from '../item-name';
import { ConfigError } from './config-error';
import type { SystemConfiguration } from './config-store';

/** What holds until somebody saves something else: everybody may send, new users are viewers. */
export const DEFAULT_SYSTEM_CONFIGURATION: SystemConfiguration = Object.freeze({
  syslog_allowed_origins: Object.freeze([]),
  default_roles: Object.freeze(['viewer']),
});

const IPV4_BITS = 32;
const IPV6_BITS = 128;
const PREFIX_LENGTH = /^(?:0|[1-9]\d{0,2})$/;

/**
 * True for an IP address (`192.0.2.7`, `2001:db8::1`) or a CIDR block (`192.0.2.0/24`, RFC 4632 and RFC 4291).
 * @example
 * isOrigin('10.0.0.0/8') // true
 */
export function isOrigin(text: string): boolean {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  // A zone (`fe80::1%eth0`) belongs to this host, not to the sender.
  if (address.includes('%')) {
    return false;
  }
  const bits = isIPv4(address) ? IPV4_BITS : isIPv6(address) ? IPV6_BITS : undefined;
  if (bits === undefined || slash < 0) {
    return bits !== undefined;
  }
  const length = text.slice(slash + 1);
  return PREFIX_LENGTH.test(length) && Number(length) <= bits;
}

/**
 * Checks what is to be saved.
 * @throws ConfigError `INVALID_SYSTEM_CONFIGURATION`, naming the key, the position and what is allowed
 */
export function checkSystemConfiguration(configuration: SystemConfiguration): void {
  for (const [index, origin] of configuration.syslog_allowed_origins.entries()) {
    if (!isOrigin(origin)) {
      throw new ConfigError(
        'INVALID_SYSTEM_CONFIGURATION',
        `syslog_allowed_origins[${index}]: ${JSON.stringify(origin)} is neither an IP address nor a CIDR block`,
      );
    }
  }
  for (const [index, role] of configuration.default_roles.entries()) {
    const reason = invalidNameReason(role);
    if (reason !== undefined) {
      throw new ConfigError('INVALID_SYSTEM_CONFIGURATION', `default_roles[${index}]: the name of a role ${reason}`);
    }
  }
}

/** Reads what was stored; a list that is missing (an older or foreign writer) is an empty one. */
export function parseSystemConfiguration(text: string): SystemConfiguration {
  const stored: unknown = JSON.parse(text);
  const lists = typeof stored === 'object' && stored !== null ? (stored as Record<string, unknown>) : {};
  return {
    syslog_allowed_origins: stringsOf(lists['syslog_allowed_origins']),
    default_roles: stringsOf(lists['default_roles']),
  };
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
