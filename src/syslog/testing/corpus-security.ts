import { ARRIVAL_TEXT, SENDER, bsd, structured, type CorpusEntry } from './corpus';

const FORTIGATE =
  'date=2024-10-11 time=22:14:15 devname="FGT60E" devid="FGT60E0000000001" eventtime=1728677655123456789 tz="+0200" logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=10.0.0.5 dstip=8.8.8.8 action="accept"';
const FORTIGATE_CSV = FORTIGATE.replaceAll(' ', ',');
const FORTIMAIL =
  'date=2024-10-11,time=22:14:15,device_id=FE100C3909600504,log_id=0200025843,type=event,subtype=admin,pri=information';
const FORTIGATE_OLD =
  'date=2024-10-11 time=22:14:15 devname=FGT60E devid=FGT60E0000000001 logid=0000000013 type=traffic';
const FORTIANALYZER = 'logver=700120523 timestamp=1728684855 devname="FGT100F" devid="FG100F" vd="root" type="event"';
const SOPHOS_OLD =
  'device="SFW" date=2024-10-11 time=22:14:15 timezone="CEST" device_name="XG210" device_id=C21001 log_id=010101600001 log_type="Firewall" status="Allow"';
const SOPHOS_NEW =
  'device_name="XGS2100" timestamp="2024-10-11T22:14:15+0200" device_model="XGS2100" device_serial_id="X2100" log_id="010101600001" log_type="Firewall"';
const SONICWALL =
  'id=firewall sn=0017C5000000 time="2024-10-11 22:14:15 UTC" fw=192.0.2.1 pri=6 c=262144 m=98 msg="Connection Opened" n=1';
const STORMSHIELD =
  'id=firewall time="2024-10-11 22:14:15" fw="SN200" tz=+0200 startime="2024-10-11 22:14:14" pri=5 confid=01 proto=ssh';
const PALO_ALTO =
  '1,2024/10/11 22:14:15,001801000001,TRAFFIC,end,2305,2024/10/11 22:14:15,10.0.0.5,8.8.8.8,192.0.2.1,8.8.8.8,allow-dns,,,dns,vsys1,trust,untrust';
const CHECK_POINT =
  '[action:"Accept"; flags:"411908"; ifdir:"inbound"; ifname:"eth1"; logid:"0"; loguid:"{0x6708}"; origin:"192.0.2.1"; src:"10.0.0.5"]';

/** Firewalls and other security products. */
export const SECURITY_CORPUS: readonly CorpusEntry[] = [
  {
    device: 'Fortinet FortiGate',
    message: `<189>${FORTIGATE}`,
    fields: bsd(189, '2024-10-11T22:14:15+02:00', 'FGT60E', '', FORTIGATE),
  },
  {
    device: 'Fortinet FortiGate, format csv',
    message: `<189>${FORTIGATE_CSV}`,
    fields: bsd(189, '2024-10-11T22:14:15+02:00', 'FGT60E', '', FORTIGATE_CSV),
  },
  {
    device: 'Fortinet FortiMail',
    message: `<190>${FORTIMAIL}`,
    fields: bsd(190, '2024-10-11T22:14:15Z', SENDER, '', FORTIMAIL),
  },
  {
    device: 'Fortinet FortiGate, FortiOS 5',
    message: `<189>${FORTIGATE_OLD}`,
    fields: bsd(189, '2024-10-11T22:14:15Z', 'FGT60E', '', FORTIGATE_OLD),
  },
  {
    device: 'Fortinet FortiGate, CEF',
    message:
      '<189>Oct 11 22:14:15 FGT60E CEF:0|Fortinet|Fortigate|v7.2.4|00013|traffic:forward accept|3|deviceExternalId=FGT60E src=10.0.0.5',
    fields: bsd(
      189,
      '2024-10-11T22:14:15Z',
      'FGT60E',
      '',
      'CEF:0|Fortinet|Fortigate|v7.2.4|00013|traffic:forward accept|3|deviceExternalId=FGT60E src=10.0.0.5',
    ),
  },
  {
    device: 'Fortinet FortiAnalyzer',
    message: `<189>${FORTIANALYZER}`,
    fields: bsd(189, '2024-10-11T22:14:15Z', 'FGT100F', '', FORTIANALYZER),
  },
  {
    device: 'Palo Alto PAN-OS',
    message: `<14>Oct 11 22:14:15 PA-220 ${PALO_ALTO}`,
    fields: bsd(14, '2024-10-11T22:14:15Z', 'PA-220', '', PALO_ALTO),
  },
  {
    device: 'Palo Alto PAN-OS without host',
    message: `<14>Oct 11 22:14:15 ${PALO_ALTO}`,
    fields: bsd(14, '2024-10-11T22:14:15Z', SENDER, '', PALO_ALTO),
  },
  {
    device: 'Palo Alto PAN-OS, RFC 5424',
    message: `<14>1 2024-10-11T22:14:15.000+02:00 PA-220 - - - - ${PALO_ALTO}`,
    fields: structured(14, '2024-10-11T22:14:15.000+02:00 PA-220 - - -', '', PALO_ALTO),
  },
  {
    device: 'Check Point log exporter',
    message: `<134>1 2024-10-11T22:14:15Z CP-GW CheckPoint 13572 - ${CHECK_POINT}`,
    fields: structured(134, '2024-10-11T22:14:15Z CP-GW CheckPoint 13572 -', '', CHECK_POINT),
  },
  {
    device: 'Check Point Gaia',
    message: '<86>Oct 11 22:14:15 2024 cp-gw xpand[28567]: admin localhost t +volatile:clish:admin:28999 t',
    fields: bsd(86, '2024-10-11T22:14:15Z', 'cp-gw', 'xpand[28567]', 'admin localhost t +volatile:clish:admin:28999 t'),
  },
  {
    device: 'Check Point, CEF',
    message: '<134>Oct 11 22:14:15 cp-gw CEF:0|Check Point|VPN-1 & FireWall-1|Check Point|Log|https|Unknown|act=Accept',
    fields: bsd(
      134,
      '2024-10-11T22:14:15Z',
      'cp-gw',
      '',
      'CEF:0|Check Point|VPN-1 & FireWall-1|Check Point|Log|https|Unknown|act=Accept',
    ),
  },
  {
    device: 'Sophos XG',
    message: `<30>${SOPHOS_OLD}`,
    fields: bsd(30, '2024-10-11T22:14:15+02:00', 'XG210', '', SOPHOS_OLD),
  },
  {
    device: 'Sophos XGS',
    message: `<30>${SOPHOS_NEW}`,
    fields: bsd(30, '2024-10-11T22:14:15+02:00', 'XGS2100', '', SOPHOS_NEW),
  },
  {
    device: 'Sophos UTM',
    message:
      '<30>2024:10:11-22:14:15 utm1 ulogd[5123]: id="2001" severity="info" sys="SecureNet" sub="packetfilter" name="Packet dropped"',
    fields: bsd(
      30,
      '2024-10-11T22:14:15Z',
      'utm1',
      'ulogd[5123]',
      'id="2001" severity="info" sys="SecureNet" sub="packetfilter" name="Packet dropped"',
    ),
  },
  {
    device: 'SonicWall',
    message: `<134>  ${SONICWALL}`,
    fields: bsd(134, '2024-10-11T22:14:15Z', SENDER, '', SONICWALL),
  },
  {
    device: 'Stormshield',
    message: `<13>${STORMSHIELD}`,
    fields: bsd(13, '2024-10-11T22:14:15+02:00', SENDER, '', STORMSHIELD),
  },
  {
    device: 'WatchGuard Firebox',
    message:
      '<140>Oct 11 22:14:15 Firebox 80AB0000 firewall: msg_id="3000-0148" Allow 1-Trusted 0-External 10.0.0.5 8.8.8.8',
    fields: bsd(
      140,
      '2024-10-11T22:14:15Z',
      'Firebox',
      '',
      '80AB0000 firewall: msg_id="3000-0148" Allow 1-Trusted 0-External 10.0.0.5 8.8.8.8',
    ),
  },
  {
    device: 'pfSense filterlog',
    message:
      '<134>Oct 11 22:14:15 filterlog[12345]: 5,,,1000000103,igb0,match,block,in,4,0x0,,64,0,0,DF,6,tcp,60,198.51.100.3,192.0.2.1',
    fields: bsd(
      134,
      '2024-10-11T22:14:15Z',
      SENDER,
      'filterlog[12345]',
      '5,,,1000000103,igb0,match,block,in,4,0x0,,64,0,0,DF,6,tcp,60,198.51.100.3,192.0.2.1',
    ),
  },
  {
    device: 'pfSense filterlog, older',
    message: '<134>Oct 11 22:14:15 filterlog: 5,16777216,,1000000103,em0,match,block,in,4',
    fields: bsd(134, '2024-10-11T22:14:15Z', SENDER, 'filterlog', '5,16777216,,1000000103,em0,match,block,in,4'),
  },
  {
    device: 'OPNsense, RFC 5424',
    message:
      '<134>1 2024-10-11T22:14:15+02:00 fw.example.com filterlog 73216 - [meta sequenceId="42"] 9,,,02f4bab031b57d1e30553ce08e0ec131,igb0,match,block,in',
    fields: structured(
      134,
      '2024-10-11T22:14:15+02:00 fw.example.com filterlog 73216 -',
      '[meta sequenceId="42"]',
      '9,,,02f4bab031b57d1e30553ce08e0ec131,igb0,match,block,in',
      { 'sd.meta.sequenceId': '42' },
    ),
  },
  {
    device: 'Suricata, EVE',
    message:
      '<141>Oct 11 22:14:15 ids1 suricata[991]: {"timestamp":"2024-10-11T22:14:15.123456+0000","event_type":"alert","alert":{"severity":2}}',
    fields: bsd(
      141,
      '2024-10-11T22:14:15Z',
      'ids1',
      'suricata[991]',
      '{"timestamp":"2024-10-11T22:14:15.123456+0000","event_type":"alert","alert":{"severity":2}}',
    ),
  },
  {
    device: 'Snort',
    message:
      '<33>Oct 11 22:14:15 ids1 snort[2211]: [1:2010935:3] ET SCAN Suspicious inbound to MSSQL port 1433 [Priority: 2] {TCP} 1.2.3.4:4000 -> 192.0.2.1:1433',
    fields: bsd(
      33,
      '2024-10-11T22:14:15Z',
      'ids1',
      'snort[2211]',
      '[1:2010935:3] ET SCAN Suspicious inbound to MSSQL port 1433 [Priority: 2] {TCP} 1.2.3.4:4000 -> 192.0.2.1:1433',
    ),
  },
  {
    device: 'Zscaler NSS',
    message:
      '<134>Oct 11 22:14:15 zscaler-nss: LEEF:1.0|Zscaler|NSS|4.1|Allowed|cat=Allowed\tdevTime=Oct 11 2024 22:14:15 GMT\tsrc=10.0.0.5',
    fields: bsd(
      134,
      '2024-10-11T22:14:15Z',
      SENDER,
      'zscaler-nss',
      'LEEF:1.0|Zscaler|NSS|4.1|Allowed|cat=Allowed\tdevTime=Oct 11 2024 22:14:15 GMT\tsrc=10.0.0.5',
    ),
  },
  {
    device: 'CEF without any header',
    message: 'CEF:0|Trend Micro|Deep Security Agent|20.0|4000000|Eicar_test_file|6|cn1=1',
    fields: bsd(
      13,
      ARRIVAL_TEXT,
      SENDER,
      '',
      'CEF:0|Trend Micro|Deep Security Agent|20.0|4000000|Eicar_test_file|6|cn1=1',
      {
        parse_error: 'neither PRI nor a time at the begin',
      },
    ),
  },
  {
    device: 'CEF after PRI alone',
    message: '<14>CEF:0|Trend Micro|Deep Security Manager|20.0|600|User Signed In|3|src=10.0.0.5',
    fields: bsd(
      14,
      ARRIVAL_TEXT,
      SENDER,
      '',
      'CEF:0|Trend Micro|Deep Security Manager|20.0|600|User Signed In|3|src=10.0.0.5',
    ),
  },
  {
    device: 'IBM QRadar LEEF',
    message: '<13>Oct 11 22:14:15 qradar LEEF:2.0|Vendor|Product|1.0|100|^|src=10.0.0.5^dst=10.0.0.6',
    fields: bsd(
      13,
      '2024-10-11T22:14:15Z',
      'qradar',
      '',
      'LEEF:2.0|Vendor|Product|1.0|100|^|src=10.0.0.5^dst=10.0.0.6',
    ),
  },
];
