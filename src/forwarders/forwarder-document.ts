import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import { compileTemplate } from '../expr';
import { textsAt } from './config-paths';
import { DELIVERY_SCHEMA, type DeliverySettings } from './delivery/delivery-settings';
import { ForwarderError } from './forwarder-error';
import type { ConfigProblem, ForwarderType } from './forwarder-type';

/** Any type of forwarder. */
export type AnyForwarderType = ForwarderType<{ readonly type: string }>;

/** A forwarder as it is stored and shown. */
export interface ForwarderDocument {
  readonly version: 2;
  readonly config: { readonly type: string; readonly [key: string]: unknown };
  /** How to deliver; what is missing has its default. */
  readonly delivery?: object;
}

/** A forwarder that may be used. */
export interface ValidForwarder {
  /** As it was written, in the current version of the format. */
  readonly document: ForwarderDocument;
  readonly type: AnyForwarderType;
  /** The configuration with defaults. */
  readonly config: { readonly type: string };
  readonly delivery: DeliverySettings;
}

const CURRENT_VERSION = 2;
const ALL_KEYS = ['version', 'config', 'delivery'];

/** Reads and checks forwarders of the given types. */
export class ForwarderReader {
  readonly types: ReadonlyMap<string, AnyForwarderType>;
  readonly #ajv = new Ajv({ allErrors: true, useDefaults: true, strict: false, validateFormats: false });
  readonly #validators = new Map<string, ValidateFunction>();
  readonly #validateDelivery: ValidateFunction;

  constructor(types: ReadonlyMap<string, AnyForwarderType>) {
    this.types = types;
    this.#validateDelivery = this.#ajv.compile(DELIVERY_SCHEMA);
  }

  /**
   * A forwarder with all that is checked before it is saved: schema of its type, templates, what the type itself looks at, and the
   * settings of the delivery. Version 1 (a webhook: `url` and `headers`) becomes the type `http`.
   *
   * @throws ForwarderError `INVALID_FORWARDER` with every problem
   */
  read(value: unknown): ValidForwarder {
    const document = toCurrentVersion(value);
    const type = this.#typeOf(document);
    const config = structuredClone(document.config);
    const ownDefaults = type.batchSize === undefined ? {} : { batch_size: type.batchSize };
    const delivery = { ...ownDefaults, ...structuredClone(document.delivery ?? {}) };
    const problems = [
      ...this.#findings(this.#validatorOf(type), config, 'config'),
      ...this.#findings(this.#validateDelivery, delivery, 'delivery'),
    ];
    if (problems.length === 0) {
      for (const { path, message } of [...templateProblems(type, config), ...(type.check?.(config) ?? [])]) {
        problems.push({ path: path === '' ? 'config' : `config.${path}`, message });
      }
    }
    if (problems.length > 0) throw invalid(problems);
    return { document, type, config, delivery: delivery as DeliverySettings };
  }

  #typeOf({ config }: ForwarderDocument): AnyForwarderType {
    const type = this.types.get(config.type);
    if (type !== undefined) return type;
    const known = [...this.types.keys()].sort().join(', ');
    throw invalid([{ path: 'config.type', message: `must be one of ${known}` }]);
  }

  #validatorOf(type: AnyForwarderType): ValidateFunction {
    let validator = this.#validators.get(type.type);
    if (validator === undefined) {
      validator = this.#ajv.compile(type.schema);
      this.#validators.set(type.type, validator);
    }
    return validator;
  }

  #findings(validate: ValidateFunction, value: object, root: string): ConfigProblem[] {
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => ({
      path: [root, ...pathOf(error)].join('.'),
      message: messageOf(error),
    }));
  }
}

/**
 * A document of any known version in the current one, without a look at what it says.
 * @throws ForwarderError `INVALID_FORWARDER`
 */
export function toCurrentVersion(value: unknown): ForwarderDocument {
  if (!isObject(value)) throw invalid([{ path: '', message: 'must be an object' }]);
  const { version = 0 } = value;
  if (!isObject(value.config) && typeof value.url === 'string' && (version === 0 || version === 1)) {
    const { url, headers } = value;
    return { version: CURRENT_VERSION, config: { type: 'http', url, ...(isObject(headers) ? { headers } : {}) } };
  }
  const problems: ConfigProblem[] = [];
  // Clients of the first hour send 1 with a body of today.
  if (version !== 0 && version !== 1 && version !== CURRENT_VERSION) {
    problems.push({ path: 'version', message: `must be ${CURRENT_VERSION}` });
  }
  const unknown = Object.keys(value).filter((key) => !ALL_KEYS.includes(key));
  for (const key of unknown)
    problems.push({ path: key, message: `is not known here; known are ${ALL_KEYS.join(', ')}` });
  const { config, delivery } = value;
  if (!isObject(config)) problems.push({ path: 'config', message: 'must be an object' });
  else if (typeof config.type !== 'string') problems.push({ path: 'config.type', message: 'must be a text' });
  if (delivery !== undefined && !isObject(delivery)) problems.push({ path: 'delivery', message: 'must be an object' });
  if (problems.length > 0 || !isObject(config)) throw invalid(problems);
  const document = { version: CURRENT_VERSION, config: config as ForwarderDocument['config'] } as const;
  return isObject(delivery) ? { ...document, delivery } : document;
}

function templateProblems(type: AnyForwarderType, config: object): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const { text, path } of type.templates.flatMap((place) => textsAt(config, place))) {
    try {
      compileTemplate(text);
    } catch (error) {
      problems.push({
        path: path.join('.'),
        message: `is no expression: ${error instanceof Error ? error.message : String(error)}`,
      });
    }
  }
  return problems;
}

function invalid(problems: readonly ConfigProblem[]): ForwarderError {
  const text = problems.map(({ path, message }) => (path === '' ? message : `${path} ${message}`)).join('; ');
  return new ForwarderError('INVALID_FORWARDER', `invalid forwarder: ${text}`, { problems });
}

function pathOf({ instancePath, keyword, params }: ErrorObject): string[] {
  const path = instancePath.split('/').slice(1);
  const steps = path.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (keyword === 'required') steps.push(String(params.missingProperty));
  if (keyword === 'additionalProperties') steps.push(String(params.additionalProperty));
  return steps;
}

function messageOf({ keyword, params, message }: ErrorObject): string {
  switch (keyword) {
    case 'required':
      return 'is missing';
    case 'additionalProperties':
      return 'is not known here';
    case 'enum':
      return `must be one of ${(params.allowedValues as unknown[]).map((value) => JSON.stringify(value)).join(', ')}`;
    default:
      return message ?? 'is not valid';
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
