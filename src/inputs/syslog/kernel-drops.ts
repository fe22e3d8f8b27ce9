import { readFile } from 'node:fs/promises';

/** Sockets of both address families; see proc(5) and net/ipv4/udp.c for the columns. A sandbox may hide all of /proc but /proc/self. */
const SOCKET_TABLES = ['/proc/self/net/udp', '/proc/self/net/udp6'];

const LOCAL_ADDRESS_COLUMN = 1;
const DROPS_COLUMN = 12;

/**
 * Datagrams that the kernel dropped because the receive buffer of the UDP sockets on this local port was full, since
 * they were opened. Undefined where the system does not tell (no /proc).
 */
export async function kernelDrops(port: number): Promise<number | undefined> {
  let drops: number | undefined;
  for (const table of SOCKET_TABLES) {
    let text: string;
    try {
      text = await readFile(table, 'latin1');
    } catch {
      continue;
    }
    drops = (drops ?? 0) + dropsOf(text, port);
  }
  return drops;
}

/** Sum of the drops of all sockets on a port in the text of /proc/self/net/udp. */
export function dropsOf(table: string, port: number): number {
  let drops = 0;
  for (const line of table.split('\n').slice(1)) {
    const columns = line.trim().split(/\s+/);
    const localPort = columns[LOCAL_ADDRESS_COLUMN]?.split(':')[1];
    if (localPort !== undefined && Number.parseInt(localPort, 16) === port) {
      drops += Number(columns[DROPS_COLUMN] ?? 0);
    }
  }
  return drops;
}
