import { compileTemplate, type Template, type TemplateInput } from '../../../expr';
import type { RecordBatch, RecordFields } from '../../../record';
import type { DeliveryIds } from '../../destination';

/** A row of a batch as dynamic fields see it; the map of its fields is made when first asked for. */
export class RowInput {
  readonly timestamp: number;
  readonly #batch: RecordBatch;
  readonly #row: number;
  readonly #ids: DeliveryIds | undefined;
  #log: RecordFields | undefined;

  constructor(batch: RecordBatch, row: number, ids?: DeliveryIds) {
    this.timestamp = batch.timestamps[row] as number;
    this.#batch = batch;
    this.#row = row;
    this.#ids = ids;
  }

  get deliveryId(): string {
    return this.#ids?.of(this.#row) ?? '';
  }

  get log(): RecordFields {
    return (this.#log ??= this.#batch.fields(this.#row));
  }
}

/** A dynamic field failed on a record: the record becomes a dead letter. */
export class TemplateFailure extends Error {
  readonly code = 'TEMPLATE_FAILED';
  override readonly name = 'TemplateFailure';
}

/** A dynamic field of a configuration, compiled. */
export class DynamicText {
  readonly constant: boolean;
  readonly #name: string;
  readonly #template: Template;

  /** @throws ExprSyntaxError, ExprCompileError; saving a forwarder has found these before */
  constructor(name: string, text: string) {
    this.#name = name;
    this.#template = compileTemplate(text);
    this.constant = this.#template.constant;
  }

  /** @throws TemplateFailure with the field's name */
  of(input: TemplateInput): string {
    try {
      return this.#template.evaluate(input);
    } catch (error) {
      throw new TemplateFailure(`${this.#name}: ${(error as Error).message}`, { cause: error });
    }
  }
}
