import type { RecordBatch } from '../record';
import { StorageError } from '../storage/errors';
import { backPressure, gate } from './testing/fake-store';
import { batchOf, chain, flow, newEngine } from './testing/flows';

const FAN = flow(['in:source:direct', 'a:router:a', 'b:router:b', 'f:forwarder:hook'], ['in>a', 'in>b', 'in>f']);

describe('back pressure', () => {
  test('refuses before anything is written', async () => {
    const { engine, store, sink } = newEngine({ fan: FAN });
    store.saturated = true;
    expect(engine.saturated).toBe(true);
    await expect(engine.ingest('fan', 'direct', batchOf({ m: '1' }))).rejects.toMatchObject({ code: 'BACK_PRESSURE' });
    await expect(engine.ingest('fan', 'direct', batchOf({ m: '1' }))).rejects.toBeInstanceOf(StorageError);
    expect([...store.appended, ...sink.appended]).toEqual([]);
    expect(engine.counters.refused).toBe(2);
    expect(engine.counters.pipelines.get('fan')).toMatchObject({ in: 0, error: 0 });
  });

  test('reaches the sender when nothing could be written', async () => {
    const { engine, store } = newEngine({
      p: flow(['in:source:direct', 'a:router:a', 'b:router:b'], ['in>a', 'in>b']),
    });
    store.before = () => Promise.reject(backPressure());
    await expect(engine.ingest('p', 'direct', batchOf({ m: '1' }))).rejects.toMatchObject({ code: 'BACK_PRESSURE' });
    expect(engine.counters.pipelines.get('p')).toMatchObject({ in: 1, success: 0, error: 1 });
  });

  test('between two writes of one batch is waited out, so that a retry can not make duplicates', async () => {
    const { engine, store } = newEngine({ fan: FAN });
    let refusals = 0;
    store.before = (stream) => {
      if (stream !== 'b' || refusals > 1) return;
      refusals++;
      store.saturated = true;
      throw backPressure();
    };
    const ingest = engine.ingest('fan', 'direct', batchOf({ m: '1' }));
    while (refusals < 2) {
      await new Promise(setImmediate);
      if (store.saturated) store.drain();
    }
    store.drain();
    await ingest;
    expect(store.appended.map(({ stream }) => stream)).toEqual(['a', 'b']);
    expect(engine.counters.pipelines.get('fan')).toMatchObject({ in: 1, success: 1, error: 0 });
  });

  test('between two writes of one batch finds its values still there', async () => {
    const { engine, store } = newEngine({ fan: FAN });
    let refused = false;
    store.before = (stream, batch) => {
      // As the store does: it holds what it takes, until that is committed.
      if (stream === 'a') batch.holdCopy(GONE);
      if (stream !== 'b' || refused) return;
      refused = true;
      store.saturated = true;
      throw backPressure();
    };
    const ingest = engine.ingest('fan', 'direct', batchOf({ m: '1' }));
    await new Promise(setImmediate);
    store.drain();
    await ingest;
    expect(store.fields('b')).toEqual([{ m: '1' }]);
  });

  test('of a store that has room and still refuses a batch does not make the engine spin', async () => {
    const { engine, store } = newEngine({ fan: FAN });
    store.before = (stream) => (stream === 'b' ? Promise.reject(backPressure()) : undefined);
    await expect(engine.ingest('fan', 'direct', batchOf({ m: '1' }))).rejects.toMatchObject({ code: 'BACK_PRESSURE' });
  });

  test('of the delivery queue reaches the sender when nothing else is written', async () => {
    const { engine, store, sink } = newEngine({ p: chain('f:forwarder:hook') });
    sink.refuse = backPressure();
    await expect(engine.ingest('p', 'direct', batchOf({ m: '1' }))).rejects.toMatchObject({ code: 'BACK_PRESSURE' });
    expect(store.appended).toEqual([]);
  });

  test('a store that fails is an error even when others have succeeded', async () => {
    const { engine, store } = newEngine({ fan: FAN });
    store.before = (stream) => {
      if (stream === 'b') throw new StorageError('STORE_FULL', 'the disk is full');
    };
    await expect(engine.ingest('fan', 'direct', batchOf({ m: '1' }))).rejects.toMatchObject({ code: 'STORE_FULL' });
  });
});

describe('the values of a batch', () => {
  test.each([
    ['the store alone holds it', { p: chain('r:router:a') }],
    ['all ways that it goes hold it', { p: FAN }],
  ])('are let go once %s', async (_name, flows) => {
    const { engine, store, sink } = newEngine(flows);
    const { opened, open } = gate();
    const hold = (_target: string, batch: RecordBatch): Promise<void> => {
      batch.holdCopy(GONE);
      return opened;
    };
    store.before = hold;
    sink.before = hold;
    const batch = batchOf({ m: '1' });
    const ingest = engine.ingest('p', 'direct', batch);
    expect(() => batch.columns).toThrow('gone');
    open();
    await ingest;
  });

  test('are kept for the failed records when the forwarder has refused them', async () => {
    const { engine, store, sink } = newEngine({ fan: FAN });
    store.before = (_stream, batch) => batch.holdCopy(GONE);
    sink.refuse = new Error('no such queue');
    await engine.ingest('fan', 'direct', batchOf({ m: '1' }));
    expect(store.fields('_failed')).toMatchObject([{ m: '1', error: 'no such queue' }]);
  });
});

describe('the limit on what is in flight', () => {
  test.each([
    ['records', { records: 4, bytes: 1e9 }, [2, 2]],
    ['bytes', { records: 1e9, bytes: 288 }, [1, 1]],
  ])('of %s fills up, and is no longer full once half of it is free', async (_name, limits, sizes) => {
    const { engine, store } = newEngine({ p: chain('r:router:a') }, limits);
    const gates = sizes.map(() => gate());
    let appends = 0;
    store.before = () => gates[appends++]?.opened;
    const batches = sizes.map((size) => batchOf(...Array.from({ length: size }, () => ({ m: 'x'.repeat(80) }))));

    const first = engine.ingest('p', 'direct', batches[0]!);
    expect(engine.saturated).toBe(false);
    const second = engine.ingest('p', 'direct', batches[1]!);
    expect(engine.saturated).toBe(true);
    expect(engine.inFlight.records).toBe(sizes[0]! + sizes[1]!);
    await expect(engine.ingest('p', 'direct', batches[0]!)).rejects.toMatchObject({ code: 'BACK_PRESSURE' });

    gates[0]!.open();
    await first;
    expect(engine.saturated).toBe(false);
    gates[1]!.open();
    await second;
    expect(engine.inFlight).toMatchObject({ bytes: 0, records: 0 });
  });

  test.each([
    ['records', { records: 64, bytes: 1e9 }, [2, 2]],
    ['bytes', { records: 1e9, bytes: 288 * 16 }, [1, 1]],
  ])(
    'of %s keeps the store busy long before it is full, and calls back once it is not',
    async (_name, limits, sizes) => {
      const { engine, store } = newEngine({ p: chain('r:router:a') }, limits);
      const gates = sizes.map(() => gate());
      let appends = 0;
      store.before = () => gates[appends++]?.opened;
      const batches = sizes.map((size) => batchOf(...Array.from({ length: size }, () => ({ m: 'x'.repeat(80) }))));
      const calls: string[] = [];

      const first = engine.ingest('p', 'direct', batches[0]!);
      expect(engine.busy).toBe(false);
      const second = engine.ingest('p', 'direct', batches[1]!);
      expect(engine.busy).toBe(true);
      expect(engine.saturated).toBe(false);
      engine.onDrain(() => calls.push('a'));
      engine.onDrain(() => calls.push('b'));
      await new Promise(setImmediate);
      expect(calls).toEqual([]);

      gates[0]!.open();
      await first;
      await new Promise(setImmediate);
      expect(engine.busy).toBe(false);
      expect(calls).toEqual(['a', 'b']);
      gates[1]!.open();
      await second;
      expect(calls).toEqual(['a', 'b']);
    },
  );

  test('counts out batches whose store failed', async () => {
    const { engine, store } = newEngine({ p: chain('r:router:a') });
    store.before = () => Promise.reject(new Error('broken'));
    await expect(engine.ingest('p', 'direct', batchOf({ m: '1' }))).rejects.toThrow('broken');
    expect(engine.inFlight).toMatchObject({ bytes: 0, records: 0 });
  });

  test('calls back at once when there is room, and when only the store was full as soon as it is not', async () => {
    const { engine, store } = newEngine({ p: chain('r:router:a') });
    const calls: string[] = [];
    engine.onDrain(() => calls.push('at once'));
    expect(calls).toEqual(['at once']);
    store.saturated = true;
    engine.onDrain(() => calls.push('later'));
    engine.onDrain(() => calls.push('later too'));
    await new Promise(setImmediate);
    expect(calls).toHaveLength(1);
    store.drain();
    await new Promise(setImmediate);
    expect(calls).toEqual(['at once', 'later', 'later too']);
  });
});

/** A copy that was given up. */
const GONE = { columns: () => undefined };
