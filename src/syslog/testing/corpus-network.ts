import { ARRIVAL_TEXT, SENDER, bsd, structured, type CorpusEntry } from './corpus';

/** Switches, routers, access points and load balancers. */
export const NETWORK_CORPUS: readonly CorpusEntry[] = [
  {
    device: 'Cisco IOS',
    message: '<189>29: *Mar  1 18:46:11: %SYS-5-CONFIG_I: Configured from console by vty2 (10.34.195.36)',
    fields: bsd(
      189,
      '2024-03-01T18:46:11Z',
      SENDER,
      '%SYS-5-CONFIG_I',
      'Configured from console by vty2 (10.34.195.36)',
    ),
  },
  {
    device: 'Cisco IOS',
    message: '<187>000123: Oct 11 22:14:15.123: %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to up',
    fields: bsd(
      187,
      '2024-10-11T22:14:15.123Z',
      SENDER,
      '%LINK-3-UPDOWN',
      'Interface GigabitEthernet0/1, changed state to up',
    ),
  },
  {
    device: 'Cisco IOS',
    message:
      '<189>45: Oct 11 22:14:15.123 UTC: %LINEPROTO-5-UPDOWN: Line protocol on Interface Vlan1, changed state to down',
    fields: bsd(
      189,
      '2024-10-11T22:14:15.123Z',
      SENDER,
      '%LINEPROTO-5-UPDOWN',
      'Line protocol on Interface Vlan1, changed state to down',
    ),
  },
  {
    device: 'Cisco IOS',
    message: '<189>46: Oct 12 00:14:15.123 CEST: %SYS-5-RESTART: System restarted --',
    fields: bsd(189, '2024-10-12T00:14:15.123+02:00', SENDER, '%SYS-5-RESTART', 'System restarted --'),
  },
  {
    device: 'Cisco IOS',
    message: '<189>47: .Oct 11 22:14:15: %SYS-6-LOGGINGHOST_STARTSTOP: Logging to host 10.1.1.1 port 514 started',
    fields: bsd(
      189,
      '2024-10-11T22:14:15Z',
      SENDER,
      '%SYS-6-LOGGINGHOST_STARTSTOP',
      'Logging to host 10.1.1.1 port 514 started',
    ),
  },
  {
    device: 'Cisco IOS, year in the stamp',
    message:
      '<189>48: *Oct 11 2024 22:14:15.001 UTC: %SEC_LOGIN-5-LOGIN_SUCCESS: Login Success [user: admin] [Source: 10.1.1.9]',
    fields: bsd(
      189,
      '2024-10-11T22:14:15.001Z',
      SENDER,
      '%SEC_LOGIN-5-LOGIN_SUCCESS',
      'Login Success [user: admin] [Source: 10.1.1.9]',
    ),
  },
  {
    device: 'Cisco IOS, origin-id',
    message: '<189>49: core-sw1: Oct 11 22:14:15.900 UTC: %SYS-5-CONFIG_I: Configured from console by admin on vty0',
    fields: bsd(
      189,
      '2024-10-11T22:14:15.900Z',
      'core-sw1',
      '%SYS-5-CONFIG_I',
      'Configured from console by admin on vty0',
    ),
  },
  {
    device: 'Cisco IOS, origin-id and service sequence-numbers',
    message: '<189>50: core-sw1: 000050: *Oct 11 22:14:15.900: %SYS-5-CONFIG_I: Configured from console by console',
    fields: bsd(189, '2024-10-11T22:14:15.900Z', 'core-sw1', '%SYS-5-CONFIG_I', 'Configured from console by console'),
  },
  {
    device: 'Cisco IOS, uptime instead of time',
    message: '<189>51: 00:00:46: %LINK-3-UPDOWN: Interface Port-channel1, changed state to up',
    fields: bsd(189, ARRIVAL_TEXT, SENDER, '%LINK-3-UPDOWN', 'Interface Port-channel1, changed state to up'),
  },
  {
    device: 'Cisco IOS, uptime instead of time',
    message: '<189>52: 1w2d: %SYS-5-CONFIG_I: Configured from console by console',
    fields: bsd(189, ARRIVAL_TEXT, SENDER, '%SYS-5-CONFIG_I', 'Configured from console by console'),
  },
  {
    device: 'Cisco IOS, no time stamps',
    message: '<189>53: %SYS-5-CONFIG_I: Configured from console by console',
    fields: bsd(189, ARRIVAL_TEXT, SENDER, '%SYS-5-CONFIG_I', 'Configured from console by console'),
  },
  {
    device: 'Cisco IOS through a relay',
    message:
      '<189>Oct 11 22:14:16 10.1.1.1 54: Oct 11 22:14:15.123: %SYS-5-CONFIG_I: Configured from console by console',
    fields: bsd(189, '2024-10-11T22:14:15.123Z', '10.1.1.1', '%SYS-5-CONFIG_I', 'Configured from console by console'),
  },
  {
    device: 'Cisco IOS with the host before a colon',
    message: '<189>Oct 11 22:14:15 10.1.1.1: %SYS-5-CONFIG_I: Configured from console by console',
    fields: bsd(189, '2024-10-11T22:14:15Z', '10.1.1.1', '%SYS-5-CONFIG_I', 'Configured from console by console'),
  },
  {
    device: 'Cisco IOS XR',
    message:
      '<189>1234: router1 RP/0/RSP0/CPU0:Oct 11 22:14:15.123 UTC: ifmgr[227]: %PKT_INFRA-LINK-3-UPDOWN : Interface GigabitEthernet0/0/0/1, changed state to Down',
    fields: bsd(
      189,
      '2024-10-11T22:14:15.123Z',
      'router1',
      'RP/0/RSP0/CPU0',
      'ifmgr[227]: %PKT_INFRA-LINK-3-UPDOWN : Interface GigabitEthernet0/0/0/1, changed state to Down',
    ),
  },
  {
    device: 'Cisco IOS XR without host',
    message:
      '<189>1235: RP/0/0/CPU0:Oct 11 22:14:15.123 : SSHD_[1190]: %SECURITY-SSHD-6-INFO_SUCCESS : Successfully authenticated user',
    fields: bsd(
      189,
      '2024-10-11T22:14:15.123Z',
      SENDER,
      'RP/0/0/CPU0',
      'SSHD_[1190]: %SECURITY-SSHD-6-INFO_SUCCESS : Successfully authenticated user',
    ),
  },
  {
    device: 'Cisco NX-OS',
    message: '<187>: 2024 Oct 11 22:14:15 UTC: %ETHPORT-5-IF_UP: Interface Ethernet1/1 is up in mode trunk',
    fields: bsd(187, '2024-10-11T22:14:15Z', SENDER, '%ETHPORT-5-IF_UP', 'Interface Ethernet1/1 is up in mode trunk'),
  },
  {
    device: 'Cisco NX-OS',
    message:
      '<189>2024 Oct 11 22:14:15.123 nexus1 %VSHD-5-VSHD_SYSLOG_CONFIG_I: Configured from vty by admin on 10.1.1.9@pts/0',
    fields: bsd(
      189,
      '2024-10-11T22:14:15.123Z',
      'nexus1',
      '%VSHD-5-VSHD_SYSLOG_CONFIG_I',
      'Configured from vty by admin on 10.1.1.9@pts/0',
    ),
  },
  {
    device: 'Cisco NX-OS through a relay',
    message:
      '<189>Oct 11 22:14:16 nexus1 : 2024 Oct 11 22:14:15 CET: %DAEMON-3-SYSTEM_MSG: NTP Receive dropping message',
    fields: bsd(189, '2024-10-11T22:14:15+01:00', 'nexus1', '%DAEMON-3-SYSTEM_MSG', 'NTP Receive dropping message'),
  },
  {
    device: 'Cisco ASA',
    message:
      '<166>Oct 11 2024 22:14:15: %ASA-6-302013: Built outbound TCP connection 6 for outside:1.2.3.4/80 (1.2.3.4/80) to inside:10.0.0.5/1025',
    fields: bsd(
      166,
      '2024-10-11T22:14:15Z',
      SENDER,
      '%ASA-6-302013',
      'Built outbound TCP connection 6 for outside:1.2.3.4/80 (1.2.3.4/80) to inside:10.0.0.5/1025',
    ),
  },
  {
    device: 'Cisco ASA, device-id',
    message:
      '<164>Oct 11 2024 22:14:15 asa-edge : %ASA-4-106023: Deny tcp src outside:198.51.100.3/4000 dst inside:10.0.0.5/22 by access-group "OUT"',
    fields: bsd(
      164,
      '2024-10-11T22:14:15Z',
      'asa-edge',
      '%ASA-4-106023',
      'Deny tcp src outside:198.51.100.3/4000 dst inside:10.0.0.5/22 by access-group "OUT"',
    ),
  },
  {
    device: 'Cisco ASA, EMBLEM',
    message: '<166>:Oct 11 22:14:15 UTC: %ASA-session-6-302014: Teardown TCP connection 6',
    fields: bsd(166, '2024-10-11T22:14:15Z', SENDER, '%ASA-session-6-302014', 'Teardown TCP connection 6'),
  },
  {
    device: 'Cisco ASA, no time',
    message: '<166>%ASA-6-305011: Built dynamic TCP translation from inside:10.0.0.5/1025',
    fields: bsd(166, ARRIVAL_TEXT, SENDER, '%ASA-6-305011', 'Built dynamic TCP translation from inside:10.0.0.5/1025'),
  },
  {
    device: 'Cisco FTD, RFC 3339 stamp',
    message:
      '<113>2024-10-11T22:14:15Z ftd01 : %FTD-1-430003: EventPriority: Low, DeviceUUID: 9d3a, AccessControlRuleAction: Allow',
    fields: bsd(
      113,
      '2024-10-11T22:14:15Z',
      'ftd01',
      '%FTD-1-430003',
      'EventPriority: Low, DeviceUUID: 9d3a, AccessControlRuleAction: Allow',
    ),
  },
  {
    device: 'Cisco wireless controller (AireOS)',
    message:
      '<134>wlc1: *emWeb: Oct 11 22:14:15.123: %AAA-5-AAA_AUTH_ADMIN_USER: aaa.c:1334 Authentication succeeded for admin user',
    fields: bsd(
      134,
      '2024-10-11T22:14:15.123Z',
      'wlc1',
      '%AAA-5-AAA_AUTH_ADMIN_USER',
      'aaa.c:1334 Authentication succeeded for admin user',
      { proc_id: 'emWeb' },
    ),
  },
  {
    device: 'Cisco call manager, 24 hours',
    message:
      '<189>92980: cucm1.example.com: Oct 11 2024 22:14:15 UTC : %UC_AUDITLOG-5-AdministrativeEvent: %[UserID=admin]: audit',
    fields: bsd(
      189,
      '2024-10-11T22:14:15Z',
      'cucm1.example.com',
      '%UC_AUDITLOG-5-AdministrativeEvent',
      '%[UserID=admin]: audit',
    ),
  },
  {
    device: 'Cisco call manager, 12 hours',
    message:
      '<187>34: cucm1: Oct 11 2024 10:14:15 PM.685 UTC : %UC_RTMT-3-RTMT_ALERT: %[AlertName=LowCallManager]: alert',
    fields: bsd(
      187,
      '2024-10-11T22:14:15.685Z',
      'cucm1',
      '%UC_RTMT-3-RTMT_ALERT',
      '%[AlertName=LowCallManager]: alert',
    ),
  },
  {
    device: 'Cisco call manager, 12 hours',
    message: '<187>35: cucm1: Oct 11 2024 12:14:15 AM UTC : %UC_RTMT-3-RTMT_ALERT: %[AlertName=LowCallManager]: alert',
    fields: bsd(187, '2024-10-11T00:14:15Z', 'cucm1', '%UC_RTMT-3-RTMT_ALERT', '%[AlertName=LowCallManager]: alert'),
  },
  {
    device: 'Cisco mail gateway',
    message: '<22>Oct 11 22:14:15 mail_logs: Info: MID 123 ICID 4 From: <a@example.com>',
    fields: bsd(22, '2024-10-11T22:14:15Z', SENDER, 'mail_logs', 'Info: MID 123 ICID 4 From: <a@example.com>'),
  },
  {
    device: 'Dell PowerConnect',
    message: '<189> Oct 11 22:14:15 10.1.1.1-1 TRAPMGR[123]: traputil.c(721) 434 %% Link Up: 0/1',
    fields: bsd(189, '2024-10-11T22:14:15Z', '10.1.1.1-1', 'TRAPMGR[123]', 'traputil.c(721) 434 %% Link Up: 0/1'),
  },
  {
    device: 'Nokia SR OS',
    message: '<188>Oct 11 22:14:15 10.1.1.1 TMNX: 12345 Base PORT-WARNING-etherAlarmSet-2017 [Port 1/1/1]:  Alarm',
    fields: bsd(
      188,
      '2024-10-11T22:14:15Z',
      '10.1.1.1',
      'TMNX',
      '12345 Base PORT-WARNING-etherAlarmSet-2017 [Port 1/1/1]:  Alarm',
    ),
  },
  {
    device: 'Cisco ISE',
    message:
      '<181>Oct 11 22:14:15 ise1 CISE_Passed_Authentications 0000012345 1 0 2024-10-11 22:14:15.123 +02:00 0000067890 5200 NOTICE Passed-Authentication: Authentication succeeded',
    fields: bsd(
      181,
      '2024-10-11T22:14:15Z',
      'ise1',
      '',
      'CISE_Passed_Authentications 0000012345 1 0 2024-10-11 22:14:15.123 +02:00 0000067890 5200 NOTICE Passed-Authentication: Authentication succeeded',
    ),
  },
  {
    device: 'Cisco Meraki',
    message:
      '<134>1 1728684855.123456789 MX84 flows src=10.0.0.5 dst=8.8.8.8 protocol=udp sport=53 dport=53 pattern: allow all',
    fields: bsd(
      134,
      '2024-10-11T22:14:15.123456789Z',
      'MX84',
      '',
      'flows src=10.0.0.5 dst=8.8.8.8 protocol=udp sport=53 dport=53 pattern: allow all',
    ),
  },
  {
    device: 'Juniper Junos',
    message: '<28>Oct 11 22:14:15 srx1 sshd[4242]: Failed password for root from 198.51.100.7 port 4242 ssh2',
    fields: bsd(
      28,
      '2024-10-11T22:14:15Z',
      'srx1',
      'sshd[4242]',
      'Failed password for root from 198.51.100.7 port 4242 ssh2',
    ),
  },
  {
    device: 'Juniper Junos',
    message: '<14>Oct 11 22:14:15.512 srx1 RT_FLOW: RT_FLOW_SESSION_CREATE: session created 10.0.0.5/1025->8.8.8.8/53',
    fields: bsd(
      14,
      '2024-10-11T22:14:15.512Z',
      'srx1',
      'RT_FLOW',
      'RT_FLOW_SESSION_CREATE: session created 10.0.0.5/1025->8.8.8.8/53',
    ),
  },
  {
    device: 'Juniper Junos with year and zone',
    message:
      '<30>Oct 11 22:14:15 2024 mx1 rpd[1876]: BGP_PREFIX_THRESH_EXCEEDED: 192.0.2.1: Configured maximum prefix-limit exceeded',
    fields: bsd(
      30,
      '2024-10-11T22:14:15Z',
      'mx1',
      'rpd[1876]',
      'BGP_PREFIX_THRESH_EXCEEDED: 192.0.2.1: Configured maximum prefix-limit exceeded',
    ),
  },
  {
    device: 'Juniper Junos, structured-data',
    message:
      '<14>1 2024-10-11T22:14:15.512+02:00 srx1 RT_FLOW - RT_FLOW_SESSION_CREATE [junos@2636.1.1.1.2.129 source-address="10.0.0.5" source-port="1025" service-name="junos-dns-udp"] session created',
    fields: structured(
      14,
      '2024-10-11T22:14:15.512+02:00 srx1 RT_FLOW - RT_FLOW_SESSION_CREATE',
      '[junos@2636.1.1.1.2.129 source-address="10.0.0.5" source-port="1025" service-name="junos-dns-udp"]',
      'session created',
      {
        'sd.junos@2636.1.1.1.2.129.source-address': '10.0.0.5',
        'sd.junos@2636.1.1.1.2.129.source-port': '1025',
        'sd.junos@2636.1.1.1.2.129.service-name': 'junos-dns-udp',
      },
    ),
  },
  {
    device: 'Huawei VRP',
    message:
      '<189>Oct 11 2024 22:14:15 HUAWEI %%01IFNET/4/IF_STATE(l)[51]:Interface GigabitEthernet0/0/1 has turned into DOWN state.',
    fields: bsd(
      189,
      '2024-10-11T22:14:15Z',
      'HUAWEI',
      '%%01IFNET/4/IF_STATE(l)[51]',
      'Interface GigabitEthernet0/0/1 has turned into DOWN state.',
    ),
  },
  {
    device: 'Huawei VRP with offset and DST',
    message:
      '<188>2024-10-11 22:14:15+01:00 DST CE6800 %%01SSH/4/SSH_FAIL(s):CID=0x80932727;The SSH user failed to log in.',
    fields: bsd(
      188,
      '2024-10-11T22:14:15+01:00',
      'CE6800',
      '%%01SSH/4/SSH_FAIL(s)',
      'CID=0x80932727;The SSH user failed to log in.',
    ),
  },
  {
    device: 'H3C Comware',
    message:
      '<190>Oct 11 22:14:15:123 2024 H3C %%10SHELL/6/SHELL_CMD: -Line=vty0-IPAddr=10.1.1.9-User=admin; Command is display version',
    fields: bsd(
      190,
      '2024-10-11T22:14:15.123Z',
      'H3C',
      '%%10SHELL/6/SHELL_CMD',
      '-Line=vty0-IPAddr=10.1.1.9-User=admin; Command is display version',
    ),
  },
  {
    device: 'HP ProCurve',
    message: '<14> Oct 11 22:14:15 10.1.1.20 00076 ports:  port 5 is now on-line',
    fields: bsd(14, '2024-10-11T22:14:15Z', '10.1.1.20', '', '00076 ports:  port 5 is now on-line'),
  },
  {
    device: 'Aruba controller',
    message:
      '<141>Oct 11 22:14:15 2024 Aruba7005 authmgr[3567]: <522008> <3567> <NOTI> |authmgr| User Authentication Successful',
    fields: bsd(
      141,
      '2024-10-11T22:14:15Z',
      'Aruba7005',
      'authmgr[3567]',
      '<522008> <3567> <NOTI> |authmgr| User Authentication Successful',
    ),
  },
  {
    device: 'Aruba CX',
    message:
      '<190>1 2024-10-11T22:14:15.123456+00:00 6300M hpe-restd 1234 - - Event|4657|LOG_INFO|AMM|-|User admin logged in',
    fields: structured(
      190,
      '2024-10-11T22:14:15.123456+00:00 6300M hpe-restd 1234 -',
      '',
      'Event|4657|LOG_INFO|AMM|-|User admin logged in',
    ),
  },
  {
    device: 'Arista EOS',
    message:
      '<189>Oct 11 22:14:15 leaf1 Ebra: %LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet1, changed state to up',
    fields: bsd(
      189,
      '2024-10-11T22:14:15Z',
      'leaf1',
      'Ebra',
      '%LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet1, changed state to up',
    ),
  },
  {
    device: 'Brocade Fabric OS',
    message:
      '<142>1 2024-10-11T22:14:15.123Z fcsw1 raslogd - SEC-1203 [seq@1588 value="1234" tz="Europe/Berlin"][msgid@1588 value="SEC-1203"] Login information: Login successful',
    fields: structured(
      142,
      '2024-10-11T22:14:15.123Z fcsw1 raslogd - SEC-1203',
      '[seq@1588 value="1234" tz="Europe/Berlin"][msgid@1588 value="SEC-1203"]',
      'Login information: Login successful',
      { 'sd.seq@1588.value': '1234', 'sd.seq@1588.tz': 'Europe/Berlin', 'sd.msgid@1588.value': 'SEC-1203' },
    ),
  },
  {
    device: 'Extreme EXOS',
    message: '<133>Oct 11 22:14:15 10.2.2.2 AAA: Login passed for user admin through telnet (10.1.1.9)',
    fields: bsd(
      133,
      '2024-10-11T22:14:15Z',
      '10.2.2.2',
      'AAA',
      'Login passed for user admin through telnet (10.1.1.9)',
    ),
  },
  {
    device: 'MikroTik, default format',
    message: '<30>system,info,account user admin logged in from 10.1.1.9 via winbox',
    fields: bsd(30, ARRIVAL_TEXT, SENDER, '', 'system,info,account user admin logged in from 10.1.1.9 via winbox'),
  },
  {
    device: 'MikroTik, BSD format',
    message: '<30>Oct 11 22:14:15 MikroTik dhcp1 assigned 10.0.0.77 to 00:11:22:33:44:55',
    fields: bsd(30, '2024-10-11T22:14:15Z', 'MikroTik', '', 'dhcp1 assigned 10.0.0.77 to 00:11:22:33:44:55'),
  },
  {
    device: 'MikroTik, firewall',
    message:
      '<134>Oct 11 22:14:15 gw firewall,info drop: in:ether1 out:(unknown 0), proto TCP (SYN), 1.2.3.4:40000->192.0.2.1:22, len 60',
    fields: bsd(
      134,
      '2024-10-11T22:14:15Z',
      'gw',
      '',
      'firewall,info drop: in:ether1 out:(unknown 0), proto TCP (SYN), 1.2.3.4:40000->192.0.2.1:22, len 60',
    ),
  },
  {
    device: 'Ubiquiti UniFi access point',
    message: '<30>Oct 11 22:14:15 U7LT hostapd: ath0: STA 00:11:22:33:44:55 IEEE 802.11: associated (aid 1)',
    fields: bsd(
      30,
      '2024-10-11T22:14:15Z',
      'U7LT',
      'hostapd',
      'ath0: STA 00:11:22:33:44:55 IEEE 802.11: associated (aid 1)',
    ),
  },
  {
    device: 'Ubiquiti UniFi access point, device in quotes',
    message:
      '<30>Oct 11 22:14:15 ("U7LT,788a20aabbcc,v4.3.20.11298") hostapd: ath3: STA 00:11:22:33:44:55 WPA: group key handshake completed',
    fields: bsd(
      30,
      '2024-10-11T22:14:15Z',
      'U7LT,788a20aabbcc,v4.3.20.11298',
      'hostapd',
      'ath3: STA 00:11:22:33:44:55 WPA: group key handshake completed',
    ),
  },
  {
    device: 'Ubiquiti UniFi access point, with its hardware address',
    message:
      '<30>Oct 11 22:14:15 788a20aabbcc,U7LT-4.3.20.11298: hostapd[1234]: ath0: STA 00:11:22:33:44:55 associated',
    fields: bsd(
      30,
      '2024-10-11T22:14:15Z',
      '788a20aabbcc,U7LT-4.3.20.11298',
      'hostapd[1234]',
      'ath0: STA 00:11:22:33:44:55 associated',
    ),
  },
  {
    device: 'Ubiquiti UniFi access point, with its hardware address',
    message: '<30>Oct 11 22:14:15 U7PG2,788a20aabbcc,v4.3.20.11298 kernel: br0: port 2(ath0) entered forwarding state',
    fields: bsd(
      30,
      '2024-10-11T22:14:15Z',
      'U7PG2,788a20aabbcc,v4.3.20.11298',
      'kernel',
      'br0: port 2(ath0) entered forwarding state',
    ),
  },
  {
    device: 'Ubiquiti UniFi gateway',
    message: '<4>Oct 11 22:14:15 UDMPRO kernel: [LAN_IN-2000-D]IN=br0 OUT=eth8 SRC=10.0.0.5 DST=1.1.1.1 LEN=60',
    fields: bsd(
      4,
      '2024-10-11T22:14:15Z',
      'UDMPRO',
      'kernel',
      '[LAN_IN-2000-D]IN=br0 OUT=eth8 SRC=10.0.0.5 DST=1.1.1.1 LEN=60',
    ),
  },
  {
    device: 'F5 BIG-IP',
    message:
      '<141>Oct 11 22:14:15 bigip1 notice mcpd[6789]: 01070638:5: Pool /Common/web member /Common/10.0.0.5:80 monitor status down.',
    fields: bsd(
      141,
      '2024-10-11T22:14:15Z',
      'bigip1',
      '',
      'notice mcpd[6789]: 01070638:5: Pool /Common/web member /Common/10.0.0.5:80 monitor status down.',
    ),
  },
  {
    device: 'F5 BIG-IP',
    message: '<134>Oct 11 22:14:15 bigip1.example.com tmm1[12345]: Rule /Common/log <HTTP_REQUEST>: GET /index.html',
    fields: bsd(
      134,
      '2024-10-11T22:14:15Z',
      'bigip1.example.com',
      'tmm1[12345]',
      'Rule /Common/log <HTTP_REQUEST>: GET /index.html',
    ),
  },
  {
    device: 'Citrix NetScaler',
    message: '<134> 10/11/2024:22:14:15 GMT ns1 0-PPE-0 : default TCP CONN_TERMINATE 1234 0 :  Source 10.0.0.5:443',
    fields: bsd(
      134,
      '2024-10-11T22:14:15Z',
      'ns1',
      '',
      '0-PPE-0 : default TCP CONN_TERMINATE 1234 0 :  Source 10.0.0.5:443',
    ),
  },
  {
    device: 'OpenWrt',
    message: '<30>Oct 11 22:14:15 OpenWrt dnsmasq-dhcp[1234]: DHCPACK(br-lan) 192.168.1.7 00:11:22:33:44:55 laptop',
    fields: bsd(
      30,
      '2024-10-11T22:14:15Z',
      'OpenWrt',
      'dnsmasq-dhcp[1234]',
      'DHCPACK(br-lan) 192.168.1.7 00:11:22:33:44:55 laptop',
    ),
  },
];
