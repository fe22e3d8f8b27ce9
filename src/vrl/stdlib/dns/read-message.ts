import { encodeBase64 } from '../codec/base64';
import { emptyObject, type VrlArray, type VrlObject, type VrlValue } from '../../value/value';
import { DnsReader, text } from './dns-reader';
import { algorithmName, className, extendedErrorPurpose, optionName, recordTypeName, responseCodeName } from './names';
import { readRecordData } from './record-data';

const OPT = 41;
const DAU = 5;
const EXTENDED_ERROR = 15;

/** A message's parts as they stand, before they get their names. */
interface Parts {
  readonly id: number;
  readonly flags: number;
  readonly counts: readonly [number, number, number, number];
  readonly questions: readonly Question[];
  readonly sections: readonly [VrlArray, VrlArray, VrlArray];
  readonly edns: VrlObject | undefined;
  readonly extendedCode: number;
}

interface Question {
  readonly name: string;
  readonly type: number;
  readonly class: string;
}

/** Reads a DNS query or response (RFC 1035). @throws DnsError */
export function readQueryMessage(bytes: Uint8Array, lowercase: boolean): VrlObject {
  const { id, flags, counts, questions, sections, edns, extendedCode } = readParts(bytes, lowercase);
  const message = withCode(((extendedCode << 4) | (flags & 0xf)) & 0xffff);
  const header = headerOf(id, flags);
  for (const [name, bit] of FLAGS) header[name] = (flags & bit) !== 0;
  ['qdCount', 'anCount', 'nsCount', 'arCount'].forEach((name, i) => {
    header[name] = counts[i] as number;
  });
  message['header'] = header;
  addSection(message, 'question', questions.map(questionObject));
  addSection(message, 'answers', sections[0]);
  addSection(message, 'authority', sections[1]);
  addSection(message, 'additional', sections[2]);
  if (edns !== undefined) message['opt'] = edns;
  return message;
}

/** Reads a DNS update or the response to one (RFC 2136). @throws DnsError */
export function readUpdateMessage(bytes: Uint8Array, lowercase: boolean): VrlObject {
  const { id, flags, counts, questions, sections } = readParts(bytes, lowercase);
  const message = withCode(flags & 0xf);
  const header = headerOf(id, flags);
  ['zoCount', 'prCount', 'upCount', 'adCount'].forEach((name, i) => {
    header[name] = counts[i] as number;
  });
  message['header'] = header;
  const zone = questions[0];
  if (zone !== undefined) {
    const object = emptyObject();
    object['zName'] = zone.name;
    setPresent(object, 'zType', recordTypeName(zone.type));
    object['zTypeId'] = zone.type;
    object['zClass'] = zone.class;
    message['zone'] = object;
  }
  addSection(message, 'prerequisite', sections[0]);
  addSection(message, 'update', sections[1]);
  addSection(message, 'additional', sections[2]);
  return message;
}

const FLAGS = [
  ['aa', 0x400],
  ['tc', 0x200],
  ['rd', 0x100],
  ['ra', 0x80],
  ['ad', 0x20],
  ['cd', 0x10],
] as const;

function withCode(code: number): VrlObject {
  const message = emptyObject();
  message['fullRcode'] = code;
  setPresent(message, 'rcodeName', responseCodeName(code));
  return message;
}

function headerOf(id: number, flags: number): VrlObject {
  const header = emptyObject();
  header['id'] = id;
  header['opcode'] = (flags >> 11) & 0xf;
  header['rcode'] = flags & 0xf;
  header['qr'] = flags >> 15;
  return header;
}

function addSection(message: VrlObject, name: string, records: VrlArray): void {
  if (records.length > 0) message[name] = records;
}

function setPresent(object: VrlObject, name: string, value: VrlValue | undefined): void {
  if (value !== undefined) object[name] = value;
}

function readParts(bytes: Uint8Array, lowercase: boolean): Parts {
  const reader = new DnsReader(bytes, lowercase);
  const id = reader.u16();
  const flags = reader.u16();
  const counts = [reader.u16(), reader.u16(), reader.u16(), reader.u16()] as const;
  const questions = Array.from({ length: counts[0] }, () => readQuestion(reader));
  const sections: [VrlArray, VrlArray, VrlArray] = [[], [], []];
  let edns: VrlObject | undefined;
  let extendedCode = 0;
  sections.forEach((section, i) => {
    for (let left = counts[i + 1] as number; left > 0; left--) {
      const name = reader.name();
      const type = reader.u16();
      if (type !== OPT) {
        section.push(readRecord(reader, name, type));
        continue;
      }
      const option = readEdns(reader);
      edns = option.object;
      extendedCode = option.extendedCode;
    }
  });
  return { id, flags, counts: [...counts], questions, sections, edns, extendedCode };
}

function readQuestion(reader: DnsReader): Question {
  return { name: reader.name(), type: reader.u16(), class: className(reader.u16()) };
}

function questionObject(question: Question): VrlObject {
  const object = emptyObject();
  object['domainName'] = question.name;
  setPresent(object, 'questionType', recordTypeName(question.type));
  object['questionTypeId'] = question.type;
  object['class'] = question.class;
  return object;
}

function readRecord(reader: DnsReader, name: string, type: number): VrlObject {
  const record = emptyObject();
  record['domainName'] = name;
  setPresent(record, 'recordType', recordTypeName(type));
  record['recordTypeId'] = type;
  record['class'] = className(reader.u16());
  record['ttl'] = reader.u32();
  const length = reader.u16();
  // Updates name records without their data.
  const data = length === 0 ? { text: '' } : reader.within(length, () => readRecordData(type, reader));
  setPresent(record, 'rData', data.text);
  setPresent(record, 'rDataBytes', 'bytes' in data ? data.bytes : undefined);
  return record;
}

/** Reads the OPT record (RFC 6891 section 6.1) behind its name and type. */
function readEdns(reader: DnsReader): { readonly object: VrlObject; readonly extendedCode: number } {
  const object = emptyObject();
  const payload = reader.u16();
  const extendedCode = reader.u8();
  object['extendedRcode'] = extendedCode;
  object['ednsVersion'] = reader.u8();
  object['do'] = (reader.u16() & 0x8000) !== 0;
  object['udpPayloadSize'] = payload;
  const errors: VrlArray = [];
  const options: VrlArray = [];
  reader.within(reader.u16(), () => {
    while (reader.left > 0) {
      const code = reader.u16();
      const length = reader.u16();
      reader.within(length, () => {
        if (code === EXTENDED_ERROR) errors.push(extendedError(reader));
        else options.push(ednsOption(code, reader.rest()));
      });
    }
  });
  addSection(object, 'ede', errors);
  addSection(object, 'options', options);
  return { object, extendedCode };
}

function extendedError(reader: DnsReader): VrlObject {
  const code = reader.u16();
  const object = emptyObject();
  object['infoCode'] = code;
  setPresent(object, 'purpose', extendedErrorPurpose(code));
  if (reader.left > 0) object['extraText'] = text(reader.rest());
  return object;
}

function ednsOption(code: number, data: Uint8Array): VrlObject {
  const object = emptyObject();
  object['optCode'] = code;
  object['optName'] = optionName(code);
  const algorithms = Array.from(data, algorithmName).filter((name) => name !== undefined);
  object['optValue'] = code === DAU ? algorithms.join(' ') : encodeBase64(data);
  return object;
}
