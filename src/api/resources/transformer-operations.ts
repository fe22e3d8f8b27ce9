import type { ConfigStore } from '../../storage/config/config-store';
import { compileTransformer } from '../../vrl';
import type { Call, OperationHandlers } from '../call';
import { sendRevision, writeCondition } from '../conditional';
import { notFound } from '../errors/api-error';
import { withScript } from './vrl-failure';

interface SaveTransformerBody {
  readonly script: string;
}

/** Transformers and their scripts. The pipeline engine learns of changes from the config store. */
export function transformerOperations(store: ConfigStore): OperationHandlers {
  return {
    async list_transformers() {
      return { transformers: await store.list('transformer') };
    },

    async get_transformer(call: Call) {
      const name = call.param('transformer');
      const item = await store.get('transformer', name);
      if (item === undefined) throw notFound('transformer', name);
      sendRevision(call, item.revision);
      return { script: item.body };
    },

    async save_transformer(call: Call) {
      const { script } = call.body<SaveTransformerBody>();
      // One that does not compile would make every pipeline that uses it unavailable.
      withScript('script', () => compileTransformer(script));
      const name = call.param('transformer');
      const condition = await writeCondition(call, store, 'transformer', name);
      const { revision } = await store.save('transformer', name, script, condition);
      sendRevision(call, revision);
      return {};
    },

    async delete_transformer(call: Call) {
      const name = call.param('transformer');
      await store.delete('transformer', name, await writeCondition(call, store, 'transformer', name));
      return {};
    },
  };
}
