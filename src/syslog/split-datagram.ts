import { SyslogFramer, type FramerOptions } from './syslog-framer';

/**
 * The messages of one UDP datagram. RFC 5426 wants one message in a datagram; senders that put several lines into one mean
 * several messages, so each line that is not empty is one. Trailing NUL, CR and LF are not part of a message.
 *
 * @param options `lines: 'join'` keeps lines without PRI with the message before them (stack traces of one message)
 *
 * @example
 * splitDatagram('<13>one\n<13>two\n'); // ['<13>one', '<13>two']
 */
export function splitDatagram(datagram: Uint8Array | string, options: FramerOptions = {}): string[] {
  const framer = new SyslogFramer(options);
  framer.pushDatagram(typeof datagram === 'string' ? Buffer.from(datagram) : datagram);
  const messages: string[] = [];
  while (framer.next()) messages.push(framer.message);
  return messages;
}
