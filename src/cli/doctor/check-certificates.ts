import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Config } from '../../config';
import type { Finding } from './finding';

const DAY_MS = 86_400_000;
/** Renewal programs act a month before the end; what is left by then was forgotten. */
const WARN_DAYS = 21;

/** Certificates that are configured: readable, of their key, and valid now. */
export async function checkCertificates(config: Config, now: number): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, { cert, key }] of [
    ['http.tls', config.http.tls],
    ['syslog.tls', config.syslog.tls],
  ] as const) {
    if (cert !== '' && key !== '') findings.push(await checkCertificate(`certificate of ${name}`, cert, key, now));
  }
  if (config.syslog.tls.ca !== '') findings.push(await checkAuthority(config.syslog.tls.ca, now));
  return findings;
}

async function checkCertificate(check: string, cert: string, key: string, now: number): Promise<Finding> {
  try {
    // The first of a chain is the server's own.
    const certificate = new X509Certificate(await readFile(cert));
    if (!certificate.checkPrivateKey(createPrivateKey(await readFile(key)))) {
      return {
        check,
        status: 'problem',
        detail: `${key} is not the key of ${cert}`,
        advice: 'put the key that belongs to it',
      };
    }
    return validity(check, cert, certificate, now);
  } catch (error) {
    return {
      check,
      status: 'problem',
      detail: (error as Error).message,
      advice: `${cert} and ${key} must be readable PEM files`,
    };
  }
}

async function checkAuthority(file: string, now: number): Promise<Finding> {
  const check = 'authority of syslog.tls.ca';
  try {
    return validity(check, file, new X509Certificate(await readFile(file)), now);
  } catch (error) {
    return {
      check,
      status: 'problem',
      detail: (error as Error).message,
      advice: `${file} must be a readable PEM file`,
    };
  }
}

function validity(check: string, file: string, certificate: X509Certificate, now: number): Finding {
  const { validFrom, validTo } = certificate;
  const advice = `renew ${file}; the service takes the new one without a restart`;
  if (now > Date.parse(validTo)) return { check, status: 'problem', detail: `ended ${validTo}`, advice };
  if (now < Date.parse(validFrom)) return { check, status: 'problem', detail: `begins only ${validFrom}`, advice };
  const days = Math.floor((Date.parse(validTo) - now) / DAY_MS);
  const detail = `is valid until ${validTo} (${days} days)`;
  return days < WARN_DAYS ? { check, status: 'warning', detail, advice } : { check, status: 'ok', detail };
}
