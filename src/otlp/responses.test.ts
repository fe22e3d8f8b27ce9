import fc from 'fast-check';
import {
  decodeExportLogsResponse,
  decodeStatusMessage,
  encodeExportLogsResponse,
  encodeStatus,
  OtlpDecodeError,
  type OtlpFormat,
} from './index';
import { referenceDecode, referenceEncode } from './testing/reference-messages';

const FORMATS: OtlpFormat[] = ['protobuf', 'json'];

describe('ExportLogsServiceResponse', () => {
  it('leaves partial success unset when all is well', () => {
    const outcome = { rejected: 0, message: '' };
    expect(encodeExportLogsResponse(outcome, 'protobuf')).toHaveLength(0);
    expect(encodeExportLogsResponse(outcome, 'json').toString()).toBe('{}');
  });

  it('says how many records were rejected and why', () => {
    const outcome = { rejected: 3, message: 'too deep' };
    expect(referenceDecode('ExportLogsServiceResponse', encodeExportLogsResponse(outcome, 'protobuf'))).toEqual({
      partialSuccess: { rejectedLogRecords: '3', errorMessage: 'too deep' },
    });
    expect(JSON.parse(encodeExportLogsResponse(outcome, 'json').toString())).toEqual({
      partialSuccess: { rejectedLogRecords: '3', errorMessage: 'too deep' },
    });
  });

  it.each(FORMATS)('comes back from %s', (format) => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.string({ unit: 'binary' }), (rejected, message) => {
        const outcome = { rejected, message };
        expect(decodeExportLogsResponse(encodeExportLogsResponse(outcome, format), format)).toEqual(outcome);
      }),
    );
  });

  it.each([
    ['{}', 0, ''],
    ['{"partialSuccess":null}', 0, ''],
    ['{"partialSuccess":{}}', 0, ''],
    ['{"partialSuccess":{"rejectedLogRecords":2}}', 2, ''],
    ['{"partial_success":{"rejected_log_records":"2","error_message":"why"},"more":1}', 2, 'why'],
  ])('decodes %s', (text, rejected, message) => {
    expect(decodeExportLogsResponse(Buffer.from(text), 'json')).toEqual({ rejected, message });
  });

  it('decodes what another implementation sends', () => {
    const bytes = referenceEncode('ExportLogsServiceResponse', {
      partialSuccess: { rejectedLogRecords: '4294967301', errorMessage: 'x'.repeat(300) },
    });
    expect(decodeExportLogsResponse(bytes, 'protobuf')).toEqual({ rejected: 4294967301, message: 'x'.repeat(300) });
  });

  it('refuses other messages', () => {
    expect(() => decodeExportLogsResponse(Buffer.from('<html>'), 'json')).toThrow(OtlpDecodeError);
    expect(() => decodeExportLogsResponse(Buffer.from('<html>'), 'protobuf')).toThrow(OtlpDecodeError);
    expect(() =>
      decodeExportLogsResponse(Buffer.from('{"partialSuccess":{"rejectedLogRecords":"many"}}'), 'json'),
    ).toThrow('partialSuccess.rejectedLogRecords: expected an integer, got "many"');
  });

  it.each(FORMATS)('gives an outcome or an OtlpDecodeError for any %s bytes', (format) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          decodeExportLogsResponse(bytes, format);
        } catch (error) {
          expect(error).toBeInstanceOf(OtlpDecodeError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('google.rpc.Status', () => {
  it('has a code and a message', () => {
    const status = { code: 3, message: 'field reaches beyond the end of its message' };
    expect(referenceDecode('Status', encodeStatus(status, 'protobuf'))).toEqual(status);
    expect(JSON.parse(encodeStatus(status, 'json').toString())).toEqual(status);
  });

  it('is read for its message alone', () => {
    const status = { code: 14, message: 'the störe is full', retryDelayMs: 5 };
    expect(decodeStatusMessage(encodeStatus(status, 'protobuf'))).toBe('the störe is full');
    expect(decodeStatusMessage(Buffer.alloc(0))).toBe('');
    expect(() => decodeStatusMessage(Buffer.from('<html>'))).toThrow(OtlpDecodeError);
  });

  it.each([
    [0, {}, '0.000s'],
    [1, { nanos: 1_000_000 }, '0.001s'],
    [999.5, { seconds: '1' }, '1.000s'],
    [1500, { seconds: '1', nanos: 500_000_000 }, '1.500s'],
    [86_400_000, { seconds: '86400' }, '86400.000s'],
    [-1, {}, '0.000s'],
  ])('tells to retry after %d ms', (retryDelayMs, duration, text) => {
    const status = { code: 14, message: 'store is full', retryDelayMs };
    const decoded = referenceDecode('Status', encodeStatus(status, 'protobuf'));
    expect(decoded).toMatchObject({ code: 14, message: 'store is full' });
    const [detail] = decoded.details as { typeUrl: string; value: string }[];
    expect(detail!.typeUrl).toBe('type.googleapis.com/google.rpc.RetryInfo');
    expect(referenceDecode('RetryInfo', Buffer.from(detail!.value, 'base64'))).toEqual({ retryDelay: duration });
    expect(JSON.parse(encodeStatus(status, 'json').toString())).toEqual({
      code: 14,
      message: 'store is full',
      details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: text }],
    });
  });
});
