/**
 * One algorithm of the catalogue of parametrised CRC algorithms (reveng), all numbers in hexadecimal.
 *
 * `order` is "r" when bits of input and output come least significant first, "o" when those of the output alone do.
 */
export interface CrcParameters {
  readonly width: number;
  readonly polynomial: bigint;
  readonly initial: bigint;
  readonly reflectInput: boolean;
  readonly reflectOutput: boolean;
  readonly xor: bigint;
}

/** Name, polynomial, initial value, order, value that the result is combined with. The width leads the name. */
const CATALOGUE = `
3_GSM 3 0 - 7
3_ROHC 3 7 r 0
4_G_704 3 0 r 0
4_INTERLAKEN 3 f - f
5_EPC_C1G2 9 9 - 0
5_G_704 15 0 r 0
5_USB 5 1f r 1f
6_CDMA2000_A 27 3f - 0
6_CDMA2000_B 7 3f - 0
6_DARC 19 0 r 0
6_G_704 3 0 r 0
6_GSM 2f 0 - 3f
7_MMC 9 0 - 0
7_ROHC 4f 7f r 0
7_UMTS 45 0 - 0
8_AUTOSAR 2f ff - ff
8_BLUETOOTH a7 0 r 0
8_CDMA2000 9b ff - 0
8_DARC 39 0 r 0
8_DVB_S2 d5 0 - 0
8_GSM_A 1d 0 - 0
8_GSM_B 49 0 - ff
8_HITAG 1d ff - 0
8_I_432_1 7 0 - 55
8_I_CODE 1d fd - 0
8_LTE 9b 0 - 0
8_MAXIM_DOW 31 0 r 0
8_MIFARE_MAD 1d c7 - 0
8_NRSC_5 31 ff - 0
8_OPENSAFETY 2f 0 - 0
8_ROHC 7 ff r 0
8_SAE_J1850 1d ff - ff
8_SMBUS 7 0 - 0
8_TECH_3250 1d ff r 0
8_WCDMA 9b 0 r 0
10_ATM 233 0 - 0
10_CDMA2000 3d9 3ff - 0
10_GSM 175 0 - 3ff
11_FLEXRAY 385 1a - 0
11_UMTS 307 0 - 0
12_CDMA2000 f13 fff - 0
12_DECT 80f 0 - 0
12_GSM d31 0 - fff
12_UMTS 80f 0 o 0
13_BBC 1cf5 0 - 0
14_DARC 805 0 r 0
14_GSM 202d 0 - 3fff
15_CAN 4599 0 - 0
15_MPT1327 6815 0 - 1
16_ARC 8005 0 r 0
16_CDMA2000 c867 ffff - 0
16_CMS 8005 ffff - 0
16_DDS_110 8005 800d - 0
16_DECT_R 589 0 - 1
16_DECT_X 589 0 - 0
16_DNP 3d65 0 r ffff
16_EN_13757 3d65 0 - ffff
16_GENIBUS 1021 ffff - ffff
16_GSM 1021 0 - ffff
16_IBM_3740 1021 ffff - 0
16_IBM_SDLC 1021 ffff r ffff
16_ISO_IEC_14443_3_A 1021 c6c6 r 0
16_KERMIT 1021 0 r 0
16_LJ1200 6f63 0 - 0
16_M17 5935 ffff - 0
16_MAXIM_DOW 8005 0 r ffff
16_MCRF4XX 1021 ffff r 0
16_MODBUS 8005 ffff r 0
16_NRSC_5 80b ffff r 0
16_OPENSAFETY_A 5935 0 - 0
16_OPENSAFETY_B 755b 0 - 0
16_PROFIBUS 1dcf ffff - ffff
16_RIELLO 1021 b2aa r 0
16_SPI_FUJITSU 1021 1d0f - 0
16_T10_DIF 8bb7 0 - 0
16_TELEDISK a097 0 - 0
16_TMS37157 1021 89ec r 0
16_UMTS 8005 0 - 0
16_USB 8005 ffff r ffff
16_XMODEM 1021 0 - 0
17_CAN_FD 1685b 0 - 0
21_CAN_FD 102899 0 - 0
24_BLE 65b 555555 r 0
24_FLEXRAY_A 5d6dcb fedcba - 0
24_FLEXRAY_B 5d6dcb abcdef - 0
24_INTERLAKEN 328b63 ffffff - ffffff
24_LTE_A 864cfb 0 - 0
24_LTE_B 800063 0 - 0
24_OPENPGP 864cfb b704ce - 0
24_OS_9 800063 ffffff - ffffff
30_CDMA 2030b9c7 3fffffff - 3fffffff
31_PHILIPS 4c11db7 7fffffff - 7fffffff
32_AIXM 814141ab 0 - 0
32_AUTOSAR f4acfb13 ffffffff r ffffffff
32_BASE91_D a833982b ffffffff r ffffffff
32_BZIP2 4c11db7 ffffffff - ffffffff
32_CD_ROM_EDC 8001801b 0 r 0
32_CKSUM 4c11db7 0 - ffffffff
32_ISCSI 1edc6f41 ffffffff r ffffffff
32_ISO_HDLC 4c11db7 ffffffff r ffffffff
32_JAMCRC 4c11db7 ffffffff r 0
32_MEF 741b8cd7 ffffffff r 0
32_MPEG_2 4c11db7 ffffffff - 0
32_XFER af 0 - 0
40_GSM 4820009 0 - ffffffffff
64_ECMA_182 42f0e1eba9ea3693 0 - 0
64_GO_ISO 1b ffffffffffffffff r ffffffffffffffff
64_MS 259c84cba6426349 ffffffffffffffff r 0
64_REDIS ad93d23594c935a9 0 r 0
64_WE 42f0e1eba9ea3693 ffffffffffffffff - ffffffffffffffff
64_XZ 42f0e1eba9ea3693 ffffffffffffffff r ffffffffffffffff
82_DARC 308c0111011401440411 0 r 0
`;

function parseRow(row: string): readonly [string, CrcParameters] {
  const [name, polynomial, initial, order, xor] = row.split(' ') as [string, string, string, string, string];
  return [
    `CRC_${name}`,
    {
      width: parseInt(name, 10),
      polynomial: BigInt(`0x${polynomial}`),
      initial: BigInt(`0x${initial}`),
      reflectInput: order === 'r',
      reflectOutput: order !== '-',
      xor: BigInt(`0x${xor}`),
    },
  ];
}

/** The algorithms by the names that programs use. */
export const CRC_CATALOGUE: ReadonlyMap<string, CrcParameters> = new Map(CATALOGUE.trim().split('\n').map(parseRow));
