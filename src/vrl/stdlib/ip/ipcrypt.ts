import { unsafe } from '@noble/ciphers/aes';
import { AesBlocks, BLOCK_BYTES, xor } from '../cipher/block';
import { ipv4Mapped, IPV4_BYTES, toIpv6, type Address } from './address';

/** Encryption of addresses into addresses (draft-denis-ipcrypt). */
export interface AddressCipher {
  encrypt(address: Address): Address;
  decrypt(address: Address): Address;
}

/** An address out of its 16-byte form: the IPv4 one when it is IPv4-mapped. */
function fromIpv6(address: Address): Address {
  return ipv4Mapped(address) ?? address;
}

/** ipcrypt-deterministic: one block of AES-128. */
export function deterministicCipher(key: Uint8Array): AddressCipher {
  const encryptionKey = unsafe.expandKeyLE(key);
  const decryptionKey = unsafe.expandKeyDecLE(key);
  return {
    encrypt(address) {
      const block = Uint8Array.from(toIpv6(address));
      unsafe.encryptBlock(encryptionKey, block);
      return fromIpv6(block);
    },
    decrypt(address) {
      const block = Uint8Array.from(toIpv6(address));
      unsafe.decryptBlock(decryptionKey, block);
      return fromIpv6(block);
    },
  };
}

const IPV6_BITS = 128;
const IPV4_START = IPV6_BITS - 8 * IPV4_BYTES;

/**
 * ipcrypt-pfx: addresses that share their first bits share as many bits afterwards. Each bit is combined with one that
 * two keys make of the bits before it.
 *
 * @param key two different keys of AES-128 in a row
 */
export function prefixCipher(key: Uint8Array): AddressCipher {
  const first = new AesBlocks(key.subarray(0, BLOCK_BYTES));
  const second = new AesBlocks(key.subarray(BLOCK_BYTES));
  const transform = (address: Address, decrypting: boolean): Address => {
    const source = toIpv6(address);
    const start = address.length === IPV4_BYTES ? IPV4_START : 0;
    const result = new Uint8Array(BLOCK_BYTES);
    result.set(source.subarray(0, start / 8));
    const prefix = startingPrefix(start);
    for (let bit = start; bit < IPV6_BITS; bit++) {
      const mask = 0x80 >> (bit & 7);
      const at = bit >> 3;
      const pad = (xor(first.encrypt(prefix), second.encrypt(prefix))[BLOCK_BYTES - 1] as number) & 1;
      const given = ((source[at] as number) & mask) === 0 ? 0 : 1;
      const made = given ^ pad;
      if (made === 1) result[at] = (result[at] as number) | mask;
      append(prefix, decrypting ? made : given);
    }
    return fromIpv6(result);
  };
  return {
    encrypt: (address) => transform(address, false),
    decrypt: (address) => transform(address, true),
  };
}

/** The bits before the first one that is encrypted, with a one before them that marks where they begin. */
function startingPrefix(start: number): Uint8Array {
  const prefix = new Uint8Array(BLOCK_BYTES);
  if (start === 0) {
    prefix[BLOCK_BYTES - 1] = 1;
    return prefix;
  }
  prefix[BLOCK_BYTES - 1 - start / 8] = 1;
  prefix[BLOCK_BYTES - 2] = 0xff;
  prefix[BLOCK_BYTES - 1] = 0xff;
  return prefix;
}

/** Shifts one bit in at the end. */
function append(bits: Uint8Array, bit: number): void {
  for (let i = 0; i < BLOCK_BYTES - 1; i++) bits[i] = ((bits[i] as number) << 1) | ((bits[i + 1] as number) >> 7);
  bits[BLOCK_BYTES - 1] = ((bits[BLOCK_BYTES - 1] as number) << 1) | bit;
}
