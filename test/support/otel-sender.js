// Sends ten log records with the OpenTelemetry SDK: node otel-sender.js protobuf|json|grpc none|gzip URL TEXT
// A program of its own, because the SDK loads its transport with import(), which jest does not support.
'use strict';

const { OTLPLogExporter: GrpcExporter } = require('@opentelemetry/exporter-logs-otlp-grpc');
const { OTLPLogExporter: JsonExporter } = require('@opentelemetry/exporter-logs-otlp-http');
const { OTLPLogExporter: ProtobufExporter } = require('@opentelemetry/exporter-logs-otlp-proto');
const { resourceFromAttributes } = require('@opentelemetry/resources');
const { BatchLogRecordProcessor, LoggerProvider } = require('@opentelemetry/sdk-logs');

async function main() {
  const [format, compression, url, text] = process.argv.slice(2);
  const Exporter = { json: JsonExporter, protobuf: ProtobufExporter, grpc: GrpcExporter }[format];
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ 'service.name': 'checkout' }),
    processors: [new BatchLogRecordProcessor({ exporter: new Exporter({ url, compression }) })],
  });
  const logger = provider.getLogger('cart', '1.2.3');
  for (let i = 0; i < 10; i++) {
    logger.emit({
      body: `${text} ${i}`,
      severityNumber: 9,
      attributes: { 'http.status': 200 + i, ratio: 0.5, ok: true },
    });
  }
  await provider.forceFlush();
  await provider.shutdown();
}

void main();
