/** What became of a decoded request. */
export interface DecodeResult {
  /** Records added to the batch. */
  readonly records: number;
  /** Records left out because they are beyond a limit; an OTLP server answers them with a partial success. */
  readonly rejected: number;
  /** Where the first rejected record is and why it was rejected. */
  readonly firstError?: string;
}
