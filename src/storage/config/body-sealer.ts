import { ConfigError } from './config-error';
import { SecretBox } from './secret-box';

/** Kinds whose bodies have passwords and API keys somewhere in them. */
const SECRET_KINDS: ReadonlySet<string> = new Set(['forwarder', 'auth_provider']);

/** Encrypts and decrypts the bodies of those items that hold secrets; without a box nothing is encrypted. */
export class BodySealer {
  readonly #box: SecretBox | undefined;

  constructor(box: SecretBox | undefined) {
    this.#box = box;
  }

  seal(kind: string, name: string, body: string): string {
    return this.#box !== undefined && SECRET_KINDS.has(kind) ? this.#box.seal(body, contextOf(kind, name)) : body;
  }

  /**
   * A body that was stored in clear, before there was a box, is passed on as it is.
   * @throws ConfigError `WRONG_SECRET_KEY`
   */
  open(kind: string, name: string, body: string): string {
    if (!SECRET_KINDS.has(kind) || !SecretBox.isSealed(body)) {
      return body;
    }
    const context = contextOf(kind, name);
    if (this.#box === undefined) {
      throw new ConfigError('WRONG_SECRET_KEY', `${context} is encrypted and there is no secret key`);
    }
    return this.#box.open(body, context);
  }
}

function contextOf(kind: string, name: string): string {
  return `${kind}/${name}`;
}
