import type { ConfigStore } from '../../storage/config/config-store';
import type { Call, OperationHandlers } from '../call';
import { notFound } from '../errors/api-error';

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
      return { script: item.body };
    },

    async save_transformer(call: Call) {
      await store.save('transformer', call.param('transformer'), call.body<SaveTransformerBody>().script);
      return {};
    },

    async delete_transformer(call: Call) {
      await store.delete('transformer', call.param('transformer'));
      return {};
    },
  };
}
