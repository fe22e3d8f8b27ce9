import { accessSync, constants } from 'node:fs';
import { errorText } from './error-text';
import { CONFIG_ENTRIES, type Config } from './schema';
import type { ConfigProblem } from './config-error';
import type { Setting } from './settings';

/** What a valid value of each key alone cannot tell. */
export interface CombinationReport {
  readonly problems: ConfigProblem[];
  /** Things that work but are probably not meant, one sentence each. */
  readonly warnings: string[];
}

/** Checks keys that depend on each other, and that the files they name can be read. */
export function checkCombinations(config: Config, settings: ReadonlyMap<string, Setting>): CombinationReport {
  const problems: ConfigProblem[] = [];
  const warnings: string[] = [];
  const report = (key: string, message: string): void => {
    const setting = settings.get(key);
    problems.push({ source: setting?.source ?? 'default', ...setting?.place, key, message });
  };

  const needBoth = (first: string, firstValue: string, second: string, secondValue: string): void => {
    if ((firstValue === '') === (secondValue === '')) return;
    const [present, missing] = firstValue === '' ? [second, first] : [first, second];
    report(present, `needs ${missing} beside it`);
  };
  const { http, management, syslog, otlp, auth } = config;
  needBoth('http.tls.cert', http.tls.cert, 'http.tls.key', http.tls.key);
  needBoth('management.tls.cert', management.tls.cert, 'management.tls.key', management.tls.key);
  needBoth('syslog.tls.cert', syslog.tls.cert, 'syslog.tls.key', syslog.tls.key);
  needBoth('auth.reset_user', auth.reset_user, 'auth.reset_password', auth.reset_password);
  if (syslog.tls.client_auth !== 'none' && syslog.tls.ca === '') {
    report('syslog.tls.client_auth', 'needs syslog.tls.ca: without it no client certificate can be trusted');
  }

  const otlpListeners = [
    ['otlp.http.tls', otlp.http.tls],
    ['otlp.grpc.tls', otlp.grpc.tls],
  ] as const;
  for (const [section, tls] of otlpListeners) {
    needBoth(`${section}.cert`, tls.cert, `${section}.key`, tls.key);
    if (tls.client_auth === 'none') continue;
    if (tls.ca === '')
      report(`${section}.client_auth`, `needs ${section}.ca: without it no client certificate can be trusted`);
    if (tls.cert === '')
      report(`${section}.client_auth`, `needs ${section}.cert: there are no client certificates without TLS`);
  }

  for (const [key, file] of [
    ...otlpListeners.flatMap(([section, { cert, key, ca }]) => [
      [`${section}.cert`, cert] as const,
      [`${section}.key`, key] as const,
      [`${section}.ca`, ca] as const,
    ]),
    ['http.tls.cert', http.tls.cert],
    ['http.tls.key', http.tls.key],
    ['management.tls.cert', management.tls.cert],
    ['management.tls.key', management.tls.key],
    ['syslog.tls.cert', syslog.tls.cert],
    ['syslog.tls.key', syslog.tls.key],
    ['syslog.tls.ca', syslog.tls.ca],
  ] as const) {
    const reason = file === '' ? undefined : whyUnreadable(file);
    if (reason !== undefined) report(key, `cannot read the file: ${reason}`);
  }

  for (const [index, listener] of syslog.listeners.entries()) {
    for (const name of ['cert', 'key', 'ca'] as const) {
      const reason = listener[name] === '' ? undefined : whyUnreadable(listener[name]);
      if (reason === undefined) continue;
      const setting = settings.get('syslog.listeners');
      problems.push({
        source: setting?.source ?? 'default',
        ...setting?.placeOf([index, name]),
        key: `syslog.listeners[${index}].${name}`,
        message: `cannot read the file: ${reason}`,
      });
    }
  }

  const bind = settings.get('syslog.tls.bind');
  if (bind !== undefined && bind.value !== CONFIG_ENTRIES.get('syslog.tls.bind')?.key.default) {
    if (syslog.tls.cert === '' && bind.value !== '' && bind.value !== 'off') {
      warnings.push('syslog.tls.bind is set, but the listener stays off without syslog.tls.cert and syslog.tls.key');
    }
  }
  return { problems, warnings };
}

function whyUnreadable(file: string): string | undefined {
  try {
    accessSync(file, constants.R_OK);
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}
