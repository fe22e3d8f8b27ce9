import { isDeepStrictEqual } from 'node:util';
import {
  ForwarderError,
  maskCredentials,
  textsAt,
  toCurrentVersion,
  valueAt,
  withoutCredentials,
  type ConfigPath,
  type ForwarderDocument,
  type ForwarderService,
  type FoundText,
} from '../../forwarders';
import type { ConfigItem, ConfigStore, WriteCondition } from '../../storage/config/config-store';
import type { Call, OperationHandlers } from '../call';
import { sendRevision, writeCondition } from '../conditional';
import { ApiError, notFound } from '../errors/api-error';
import { SECRET_MASK, secretGoesElsewhere, unmaskedSecret } from '../secret-mask';

interface SaveBody {
  readonly forwarder: object;
}

/** What happens to records that are still to be delivered. */
interface QueueChoice {
  readonly queue?: 'keep' | 'drop';
}

interface TestQuery {
  readonly preview?: '0' | '1' | 'false' | 'true';
}

interface TestBody {
  readonly record?: Readonly<Record<string, string>> | null;
}

/** Forwarders and their configuration. Deliveries learn of changes from the config store. */
export function forwarderOperations(store: ConfigStore, forwarders: ForwarderService): OperationHandlers {
  return {
    async list_forwarders() {
      return { forwarders: await store.list('forwarder') };
    },

    async get_forwarder(call: Call) {
      const name = call.param('forwarder');
      const item = await store.get('forwarder', name);
      if (item === undefined) throw notFound('forwarder', name);
      const document = storedDocument(item);
      const { type } = document.config;
      const known = forwarders.reader.types.get(type);
      if (known === undefined) throw new ApiError('INTERNAL', `the stored forwarder has the unknown type "${type}"`);
      for (const place of known.secrets) {
        for (const secret of textsAt(document.config, place)) if (secret.text !== '') secret.replace(SECRET_MASK);
      }
      for (const url of addressesOf(document.config, known.secretsGoTo)) {
        url.replace(maskCredentials(url.text, SECRET_MASK));
      }
      sendRevision(call, item.revision);
      return { forwarder: document };
    },

    async save_forwarder(call: Call) {
      const name = call.param('forwarder');
      const document = toCurrentVersion(call.body<SaveBody>().forwarder);
      const condition = await writeCondition(call, store, 'forwarder', name);
      const kept = await fillInSecrets(document, name, store, forwarders);
      const valid = forwarders.reader.read(document);
      const { revision } = await store.save('forwarder', name, JSON.stringify(valid.document), {
        ...kept,
        ...condition,
      });
      if (call.query<QueueChoice>().queue === 'drop') await forwarders.dropQueue(name, { keepDeadLetters: true });
      sendRevision(call, revision);
      return {};
    },

    async delete_forwarder(call: Call) {
      const name = call.param('forwarder');
      const condition = await writeCondition(call, store, 'forwarder', name);
      const { queue } = call.query<QueueChoice>();
      if (queue === undefined && forwarders.names.has(name) && forwarders.holdsRecords(name)) {
        const { records, deadLetters } = forwarders.status(name).queue;
        const left = `${records} records to deliver and ${deadLetters} dead letters`;
        throw new ForwarderError(
          'QUEUE_NOT_EMPTY',
          `the forwarder still has ${left}: say queue=drop to lose them, or queue=keep for a forwarder of this name to come`,
        );
      }
      await store.delete('forwarder', name, condition);
      if (queue === 'drop') await forwarders.dropQueue(name, { keepDeadLetters: false });
      return {};
    },

    async test_forwarder(call: Call) {
      const name = call.param('forwarder');
      const fields = { ...call.body<TestBody>().record };
      if (!forwarders.names.has(name)) throw notFound('forwarder', name);
      const { preview } = call.query<TestQuery>();
      if (preview === '1' || preview === 'true') return { preview: (await forwarders.preview(name, fields)) ?? null };
      await forwarders.test(name, fields);
      return {};
    },
  };
}

/** Puts stored secrets in the place of their masks; answers with the condition that they are still the same when it is saved. */
async function fillInSecrets(
  document: ForwarderDocument,
  name: string,
  store: ConfigStore,
  forwarders: ForwarderService,
): Promise<WriteCondition> {
  const { secrets = [], secretsGoTo = [] } = forwarders.reader.types.get(document.config.type) ?? {};
  const masked = secrets.flatMap((place) => textsAt(document.config, place)).filter(({ text }) => text === SECRET_MASK);
  const maskedUrls = addressesOf(document.config, secretsGoTo).filter(({ text }) => hasMaskedCredentials(text));
  if (masked.length === 0 && maskedUrls.length === 0) return {};
  const item = await store.get('forwarder', name);
  const stored = item === undefined ? undefined : storedDocument(item).config;
  // A secret is that of its type: another type's might be sent to somewhere else.
  const sameType = stored?.type === document.config.type ? stored : undefined;
  const changed = secretsGoTo.find((place) => sameType !== undefined && differs(document.config, sameType, place));
  for (const secret of masked) {
    const path = bodyPath(secret.path);
    const text = sameType && textsAt(sameType, secret.path)[0]?.text;
    if (text !== undefined && changed !== undefined) throw secretGoesElsewhere(path, bodyPath(changed));
    secret.replace(unmaskedSecret(SECRET_MASK, text, path));
  }
  for (const url of maskedUrls) {
    const path = `${bodyPath(url.path)}: the secret in it`;
    const text = sameType && textsAt(sameType, url.path)[0]?.text;
    const storedUrl = text !== undefined && maskCredentials(text, '') !== text ? text : undefined;
    if (storedUrl !== undefined && maskCredentials(storedUrl, SECRET_MASK) !== url.text) {
      throw secretGoesElsewhere(path, 'address or user');
    }
    if (storedUrl !== undefined && changed !== undefined) throw secretGoesElsewhere(path, bodyPath(changed));
    url.replace(unmaskedSecret(SECRET_MASK, storedUrl, path));
  }
  return { ifRevision: item?.revision ?? 0 };
}

/** What says where secrets go, each address of a list as well. Some of it are URLs, which may have a password in them. */
function addressesOf(config: object, places: readonly ConfigPath[]): FoundText[] {
  return places.flatMap((place) => [...textsAt(config, place), ...textsAt(config, [...place, '*'])]);
}

function hasMaskedCredentials(text: string): boolean {
  return maskCredentials(text, SECRET_MASK) === text && maskCredentials(text, '') !== text;
}

function bodyPath(path: ConfigPath): string {
  return `forwarder.config.${path.join('.')}`;
}

/**
 * Whether a value is another than the stored one; a mask stands for that one, and nothing for what says nothing. Who gives another
 * password for the same address moves nothing.
 */
function differs(config: object, stored: object, path: ConfigPath): boolean {
  const value = valueAt(config, path);
  return value !== SECRET_MASK && !isDeepStrictEqual(destination(value), destination(valueAt(stored, path)));
}

function destination(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(destination);
  return typeof value === 'string' ? withoutCredentials(value) || undefined : value || undefined;
}

function storedDocument({ body }: ConfigItem): ForwarderDocument {
  try {
    return toCurrentVersion(JSON.parse(body));
  } catch (error) {
    // That it cannot be read is nothing the client did wrong.
    if (!(error instanceof ForwarderError) && !(error instanceof SyntaxError)) throw error;
    throw new ApiError('INTERNAL', `the stored forwarder cannot be read: ${error.message}`, { cause: error });
  }
}
