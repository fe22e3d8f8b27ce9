import { compileTransformer, type TransformerOptions } from '../../vrl';
import type { Call, OperationHandlers } from '../call';
import type { Flows } from '../dependencies';
import { withScript } from './vrl-failure';

interface TestTransformerBody {
  readonly code: string;
  readonly record?: Readonly<Record<string, string>> | null;
}

interface TestPipelineBody {
  readonly flow: object;
  readonly records: readonly Readonly<Record<string, string>>[];
}

/**
 * Trials without effect.
 * @param options what transformers may do, as in pipelines
 */
export function testOperations(flows: Flows, options: TransformerOptions = {}): OperationHandlers {
  return {
    test_transformer(call: Call) {
      const { code, record } = call.body<TestTransformerBody>();
      const records = withScript('code', () => compileTransformer(code, options).run({ ...record }));
      return { record: records[0] ?? null, records };
    },

    test_pipeline(call: Call) {
      const { flow, records } = call.body<TestPipelineBody>();
      return flows.dryRun(call.param('pipeline'), flow, records);
    },
  };
}
