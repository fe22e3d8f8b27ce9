import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import path from 'node:path';

/**
 * Says how the thread that calls this shares the processors with others while there is more to do than they can: on Linux each
 * thread has a niceness of its own. Without effect where the system does not allow it: values below what the process was started
 * with take root, or a limit that is set for that (`RLIMIT_NICE`).
 *
 * @param niceness -20 to 19; beside a thread of 0, one of 5 gets a quarter of a contended processor and one of 10 a tenth
 */
export function setThreadPriority(niceness: number): void {
  try {
    // PID/task/TID
    setPriority(Number(path.basename(readlinkSync('/proc/thread-self'))), niceness);
  } catch {
    // Another system, or a sandbox: it goes on as it is.
  }
}
