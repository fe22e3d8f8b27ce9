/** What the process tells its parent. Part of the interface: scripts rely on these numbers. */
export const EXIT_CODE = Object.freeze({
  ok: 0,
  /** The command failed, for a reason that none of the other numbers names. */
  failure: 1,
  /** A command, option or value that does not exist; nothing was done. */
  usage: 2,
  /** The server cannot be reached or cannot answer just now: the same command may work later. */
  unavailable: 3,
  /** Not logged in, or not allowed to. */
  denied: 4,
  /** What was named does not exist. */
  notFound: 5,
  /** It exists already, or somebody else changed it in the meantime. */
  conflict: 6,
  /** `EX_CONFIG` of sysexits.h: the configuration has to be mended; starting again will not help. */
  config: 78,
  /** Added to a signal's number when the signal ended the process. */
  signalBase: 128,
});
