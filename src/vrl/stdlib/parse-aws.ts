import { fail } from '../failure';
import { arrayOf, FLOAT, INTEGER, NULL, shapeOf, STRING, TIMESTAMP, unionOf, type Kind } from '../types/kind';
import { parseDecimalInteger } from '../value/integer';
import { emptyObject, type VrlObject, type VrlValue } from '../value/value';
import { AlbLine, splitRequest } from './aws/alb-fields';
import { readSubscription } from './aws/cloudwatch';
import { define, type FunctionDefinition } from './definition';
import { boolean, optional, text, withDefault } from './parameters';

const OPTIONAL_STRING = unionOf(STRING, NULL);

function members(names: string, kind: Kind): Record<string, Kind> {
  return Object.fromEntries(names.split(' ').map((name) => [name, kind]));
}

const ALB_KIND = shapeOf({
  // Any of them may be null in a line; these the language types as strings nevertheless.
  ...members(
    'type timestamp elb client_host elb_status_code request_method request_url request_protocol user_agent ' +
      'target_group_arn trace_id request_creation_time',
    STRING,
  ),
  ...members(
    'target_host target_status_code ssl_cipher ssl_protocol domain_name chosen_cert_arn matched_rule_priority ' +
      'actions_executed redirect_url error_reason classification classification_reason traceability_id',
    OPTIONAL_STRING,
  ),
  ...members('request_processing_time target_processing_time response_processing_time', FLOAT),
  ...members('received_bytes sent_bytes', INTEGER),
  ...members('target_port_list target_status_code_list', arrayOf(STRING)),
});

const parseAlbLog = define({
  name: 'parse_aws_alb_log',
  params: [text('value'), withDefault(boolean('strict_mode'), true)],
  returns: ALB_KIND,
  fallible: true,
  fresh: true,
  run: (value, strict) => {
    const line = readAlbLine(value);
    if (strict && line.rest !== '') throw fail(`Log should be fully consumed: "${line.rest}"`);
    return line.fields;
  },
});

const ANYTHING = /[^ ]+/y;
/** Of either version of the protocol, with a port. */
const ADDRESS = /[0-9a-f.:-]+/y;
const CODE = /[0-9-]+/y;
const TIME = /[0-9.:TZ-]+/y;

function readAlbLine(value: string): AlbLine {
  const line = new AlbLine(value);
  line.word('type', /[a-z0-9]+/y);
  line.word('timestamp', TIME);
  line.word('elb', ANYTHING);
  line.word('client_host', ADDRESS);
  line.word('target_host', ADDRESS);
  line.float('request_processing_time');
  line.float('target_processing_time');
  line.float('response_processing_time');
  line.word('elb_status_code', CODE);
  line.word('target_status_code', CODE);
  line.integer('received_bytes');
  line.integer('sent_bytes');
  Object.assign(line.fields, splitRequest(line.quotedText('request')));
  line.quoted('user_agent');
  line.word('ssl_cipher', ANYTHING);
  line.word('ssl_protocol', ANYTHING);
  line.word('target_group_arn', ANYTHING);
  line.quoted('trace_id');
  line.quoted('domain_name');
  line.quoted('chosen_cert_arn');
  line.word('matched_rule_priority', CODE);
  line.word('request_creation_time', TIME);
  line.quoted('actions_executed');
  line.quoted('redirect_url');
  line.quoted('error_reason');
  line.list('target_port_list', ADDRESS);
  line.list('target_status_code_list', /[0-9]+/y);
  line.quoted('classification');
  line.quoted('classification_reason');
  line.optional('traceability_id', / (TID_[^ ]*)/y);
  return line;
}

const VPC_INTEGERS = new Set([
  'bytes',
  'dstport',
  'end',
  'packets',
  'protocol',
  'srcport',
  'start',
  'tcp_flags',
  'traffic_path',
  'version',
]);
const VPC_STRINGS = new Set(
  (
    'account_id action az_id dstaddr flow_direction instance_id interface_id log_status pkt_dst_aws_service ' +
    'pkt_dstaddr pkt_src_aws_service pkt_srcaddr region srcaddr sublocation_id sublocation_type subnet_id type vpc_id'
  ).split(' '),
);
const VPC_DEFAULT_FORMAT =
  'version account_id interface_id srcaddr dstaddr srcport dstport protocol packets bytes start end action log_status';

const parseVpcFlowLog = define({
  name: 'parse_aws_vpc_flow_log',
  params: [text('value'), optional(text('format'))],
  returns: shapeOf({
    ...members([...VPC_STRINGS].join(' '), OPTIONAL_STRING),
    ...members([...VPC_INTEGERS].join(' '), unionOf(INTEGER, NULL)),
  }),
  fallible: true,
  fresh: true,
  run: (value, format = VPC_DEFAULT_FORMAT) => {
    const keys = format.split(' ');
    const items = value.split(' ');
    const object = emptyObject();
    keys.forEach((key, i) => {
      const item = items[i];
      if (item === undefined) throw fail(`no item for key: \`${key}\``);
      const parsed = vpcValue(key, item);
      if (object[key] !== undefined) throw fail(`value already exists for key: \`${key}\``);
      object[key] = parsed;
    });
    const extra = items[keys.length];
    if (extra !== undefined) throw fail(`no key for value: \`${extra}\``);
    return object;
  },
});

function vpcValue(key: string, item: string): VrlValue {
  if (!VPC_INTEGERS.has(key)) {
    if (!VPC_STRINGS.has(key)) throw fail(`unknown key: \`${key}\``);
    return item === '-' ? null : item;
  }
  if (item === '-') return null;
  const integer = parseDecimalInteger(item);
  if (integer === undefined) {
    throw fail(`failed to parse value as i64 (key: \`${key}\`): \`${item}\``);
  }
  return integer;
}

const SUBSCRIPTION_KIND = shapeOf({
  owner: STRING,
  message_type: STRING,
  log_group: STRING,
  log_stream: STRING,
  subscription_filters: arrayOf(STRING),
  log_events: arrayOf(shapeOf({ id: STRING, timestamp: TIMESTAMP, message: STRING })),
});

const parseSubscription = define({
  name: 'parse_aws_cloudwatch_log_subscription_message',
  params: [text('value')],
  returns: SUBSCRIPTION_KIND,
  fallible: true,
  fresh: true,
  run: (value): VrlObject => readSubscription(value),
});

export const functions: readonly FunctionDefinition[] = [parseAlbLog, parseVpcFlowLog, parseSubscription];
