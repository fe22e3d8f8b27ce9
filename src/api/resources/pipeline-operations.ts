import { parseFlow, PipelineError, type FlowGraph } from '../../pipeline';
import type { ConfigStore } from '../../storage/config/config-store';
import type { Call, OperationHandlers } from '../call';
import { sendRevision, writeCondition } from '../conditional';
import type { Flows } from '../dependencies';
import { ApiError, notFound } from '../errors/api-error';
import { pipelineMetrics } from './pipeline-metrics';

interface SavePipelineBody {
  readonly flow: object;
}

/** Pipelines and their flow graphs. The pipeline engine learns of changes from the config store. */
export function pipelineOperations(store: ConfigStore, flows: Flows): OperationHandlers {
  return {
    async list_pipelines() {
      return { pipelines: await store.list('pipeline') };
    },

    async get_pipeline(call: Call) {
      const name = call.param('pipeline');
      const item = await store.get('pipeline', name);
      if (item === undefined) throw notFound('pipeline', name);
      const flow = storedFlow(item.body);
      sendRevision(call, item.revision);
      return { flow };
    },

    async save_pipeline(call: Call) {
      const name = call.param('pipeline');
      const { flow, warnings } = flows.validate(name, call.body<SavePipelineBody>().flow);
      const condition = await writeCondition(call, store, 'pipeline', name);
      const { revision } = await store.save('pipeline', name, JSON.stringify(flow), condition);
      sendRevision(call, revision);
      return warnings.length === 0 ? {} : { warnings };
    },

    async delete_pipeline(call: Call) {
      const name = call.param('pipeline');
      await store.delete('pipeline', name, await writeCondition(call, store, 'pipeline', name));
      return {};
    },

    async scrape_pipeline_metrics(call: Call) {
      const name = call.param('pipeline');
      if (!flows.has(name)) throw notFound('pipeline', name);
      const registry = pipelineMetrics(flows.counters.pipelines.get(name));
      call.response.type(registry.contentType).send(await registry.metrics());
      return undefined;
    },
  };
}

/** A stored flow in the newest version of the format. */
function storedFlow(body: string): FlowGraph {
  try {
    return parseFlow(JSON.parse(body));
  } catch (error) {
    // That it cannot be read is nothing the client did wrong.
    if (!(error instanceof PipelineError) && !(error instanceof SyntaxError)) throw error;
    throw new ApiError('INTERNAL', `the stored flow cannot be read: ${error.message}`, { cause: error });
  }
}
