import { error, testCalls, testCodes } from '../testing/run';
import { functions } from './checksum';

describe('crc is decimal text', () => {
  testCalls(functions, [
    ['crc', ['123456789'], '3421780262'],
    ['crc', ['123456789', 'crc_8_smbus'], '244'],
    ['crc', ['123456789', 'CRC_82_DARC'], String(0x09ea83f625023801fd612n)],
    ['crc', ['', 'CRC_32_ISO_HDLC'], '0'],
    ['crc', ['a', 'CRC_99'], error('Invalid CRC algorithm: CRC_99')],
  ]);
  testCodes([
    ['crc("a")', []],
    ['crc("a", "CRC_8_SMBUS")', []],
    ['crc("a", "CRC_99")', [100]],
    ['crc("a", to_string(now()))', [100]],
  ]);
});

describe('xxhash is a signed integer, or text for 128 bits', () => {
  testCalls(functions, [
    ['xxhash', ['foo'], 3792637401],
    ['xxhash', ['', 'XXH64'], BigInt.asIntN(64, 0xef46db3751d8e999n)],
    ['xxhash', ['', 'xxh3-64'], 0x2d06800538d394c2n],
    ['xxhash', ['', 'XXH3-128'], String(0x99aa06d3014798d86001c324468d497fn)],
    ['xxhash', ['', 'XXH1'], error(/^Variant must be either/)],
  ]);
  testCodes([
    ['xxhash("a", "XXH64")', []],
    ['xxhash("a", "XXH1")', [100]],
  ]);
});
