import { EventTimeReader } from './event-time';
import { frameOf } from './frame';
import { LocalZone } from './local-zone';
import { MessageSource } from './message-source';
import { parse } from './parse';

function eventTime(stamp: string, arrival: string, timezone = 'UTC'): string | undefined {
  return parse(`<13>${stamp} host app: text`, { arrival: Date.parse(arrival), timezone }).fields.timestamp;
}

describe('the year of a stamp without one', () => {
  test.each([
    ['Dec 31 23:59:59', '2024-01-01T00:00:10Z', '2023-12-31T23:59:59Z'],
    ['Jan  1 00:00:10', '2023-12-31T23:59:59Z', '2024-01-01T00:00:10Z'],
    ['Dec 31 23:59:59', '2023-12-31T23:59:59Z', '2023-12-31T23:59:59Z'],
    ['Jan  1 00:00:00', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z'],
    ['Jun 15 12:00:00', '2024-06-20T12:00:00Z', '2024-06-15T12:00:00Z'],
    ['Jun 25 12:00:00', '2024-06-20T12:00:00Z', '2024-06-25T12:00:00Z'],
    ['Sep 15 12:00:00', '2024-06-20T12:00:00Z', '2023-09-15T12:00:00Z'],
    ['Feb 29 12:00:00', '2024-02-29T12:00:01Z', '2024-02-29T12:00:00Z'],
    ['Feb 29 12:00:00', '2025-03-01T12:00:00Z', '2024-02-29T12:00:00Z'],
    ['Feb 29 12:00:00', '2027-06-01T12:00:00Z', '2024-02-29T12:00:00Z'],
    ['Feb 29 12:00:00', '2103-06-01T12:00:00Z', '2096-02-29T12:00:00Z'],
  ])('%s that arrives at %s is %s', (stamp, arrival, expected) => {
    expect(eventTime(stamp, arrival)).toBe(expected);
  });
});

describe('the zone of a stamp without one', () => {
  test.each([
    ['Jan 15 12:00:00', '2024-01-15T11:00:00Z', 'Europe/Berlin', '2024-01-15T12:00:00+01:00'],
    ['Jul 15 12:00:00', '2024-07-15T11:00:00Z', 'Europe/Berlin', '2024-07-15T12:00:00+02:00'],
    ['Jul 15 12:00:00', '2024-07-15T11:00:00Z', 'America/New_York', '2024-07-15T12:00:00-04:00'],
    ['Jul 15 12:00:00', '2024-07-15T11:00:00Z', 'Asia/Kolkata', '2024-07-15T12:00:00+05:30'],
    ['Jul 15 12:00:00', '2024-07-15T11:00:00Z', 'Asia/Kathmandu', '2024-07-15T12:00:00+05:45'],
    ['Jul 15 12:00:00', '2024-07-15T11:00:00Z', '-03:30', '2024-07-15T12:00:00-03:30'],
    ['Jul 15 12:00:00', '2024-07-15T11:00:00Z', 'Etc/UTC', '2024-07-15T12:00:00Z'],
    // The fraction stays, the zone in the stamp wins.
    ['Jul 15 12:00:00.120', '2024-07-15T11:00:00Z', 'Europe/Berlin', '2024-07-15T12:00:00.120+02:00'],
    ['2024-07-15T12:00:00.5', '2024-07-15T11:00:00Z', 'Europe/Berlin', '2024-07-15T12:00:00.5+02:00'],
    ['2024-07-15T12:00:00Z', '2024-07-15T11:00:00Z', 'Europe/Berlin', '2024-07-15T12:00:00Z'],
    ['Jul 15 12:00:00 UTC', '2024-07-15T11:00:00Z', 'Europe/Berlin', '2024-07-15T12:00:00Z'],
    // New Year in local time.
    ['Dec 31 23:59:59', '2023-12-31T23:00:05Z', 'Europe/Berlin', '2023-12-31T23:59:59+01:00'],
    ['Jan  1 00:00:01', '2023-12-31T23:00:05Z', 'Europe/Berlin', '2024-01-01T00:00:01+01:00'],
  ])('%s that arrives at %s in %s is %s', (stamp, arrival, zone, expected) => {
    expect(eventTime(stamp, arrival, zone)).toBe(expected);
  });

  test.each([
    // Skipped: the offset before the change.
    ['Mar 31 02:30:00', '2024-03-31T01:30:00Z', 'Europe/Berlin', '2024-03-31T02:30:00+01:00'],
    ['Mar 31 01:59:59', '2024-03-31T01:00:00Z', 'Europe/Berlin', '2024-03-31T01:59:59+01:00'],
    ['Mar 31 03:00:00', '2024-03-31T01:00:00Z', 'Europe/Berlin', '2024-03-31T03:00:00+02:00'],
    // Repeated: the reading next to the arrival, the first when the arrival does not tell.
    ['Oct 27 02:30:00', '2024-10-27T00:30:01Z', 'Europe/Berlin', '2024-10-27T02:30:00+02:00'],
    ['Oct 27 02:30:00', '2024-10-27T01:30:01Z', 'Europe/Berlin', '2024-10-27T02:30:00+01:00'],
    ['Oct 27 02:30:00', '2024-10-27T12:00:00Z', 'Europe/Berlin', '2024-10-27T02:30:00+02:00'],
    ['Oct 27 02:30:00', '2024-11-05T12:00:00Z', 'Europe/Berlin', '2024-10-27T02:30:00+02:00'],
    ['Oct 27 03:00:00', '2024-10-27T02:00:00Z', 'Europe/Berlin', '2024-10-27T03:00:00+01:00'],
    // Half an hour of summer time.
    ['Apr  7 01:45:00', '2024-04-06T14:45:00Z', 'Australia/Lord_Howe', '2024-04-07T01:45:00+11:00'],
    ['Apr  7 01:45:00', '2024-04-06T15:15:00Z', 'Australia/Lord_Howe', '2024-04-07T01:45:00+10:30'],
    ['Oct  6 02:15:00', '2024-10-05T15:45:00Z', 'Australia/Lord_Howe', '2024-10-06T02:15:00+10:30'],
  ])('at a clock change, %s that arrives at %s in %s is %s', (stamp, arrival, zone, expected) => {
    expect(eventTime(stamp, arrival, zone)).toBe(expected);
    // Again, from the caches.
    expect(eventTime(stamp, arrival, zone)).toBe(expected);
  });
});

describe('one reader for many stamps', () => {
  test('gives what a new reader gives, whatever it read before', () => {
    const arrivals = ['2024-10-27T00:30:01Z', '2024-10-27T01:30:01Z', '2024-12-31T23:59:59Z'].map((text) =>
      Date.parse(text),
    );
    const zones = [LocalZone.of('Europe/Berlin'), LocalZone.of('UTC')];
    const stamps = [
      'Oct 27 02:30:00',
      'Oct 27 02:30:00.5',
      'Oct 27 02:30:00 UTC',
      'Oct 27 02:30:00 2023',
      'Oct 27 02:30:00.25 CET',
      'Oct 27 02:30:00x',
      'Oct 27 02:30:001',
      'Oct 27 02:30:0',
      'Oct 26 11:00:00',
      '2024-10-27 02:30:00',
    ];
    const used = new EventTimeReader();
    const source = new MessageSource();
    for (let round = 0; round < 3; round++) {
      for (const first of stamps) {
        for (const second of stamps) {
          for (const arrival of arrivals) {
            for (const zone of zones) {
              for (const stamp of [first, second]) {
                source.load(frameOf(stamp));
                const fresh = new EventTimeReader();
                const expected = fresh.read(source, 0, arrival, zone) ? [fresh.value, fresh.end] : undefined;
                const actual = used.read(source, 0, arrival, zone) ? [used.value, used.end] : undefined;
                expect(actual).toEqual(expected);
              }
            }
          }
        }
      }
    }
  });
});
