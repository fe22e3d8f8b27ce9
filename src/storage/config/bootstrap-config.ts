import type { ConfigStore } from './config-store';

export interface BootstrapConfigOptions {
  /** Flow graph of the pipeline `default`; the pipeline room knows it. */
  readonly defaultFlow: object;
}

const DEFAULT_PIPELINE = 'default';

/**
 * At the first start, makes the pipeline `default`, unless there is a pipeline already; true when it did. It is never
 * made again: an administrator who deletes it (and routes elsewhere, or nowhere) finds it deleted after a restart.
 *
 * @example
 * await bootstrapConfig(store, { defaultFlow: defaultFlow() });
 */
export async function bootstrapConfig(store: ConfigStore, options: BootstrapConfigOptions): Promise<boolean> {
  if (await store.isBootstrapped()) {
    return false;
  }
  const missing = (await store.list('pipeline')).length === 0;
  if (missing) {
    await store.save('pipeline', DEFAULT_PIPELINE, JSON.stringify(options.defaultFlow));
  }
  // Last, so that a crash in between does not leave the service without its first pipeline.
  await store.markBootstrapped();
  return missing;
}
