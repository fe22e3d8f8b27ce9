import { ARRIVAL_TEXT, SENDER, bsd, structured, type CorpusEntry } from './corpus';

const TIME = '2024-10-11T22:14:15Z';

function plain(device: string, priority: number, hostname: string, program: string, content: string): CorpusEntry {
  const message = `<${priority}>Oct 11 22:14:15 ${hostname} ${program}: ${content}`;
  return { device, message, fields: bsd(priority, TIME, hostname, program, content) };
}

/** Servers, their daemons, storage, printers and power supplies. */
export const SERVER_CORPUS: readonly CorpusEntry[] = [
  plain(
    'Linux sshd',
    38,
    'web-01',
    'sshd[12345]',
    'Accepted publickey for deploy from 10.20.30.40 port 50122 ssh2: RSA SHA256:abc',
  ),
  plain(
    'Linux sshd',
    86,
    'web-01',
    'sshd[12345]',
    'pam_unix(sshd:session): session opened for user deploy(uid=1000) by (uid=0)',
  ),
  plain('Linux sudo', 85, 'web-01', 'sudo', '  deploy : TTY=pts/0 ; PWD=/home/deploy ; USER=root ; COMMAND=/bin/ls'),
  plain('Linux su', 34, 'mymachine', 'su', "'su root' failed for lonvick on /dev/pts/8"),
  plain(
    'Linux kernel',
    4,
    'web-01',
    'kernel',
    '[12345.678901] Out of memory: Killed process 4242 (java) total-vm:123kB',
  ),
  plain(
    'Linux kernel',
    6,
    'web-01',
    'kernel',
    '[UFW BLOCK] IN=eth0 OUT= MAC=00:11 SRC=198.51.100.3 DST=192.0.2.1 LEN=40',
  ),
  plain('cron', 78, 'web-01', 'CRON[4321]', '(root) CMD (   cd / && run-parts --report /etc/cron.hourly)'),
  plain('cron of RHEL', 78, 'web-01', '/usr/sbin/cron[4321]', '(root) RELOAD (/var/spool/cron/root)'),
  plain('systemd', 30, 'web-01', 'systemd[1]', 'Started Daily apt download activities.'),
  plain('systemd', 30, 'web-01', 'systemd-logind[765]', 'New session 42 of user deploy.'),
  plain('PAM of old RHEL', 86, 'web-01', 'su(pam_unix)[1234]', 'session opened for user root by (uid=0)'),
  plain('postfix', 22, 'mail', 'postfix/smtpd[2345]', 'connect from unknown[198.51.100.3]'),
  plain(
    'postfix',
    22,
    'mail',
    'postfix/qmgr[2345]',
    '4F9D195432C: from=<a@example.com>, size=3123, nrcpt=1 (queue active)',
  ),
  plain(
    'postfix, instance',
    22,
    'mail',
    'postfix-out/smtp/tls[99]',
    '4F9D195432C: to=<b@example.com>, relay=mx[192.0.2.2]:25, status=sent',
  ),
  plain(
    'dovecot',
    22,
    'mail',
    'dovecot',
    'imap-login: Login: user=<a>, method=PLAIN, rip=10.0.0.5, lip=10.0.0.1, mpid=99, TLS',
  ),
  plain('exim', 22, 'mail', 'exim[123]', '2024-10-11 22:14:15 1t0abc-000123-XY <= a@example.com'),
  plain('ISC dhcpd', 30, 'gw', 'dhcpd[877]', 'DHCPACK on 10.0.0.77 to 00:11:22:33:44:55 (laptop) via eth1'),
  plain(
    'ISC named',
    30,
    'ns1',
    'named[611]',
    'client @0x7f 10.0.0.5#53124 (example.com): query: example.com IN A +E(0)K (10.0.0.1)',
  ),
  plain('ntpd', 29, 'gw', 'ntpd[100]', 'kernel reports TIME_ERROR: 0x41: Clock Unsynchronized'),
  plain('net-snmp', 30, 'web-01', 'snmpd[800]', 'Connection from UDP: [10.0.0.9]:51000->[10.0.0.1]:161'),
  plain(
    'NetworkManager',
    30,
    'laptop',
    'NetworkManager[700]',
    '<info>  [1728684855.1234] device (wlan0): state change: activated',
  ),
  plain(
    'nginx',
    190,
    'web-01',
    'nginx',
    '10.0.0.5 - - [11/Oct/2024:22:14:15 +0000] "GET / HTTP/1.1" 200 612 "-" "curl/8.5.0"',
  ),
  plain(
    'nginx error log',
    187,
    'web-01',
    'nginx',
    '2024/10/11 22:14:15 [error] 31#31: *1 open() "/favicon.ico" failed (2: No such file or directory)',
  ),
  plain(
    'HAProxy',
    134,
    'lb1',
    'haproxy[14389]',
    '10.0.1.2:33317 [11/Oct/2024:22:14:15.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "GET / HTTP/1.1"',
  ),
  plain(
    'Apache httpd',
    174,
    'web-01',
    'httpd[3333]',
    '[client 10.0.0.5:41000] AH00128: File does not exist: /var/www/x',
  ),
  plain(
    'Apache with a tag of its own',
    190,
    'web-01',
    'apache_access',
    '10.0.0.5 - - [11/Oct/2024:22:14:15 +0000] "GET / HTTP/1.1" 200 612',
  ),
  plain('Docker', 30, 'docker-01', 'docker/web.1[2222]', 'listening on port 8080'),
  plain('Docker, container id', 30, 'docker-01', '8dfafdbc3a40[2222]', 'ready'),
  plain(
    'Kubernetes kubelet',
    30,
    'node-1',
    'kubelet[1100]',
    'I1011 22:14:15.123456    1100 kubelet.go:2410] "SyncLoop ADD" source="api"',
  ),
  plain('PostgreSQL', 134, 'db1', 'postgres[555]', '[3-1] LOG:  duration: 1234.567 ms  statement: SELECT 1'),
  plain('OpenVPN', 29, 'gw', 'ovpn-server[432]', 'alice/198.51.100.7:1194 peer info: IV_VER=2.6.8'),
  plain(
    'auditd',
    13,
    'web-01',
    'audispd',
    'node=web-01 type=SYSCALL msg=audit(1728684855.123:42): arch=c000003e syscall=59',
  ),
  plain('Puppet', 30, 'web-01', 'puppet-agent[77]', 'Applied catalog in 4.11 seconds'),
  plain('Perl daemon', 13, 'web-01', 'My::Daemon', 'started'),
  plain(
    'Synology DSM',
    14,
    'NAS01',
    'Connection',
    'User [admin] from [10.0.0.5] signed in to [DSM] successfully via [password].',
  ),
  plain(
    'QNAP QTS',
    30,
    'QNAP-TS',
    'qulogd[9911]',
    'conn log: Users: admin, Source IP: 10.0.0.5, Computer name: ---, Connection type: HTTPS, Action: Login OK',
  ),
  plain('APC UPS', 12, 'apc-ups1', 'UPS', 'On battery power in response to an input power problem. 0x0109'),
  plain('HP printer', 14, 'NPI1A2B3C', 'printer', 'ready to print'),
  plain('HPE iLO', 13, 'ilo-web-01', '#ILO5', '10/11/2024 22:14 Browser login: Administrator - 10.0.0.5'),
  plain(
    'Dell iDRAC',
    13,
    'idrac-ABC123',
    'Severity',
    'Informational, Category: Audit, MessageID: USR0030, Message: Successfully logged in using root',
  ),
  plain(
    'rsyslogd',
    46,
    'web-01',
    'rsyslogd',
    '[origin software="rsyslogd" swVersion="8.2312.0" x-pid="811" x-info="https://www.rsyslog.com"] start',
  ),
  plain('syslog-ng', 45, 'web-01', 'syslog-ng[600]', "syslog-ng starting up; version='4.3.1'"),
  plain(
    'FreeBSD',
    38,
    'bsd1',
    'sshd[900]',
    'error: PAM: authentication error for illegal user oracle from 198.51.100.3',
  ),
  plain('OpenBSD', 30, 'obsd', 'dhcpleased[123]', 'adding 10.0.0.7 to em0 (lease from 10.0.0.1)'),
  plain('Solaris', 37, 'sol1', 'login', '[ID 644210 auth.notice] ROOT LOGIN /dev/pts/1 FROM 10.0.0.5'),
  {
    device: 'AIX',
    message: '<38>Oct 11 22:14:15 Message forwarded from aix1: sshd[123]: Failed password for root from 10.0.0.5',
    fields: bsd(38, TIME, 'aix1', 'sshd[123]', 'Failed password for root from 10.0.0.5'),
  },
  {
    device: 'AIX through a relay',
    message: '<13>Oct 11 22:14:15 relay Message forwarded from aix1.example.com: syslog: restart',
    fields: bsd(13, TIME, 'aix1.example.com', 'syslog', 'restart'),
  },
  plain('AIX, a message about a message', 13, 'aix1', 'app', 'Message forwarded from aix2'),
  {
    device: 'a sentence that begins as AIX would',
    message: '<13>Oct 11 22:14:15 mail Message forwarded from the queue',
    fields: bsd(13, TIME, 'mail', '', 'Message forwarded from the queue'),
  },
  {
    device: 'NetApp ONTAP',
    message: '<5>Oct 11 22:14:15 filer1 [filer1:raid.rg.scrub.done:notice]: /aggr0: scrub completed',
    fields: bsd(5, TIME, 'filer1', '', '[filer1:raid.rg.scrub.done:notice]: /aggr0: scrub completed'),
  },
  plain('Pure Storage', 109, 'purearray', 'purity.alert[1234]', 'Controller CT0 failed'),
  {
    device: 'VMware NSX',
    message:
      '<182>1 2024-10-11T22:14:15.123Z nsx-edge NSX 1234 FABRIC [nsx@6876 comp="nsx-edge" subcomp="nsxa" level="INFO"] state changed',
    fields: structured(
      182,
      '2024-10-11T22:14:15.123Z nsx-edge NSX 1234 FABRIC',
      '[nsx@6876 comp="nsx-edge" subcomp="nsxa" level="INFO"]',
      'state changed',
      { 'sd.nsx@6876.comp': 'nsx-edge', 'sd.nsx@6876.subcomp': 'nsxa', 'sd.nsx@6876.level': 'INFO' },
    ),
  },
  plain(
    'Windows, NXLog',
    14,
    'WIN-DC01',
    'Microsoft-Windows-Security-Auditing[740]',
    'An account was successfully logged on.',
  ),
  plain(
    'VMware ESXi',
    166,
    'esx01',
    'Hostd',
    'info hostd[2099] [Originator@6876 sub=Vimsvc.ha-eventmgr] Event 42 : User root@127.0.0.1 logged in',
  ),
  {
    device: 'Windows, Snare',
    message:
      '<14>Oct 11 22:14:15 WIN-DC01 MSWinEventLog\t1\tSecurity\t42\tFri Oct 11 22:14:15 2024\t4624\tMicrosoft-Windows-Security-Auditing',
    fields: bsd(
      14,
      TIME,
      'WIN-DC01',
      '',
      'MSWinEventLog\t1\tSecurity\t42\tFri Oct 11 22:14:15 2024\t4624\tMicrosoft-Windows-Security-Auditing',
    ),
  },
  {
    device: 'Windows, NXLog, JSON',
    message: '<14>Oct 11 22:14:15 WIN-DC01 {"EventID":4624,"Hostname":"WIN-DC01","Severity":"INFO"}',
    fields: bsd(14, TIME, 'WIN-DC01', '', '{"EventID":4624,"Hostname":"WIN-DC01","Severity":"INFO"}'),
  },
  {
    device: 'Windows, NXLog, RFC 5424',
    message:
      '<14>1 2024-10-11T22:14:15.123456+02:00 WIN-DC01.example.com Microsoft-Windows-Security-Auditing 740 - [NXLOG@14506 Keywords="-9214364837600034816" EventType="AUDIT_SUCCESS" EventID="4624"] An account was successfully logged on.',
    fields: structured(
      14,
      '2024-10-11T22:14:15.123456+02:00 WIN-DC01.example.com Microsoft-Windows-Security-Auditing 740 -',
      '[NXLOG@14506 Keywords="-9214364837600034816" EventType="AUDIT_SUCCESS" EventID="4624"]',
      'An account was successfully logged on.',
      {
        'sd.NXLOG@14506.Keywords': '-9214364837600034816',
        'sd.NXLOG@14506.EventType': 'AUDIT_SUCCESS',
        'sd.NXLOG@14506.EventID': '4624',
      },
    ),
  },
  {
    device: 'VMware ESXi 6 and later',
    message:
      '<166>2024-10-11T22:14:15.123Z esx01.example.com Hostd: info hostd[2099] [Originator@6876 sub=Vimsvc] Event 42 : User logged in',
    fields: bsd(
      166,
      '2024-10-11T22:14:15.123Z',
      'esx01.example.com',
      'Hostd',
      'info hostd[2099] [Originator@6876 sub=Vimsvc] Event 42 : User logged in',
    ),
  },
  {
    device: 'VMware ESXi vmkernel',
    message:
      '<181>2024-10-11T22:14:15.123Z esx01.example.com vmkernel: cpu4:2097245)ScsiDeviceIO: 4167: Cmd(0x45) 0x1a, CmdSN 0x1 failed',
    fields: bsd(
      181,
      '2024-10-11T22:14:15.123Z',
      'esx01.example.com',
      'vmkernel',
      'cpu4:2097245)ScsiDeviceIO: 4167: Cmd(0x45) 0x1a, CmdSN 0x1 failed',
    ),
  },
  {
    device: 'VMware vCenter',
    message:
      '<14>1 2024-10-11T22:14:15.123456+00:00 vcsa vpxd 7123 - - Event [12345] [1-1] [2024-10-11T22:14:15Z] [vim.event.UserLoginSessionEvent]',
    fields: structured(
      14,
      '2024-10-11T22:14:15.123456+00:00 vcsa vpxd 7123 -',
      '',
      'Event [12345] [1-1] [2024-10-11T22:14:15Z] [vim.event.UserLoginSessionEvent]',
    ),
  },
  {
    device: 'macOS',
    message:
      '<29>Oct 11 22:14:15 mac com.apple.xpc.launchd[1] (com.apple.mdworker.shared[4242]): Service exited due to SIGKILL',
    fields: bsd(
      29,
      TIME,
      'mac',
      'com.apple.xpc.launchd[1]',
      '(com.apple.mdworker.shared[4242]): Service exited due to SIGKILL',
    ),
  },
  {
    device: 'macOS, repeated',
    message: '<29>Oct 11 22:14:15 --- last message repeated 1 time ---',
    fields: bsd(29, TIME, SENDER, '', '--- last message repeated 1 time ---'),
  },
  {
    device: 'BSD syslogd, repeated',
    message: '<29>Oct 11 22:14:15 last message repeated 3 times',
    fields: bsd(29, TIME, SENDER, '', 'last message repeated 3 times'),
  },
  {
    device: 'BSD syslogd, repeated, with host',
    message: '<29>Oct 11 22:14:15 gw last message repeated 3 times',
    fields: bsd(29, TIME, 'gw', '', 'last message repeated 3 times'),
  },
  {
    device: 'rsyslog, forward format',
    message: '<38>2024-10-11T22:14:15.123456+02:00 web-01 sshd[12345]: Accepted password for deploy',
    fields: bsd(38, '2024-10-11T22:14:15.123456+02:00', 'web-01', 'sshd[12345]', 'Accepted password for deploy'),
  },
  {
    device: 'rsyslog, file format without PRI',
    message: 'Oct 11 22:14:15 web-01 sshd[12345]: Accepted password for deploy',
    fields: bsd(13, TIME, 'web-01', 'sshd[12345]', 'Accepted password for deploy'),
  },
  {
    device: 'Linux logger over /dev/log',
    message: '<13>Oct 11 22:14:15 root: hello world',
    fields: bsd(13, TIME, SENDER, 'root', 'hello world'),
  },
  {
    device: 'Linux logger, RFC 5424',
    message:
      '<13>1 2024-10-11T22:14:15.123456+02:00 web-01 root - - [timeQuality tzKnown="1" isSynced="1" syncAccuracy="412500"] hello world',
    fields: structured(
      13,
      '2024-10-11T22:14:15.123456+02:00 web-01 root - -',
      '[timeQuality tzKnown="1" isSynced="1" syncAccuracy="412500"]',
      'hello world',
      {
        'sd.timeQuality.tzKnown': '1',
        'sd.timeQuality.isSynced': '1',
        'sd.timeQuality.syncAccuracy': '412500',
      },
    ),
  },
  {
    device: 'OpenLDAP without time',
    message: '<167>slapd[2222]: conn=1000 op=0 BIND dn="" method=128',
    fields: bsd(167, ARRIVAL_TEXT, SENDER, 'slapd[2222]', 'conn=1000 op=0 BIND dn="" method=128'),
  },
  {
    device: 'busybox syslogd',
    message: '<30>dnsmasq[77]: using nameserver 9.9.9.9#53',
    fields: bsd(30, ARRIVAL_TEXT, SENDER, 'dnsmasq[77]', 'using nameserver 9.9.9.9#53'),
  },
  {
    device: 'CEE over syslog',
    message: '<13>Oct 11 22:14:15 web-01 app[1]: @cee: {"event":"login","user":"a"}',
    fields: bsd(13, TIME, 'web-01', 'app[1]', '@cee: {"event":"login","user":"a"}'),
  },
  {
    device: 'CEE without tag',
    message: '<13>Oct 11 22:14:15 web-01 @cee:{"event":"login"}',
    fields: bsd(13, TIME, 'web-01', '', '@cee:{"event":"login"}'),
  },
  {
    device: 'CEE after PRI alone',
    message: '<13>@cee: {"event":"login"}',
    fields: bsd(13, ARRIVAL_TEXT, SENDER, '', '@cee: {"event":"login"}'),
  },
  {
    device: 'JSON after PRI alone',
    message: '<13>{"time":"2024-10-11T22:14:15Z","msg":"hi"}',
    fields: bsd(13, ARRIVAL_TEXT, SENDER, '', '{"time":"2024-10-11T22:14:15Z","msg":"hi"}'),
  },
  {
    device: 'Heroku log drain',
    message: '<40>1 2024-10-11T22:14:15+00:00 host app web.3 - State changed from starting to up',
    fields: structured(40, '2024-10-11T22:14:15+00:00 host app web.3 -', '', 'State changed from starting to up'),
  },
  {
    device: 'Keycloak, BOM and JSON',
    message: '<14>1 2024-10-11T22:14:15.123Z kc keycloak 1 org.keycloak.events - \ufeff{"type":"LOGIN"}',
    fields: structured(14, '2024-10-11T22:14:15.123Z kc keycloak 1 org.keycloak.events', '', '{"type":"LOGIN"}'),
  },
];
