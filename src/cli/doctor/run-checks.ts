import { access } from 'node:fs/promises';
import type { ConfigFlags } from '../../config';
import { print, type CliIo } from '../cli-io';
import { loadCliConfig } from '../config-options';
import { EXIT_CODE } from '../exit-code';
import { printRows, type OutputOptions } from '../output/print-rows';
import { painterFor } from '../output/style';
import { checkCertificates } from './check-certificates';
import { checkDatabases, checkModes, checkSpace } from './check-files';
import { checkPorts, checkReceiveBuffer } from './check-host';
import { checkQueues } from './check-queues';
import { checkSegments } from './check-segments';
import type { Finding } from './finding';

/** The display of progress changes each time so many parts were read. */
const PARTS_PER_SIGN = 100;

export type DoctorOptions = ConfigFlags & OutputOptions & { readonly repair?: boolean };

/** Checks everything. Works beside a running server. @returns the exit code @throws ConfigError */
export async function runChecks(options: DoctorOptions, io: CliIo): Promise<number> {
  const { config } = loadCliConfig(options, io);
  const findings: Finding[] = [];
  if (await canRead(config.data_dir)) {
    findings.push(await checkSpace(config.data_dir, config.storage.reserve));
    findings.push(...(await checkModes(config.data_dir)));
    findings.push(...(await checkDatabases(config.data_dir, options.repair === true)));
    findings.push(...(await checkSegments(config.data_dir, options.repair === true, signOfLife(io))));
    findings.push(...(await checkQueues(config.data_dir, signOfLife(io))));
  } else {
    findings.push({
      check: 'data directory',
      status: 'problem',
      detail: `${config.data_dir} is not there, or not readable by the current user`,
      advice: 'run doctor as the user of the service, with its configuration (--config, --data-dir)',
    });
  }
  findings.push(...(await checkReceiveBuffer(config)), ...(await checkPorts(config)));
  findings.push(...(await checkCertificates(config, Date.now())));
  await report(findings, options, io);
  return findings.some(({ status }) => status === 'problem') ? EXIT_CODE.failure : EXIT_CODE.ok;
}

async function report(findings: readonly Finding[], { output }: OutputOptions, io: CliIo): Promise<void> {
  if (output !== 'table') {
    const rows = findings.map((finding) => ({ ...finding }));
    await printRows(rows, ['check', 'status', 'detail', 'advice'], output, io);
    return;
  }
  const paint = painterFor(io.stdout, io);
  for (const { check, status, detail, advice } of findings) {
    const sign = status === 'ok' ? 'ok     ' : paint(status === 'problem' ? 'red' : 'yellow', status.padEnd(7));
    await print(io.stdout, `${sign}  ${check}: ${detail}\n`);
    if (advice !== undefined) await print(io.stdout, `         -> ${advice}\n`);
  }
}

/** A large store takes minutes to read: a point on the terminal now and then. */
function signOfLife(io: CliIo): () => void {
  let parts = 0;
  return () => {
    parts++;
    if (io.stderr.isTTY === true && parts % PARTS_PER_SIGN === 0) io.stderr.write('.');
  };
}

function canRead(directory: string): Promise<boolean> {
  return access(directory).then(
    () => true,
    () => false,
  );
}
