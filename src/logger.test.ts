import { Logger } from './logger';

function logged(
  options: { level?: 'error' | 'warn' | 'info' | 'debug'; format?: 'text' | 'json'; journal?: boolean },
  use: (logger: Logger) => void,
): string[] {
  const lines: string[] = [];
  use(new Logger({ level: 'info', format: 'text', ...options, write: (line) => void lines.push(line) }));
  return lines;
}

test('only what is severe enough is written', () => {
  const lines = logged({ level: 'warn' }, (logger) => {
    logger.error('one');
    logger.warn('two');
    logger.info('three');
    logger.debug('four');
  });
  expect(lines.map((line) => line.split(' ').slice(1).join(' '))).toEqual(['error one', 'warn two']);
});

test('text of a sender cannot look like a line of its own', () => {
  const [line, ...more] = logged({}, (logger) => logger.warn('bad name: x\n2026-01-01 error all is lost'));
  expect(more).toEqual([]);
  expect(line).toContain('x\\n2026');
});

test('JSON lines parse', () => {
  const [line] = logged({ format: 'json' }, (logger) => logger.info('a "quoted"\nthing'));
  expect(JSON.parse(line ?? '')).toMatchObject({ level: 'info', message: 'a "quoted"\nthing' });
});

test('the same warning is written once a minute, others are not held back by it', () => {
  const lines = logged({}, (logger) => {
    for (let i = 0; i < 50; i++) logger.warnAtTimes('disk full');
    logger.warnAtTimes('another');
  });
  expect(lines).toHaveLength(2);
});

test.each(['text', 'json'] as const)('lines for the journal begin with their priority (%s)', (format) => {
  const lines = logged({ format, journal: true, level: 'debug' }, (logger) => {
    logger.error('one');
    logger.warn('two');
    logger.info('three');
    logger.debug('four');
  });
  expect(lines.map((line) => line.slice(0, 3))).toEqual(['<3>', '<4>', '<6>', '<7>']);
});

test('the level can be changed while the service runs', () => {
  const lines = logged({ level: 'info' }, (logger) => {
    logger.debug('one');
    logger.level = 'debug';
    logger.debug('two');
    logger.level = 'error';
    logger.warn('three');
  });
  expect(lines).toEqual([expect.stringContaining('debug two')]);
});

test('warnings and errors that are written are passed on, once for each line', () => {
  const severe: string[] = [];
  logged({}, (logger) => {
    logger.onSevere = (level, message) => severe.push(`${level} ${message}`);
    logger.error('one');
    logger.warnAtTimes('two');
    logger.warnAtTimes('two');
    logger.info('three');
    logger.level = 'error';
    logger.warn('four');
  });
  expect(severe).toEqual(['error one', 'warn two']);
});
