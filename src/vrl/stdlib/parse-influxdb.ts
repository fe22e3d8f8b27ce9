import { fail } from '../failure';
import { arrayOf, FLOAT, NULL, objectOfKind, shapeOf, STRING, TIMESTAMP, union } from '../types/kind';
import { emptyObject, VrlFloat, VrlTimestamp, type VrlObject, type VrlValue } from '../value/value';
import { define, type FunctionDefinition } from './definition';
import { readLine, type FieldValue, type Point } from './influxdb/read-line';
import { text } from './parameters';

const METRIC = shapeOf({
  name: STRING,
  tags: union(objectOfKind(STRING), NULL),
  timestamp: union(TIMESTAMP, NULL),
  kind: STRING,
  gauge: shapeOf({ value: FLOAT }),
});

const parseInfluxdb = define({
  name: 'parse_influxdb',
  params: [text('value')],
  returns: arrayOf(METRIC),
  fallible: true,
  fresh: true,
  run: (value) => {
    const metrics: VrlValue[] = [];
    for (const line of value.split('\n')) {
      const point = readLine(line);
      if (point === undefined) continue;
      for (const [field, fieldValue] of point.fields) metrics.push(metricOf(point, field, fieldValue));
    }
    return metrics;
  },
});

/** One field as the gauge that metrics know. */
function metricOf(point: Point, field: string, value: FieldValue): VrlObject {
  if (typeof value === 'string')
    throw fail(
      "Error while converting InfluxDB line protocol metric to Vector's metric model: field set values of type string are not supported",
    );
  const metric = emptyObject();
  metric['name'] = `${point.measurement}_${field}`;
  if (point.tags.length > 0) {
    const tags = emptyObject();
    for (const [key, tag] of point.tags) tags[key] = tag;
    metric['tags'] = tags;
  }
  if (point.timestamp !== undefined) metric['timestamp'] = VrlTimestamp.fromEpochNanos(point.timestamp);
  metric['kind'] = 'absolute';
  const gauge = emptyObject();
  gauge['value'] = new VrlFloat(Number(value));
  metric['gauge'] = gauge;
  return metric;
}

export const functions: readonly FunctionDefinition[] = [parseInfluxdb];
