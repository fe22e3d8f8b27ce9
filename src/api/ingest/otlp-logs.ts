import { decodeLogsJson, decodeLogsProtobuf, OtlpDecodeError } from '../../otlp';
import { RecordBatch } from '../../record';
import { validationError } from '../errors/api-error';
import type { DecodedBody, IngestFormat } from './ingest-format';

const PROTOBUF_TYPE = 'application/x-protobuf';

/** An OTLP ExportLogsServiceRequest; see src/otlp for the fields of the records. */
export const OTLP_FORMAT: IngestFormat = {
  mediaTypes: ['application/json', PROTOBUF_TYPE],
  typeRequired: true,
  decode(body, mediaType, _contentType, arrival): DecodedBody {
    const batch = new RecordBatch();
    const decodeLogs = mediaType === PROTOBUF_TYPE ? decodeLogsProtobuf : decodeLogsJson;
    try {
      const { rejected, firstError } = decodeLogs(body, arrival, batch);
      return { batch, rejected, firstRejection: firstError };
    } catch (error) {
      if (error instanceof OtlpDecodeError) throw validationError({ body: [error.message] });
      throw error;
    }
  },
};
