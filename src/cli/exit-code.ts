/** What the process tells its parent. */
export const EXIT_CODE = Object.freeze({
  ok: 0,
  /** The command failed, or was used wrongly. */
  failure: 1,
  /** `EX_CONFIG` of sysexits.h: the configuration has to be mended; starting again will not help. */
  config: 78,
  /** Added to a signal's number when the signal ended the process. */
  signalBase: 128,
});
