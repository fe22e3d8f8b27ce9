import path from 'node:path';
import { removeTemporaryDirectories, temporaryDirectory } from '../testing/temporary-directory';
import { bootstrapConfig } from './bootstrap-config';
import type { ConfigStore } from './config-store';
import { openConfigStore } from './knex-config-store';

const options = { defaultFlow: { version: 2, nodes: [], edges: [] } };

let file: string;
let store: ConfigStore;

beforeEach(async () => {
  file = path.join(await temporaryDirectory(), 'config.db');
  store = await openConfigStore(file);
});

afterEach(async () => {
  await store.close();
  await removeTemporaryDirectories();
});

describe('bootstrapConfig', () => {
  test('makes the pipeline default at the first start', async () => {
    expect(await bootstrapConfig(store, options)).toBe(true);
    expect((await store.get('pipeline', 'default'))?.body).toBe('{"version":2,"nodes":[],"edges":[]}');
  });

  test('does not bring back what was deleted', async () => {
    await bootstrapConfig(store, options);
    await store.delete('pipeline', 'default');
    await store.close();
    store = await openConfigStore(file);
    expect(await bootstrapConfig(store, options)).toBe(false);
    expect(await store.list('pipeline')).toEqual([]);
  });

  test('does not touch what was changed', async () => {
    await bootstrapConfig(store, options);
    await store.save('pipeline', 'default', 'mine');
    await bootstrapConfig(store, options);
    expect((await store.get('pipeline', 'default'))?.body).toBe('mine');
  });

  test('adds nothing where there are pipelines already', async () => {
    await store.save('pipeline', 'mine', '{}');
    expect(await bootstrapConfig(store, options)).toBe(false);
    expect(await store.list('pipeline')).toEqual(['mine']);
    await store.delete('pipeline', 'mine');
    expect(await bootstrapConfig(store, options)).toBe(false);
  });
});
