import { error, f, t, testCalls } from '../testing/run';
import { functions } from './parse-aws';

const ALB =
  'http 2018-11-30T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 - 0.000 0.001 0.000 200 200 34 366 "GET http://www.example.com:80/a b HTTP/1.1" "curl/7.46.0" - - arn:aws:x "Root=1-58337364" "-" "-" 0 2018-11-30T22:22:48.364000Z "forward" "-" "-" "10.0.0.66:9000 10.0.0.67:9000" "200 201" "-" "-"';
const FIELDS = {
  type: 'http',
  timestamp: '2018-11-30T22:23:00.186641Z',
  elb: 'app/my-loadbalancer/50dc6c495c0c9188',
  client_host: '192.168.131.39:2817',
  target_host: null,
  request_processing_time: f(0),
  target_processing_time: f(0.001),
  response_processing_time: f(0),
  elb_status_code: '200',
  target_status_code: '200',
  received_bytes: 34,
  sent_bytes: 366,
  request_method: 'GET',
  request_url: 'http://www.example.com:80/a b',
  request_protocol: 'HTTP/1.1',
  user_agent: 'curl/7.46.0',
  ssl_cipher: null,
  ssl_protocol: null,
  target_group_arn: 'arn:aws:x',
  trace_id: 'Root=1-58337364',
  domain_name: null,
  chosen_cert_arn: null,
  matched_rule_priority: '0',
  request_creation_time: '2018-11-30T22:22:48.364000Z',
  actions_executed: 'forward',
  redirect_url: null,
  error_reason: null,
  target_port_list: ['10.0.0.66:9000', '10.0.0.67:9000'],
  target_status_code_list: ['200', '201'],
  classification: null,
  classification_reason: null,
  traceability_id: null,
};

describe('parse_aws_alb_log', () => {
  testCalls(functions, [
    ['parse_aws_alb_log', [ALB], FIELDS],
    ['parse_aws_alb_log', [`${ALB} TID_a1b2`], { ...FIELDS, traceability_id: 'TID_a1b2' }],
    ['parse_aws_alb_log', [`${ALB} "x"`], error('Log should be fully consumed: " "x""')],
    ['parse_aws_alb_log', [`${ALB} "x"`, false], FIELDS],
    ['parse_aws_alb_log', [ALB.replace('"200 201"', '"-"')], { ...FIELDS, target_status_code_list: [] }],
    ['parse_aws_alb_log', [ALB.replace(' 34 ', ' x ')], error(/^failed to get field `received_bytes`/)],
    ['parse_aws_alb_log', [''], error('failed to get field `type`: Parsing Error: ("", TakeWhile1)')],
    ['parse_aws_alb_log', ['http'], error('failed to get field `timestamp`: Parsing Error: ("", Char)')],
    [
      'parse_aws_alb_log',
      ['http x"\\'],
      error('failed to get field `timestamp`: Parsing Error: ("x\\"\\\\", TakeWhile1)'),
    ],
    [
      'parse_aws_alb_log',
      [`${ALB.slice(0, ALB.indexOf('"-" "-" 0'))}"-" "`],
      error('failed to get field `chosen_cert_arn`: Parsing requires more data'),
    ],
    [
      'parse_aws_alb_log',
      [ALB.replace('0.000 0.001', '1.2.3 0')],
      error(/^failed to get field `request_processing_time`: Parsing Error: \(" 1.2.3 0 0.000.*", MapRes\)$/),
    ],
    [
      'parse_aws_alb_log',
      [ALB.replace('192.168.131.39:2817', '2001:db8::a:2817').replace('curl/7.46.0', 'a\\"b\\n')],
      { ...FIELDS, client_host: '2001:db8::a:2817', user_agent: 'a"bn' },
    ],
    [
      'parse_aws_alb_log',
      [`${ALB.replace('"10.0.0.66:9000 10.0.0.67:9000" "200 201"', '10.0.0.66:9000 "-"')} TID_a-b`],
      { ...FIELDS, target_port_list: ['10.0.0.66:9000'], target_status_code_list: [], traceability_id: 'TID_a-b' },
    ],
  ]);
});

describe('parse_aws_vpc_flow_log', () => {
  testCalls(functions, [
    [
      'parse_aws_vpc_flow_log',
      ['2 - eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA'],
      {
        version: 2,
        account_id: null,
        interface_id: 'eni-1235b8ca123456789',
        srcaddr: null,
        dstaddr: null,
        srcport: null,
        dstport: null,
        protocol: null,
        packets: null,
        bytes: null,
        start: 1431280876,
        end: 1431280934,
        action: null,
        log_status: 'NODATA',
      },
    ],
    [
      'parse_aws_vpc_flow_log',
      ['0123 1.2.3.4 7', 'account_id srcaddr tcp_flags'],
      { account_id: '0123', srcaddr: '1.2.3.4', tcp_flags: 7 },
    ],
    ['parse_aws_vpc_flow_log', ['1 2 3', 'version version'], error('value already exists for key: `version`')],
    ['parse_aws_vpc_flow_log', ['1x', 'version'], error('failed to parse value as i64 (key: `version`): `1x`')],
    ['parse_aws_vpc_flow_log', ['1', 'account_id srcaddr'], error('no item for key: `srcaddr`')],
    ['parse_aws_vpc_flow_log', ['1 2', 'account_id'], error('no key for value: `2`')],
    ['parse_aws_vpc_flow_log', ['1', 'nope'], error('unknown key: `nope`')],
    ['parse_aws_vpc_flow_log', ['x', 'bytes'], error(/^failed to parse value as i64 \(key: `bytes`\)/)],
  ]);
});

const SUBSCRIPTION = {
  messageType: 'DATA_MESSAGE',
  owner: '111111111111',
  logGroup: 'test',
  logStream: 'test',
  subscriptionFilters: ['Destination'],
  logEvents: [{ id: '35683658', timestamp: 1600110569039, message: '{"bytes": 1}' }],
};

describe('parse_aws_cloudwatch_log_subscription_message', () => {
  const name = 'parse_aws_cloudwatch_log_subscription_message';
  testCalls(functions, [
    [
      name,
      [JSON.stringify(SUBSCRIPTION)],
      {
        owner: '111111111111',
        message_type: 'DATA_MESSAGE',
        log_group: 'test',
        log_stream: 'test',
        subscription_filters: ['Destination'],
        log_events: [{ id: '35683658', timestamp: t('2020-09-14T19:09:29.039Z'), message: '{"bytes": 1}' }],
      },
    ],
    [name, ['not json'], error('unable to parse: expected ident at line 1 column 2')],
    [name, ['{}'], error('unable to parse: missing field `owner` at line 1 column 2')],
    [name, [JSON.stringify({ ...SUBSCRIPTION, messageType: 'X' })], error(/^unable to parse: unknown variant `X`/)],
    [name, ['[]'], error(/^unable to parse: invalid type/)],
  ]);
});
