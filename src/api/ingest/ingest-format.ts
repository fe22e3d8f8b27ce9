import type { RecordBatch } from '../../record';

/** The records of a body. */
export interface DecodedBody {
  readonly batch: RecordBatch;
  /** Records of the body that are beyond a limit and not in the batch. */
  readonly rejected?: number;
  /** Why the first of them is not. */
  readonly firstRejection?: string;
}

/** What one ingest route takes. */
export interface IngestFormat {
  /** The first one is meant when a request does not say. */
  readonly mediaTypes: readonly string[];
  /** Whether a request must say what it sends. */
  readonly typeRequired: boolean;
  /**
   * Reads a body.
   * @param contentType the header, with its parameters
   * @param arrival timestamp of all records, milliseconds since the Unix epoch
   * @throws ApiError 400 with all that is wrong
   */
  decode(body: Buffer, mediaType: string, contentType: string | undefined, arrival: number): DecodedBody;
}
