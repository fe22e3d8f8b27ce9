import { randomBytes } from 'node:crypto';
import { argon2id, hash, verify } from 'argon2';
import { AuthError } from './auth-error';

/** OWASP's first choice for argon2id (Password Storage Cheat Sheet), and what the peer uses. */
const MEMORY_KIB = 19_456;
const ITERATIONS = 2;
const LANES = 1;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/**
 * Hashing runs in libuv's pool, which has four threads and serves files and name lookups as well; two hashes at once
 * leave room for those and take 38 MiB.
 */
const MAX_PARALLEL = 2;
/** About a second of work; more callers than that are an attack or a broken script. */
const MAX_WAITING = 32;

/**
 * Hashes that came with a restored database may ask for more than the usual, but not for all memory: 256 MiB and 16
 * rounds take about two seconds.
 */
const MAX_MEMORY_KIB = 262_144;
const MAX_ITERATIONS = 16;
const MAX_LANES = 16;

/** PHC string format; the parameters should come as m, t, p, and some writers sort them by name instead. */
const PHC =
  /^\$argon2(?:id|i|d)\$(?:v=(?:16|19)\$)?([mtp]=\d{1,7}),([mtp]=\d{1,7}),([mtp]=\d{1,7})\$[A-Za-z0-9+/]{11,128}\$[A-Za-z0-9+/]{16,128}$/;

/** Hashes and checks passwords with argon2id (RFC 9106), a few at a time. */
export class PasswordHasher {
  /** Looks like the hash of some password and is none: checking against it takes the usual time and fails. */
  readonly #decoy = phcString(randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /**
   * The PHC string of a password, with a fresh salt.
   * @throws AuthError `TOO_MANY_LOGINS`
   * @example
   * await hasher.hash('correct horse') // '$argon2id$v=19$m=19456,t=2,p=1$…$…'
   */
  hash(password: string): Promise<string> {
    return this.#inTurn(async () => {
      const salt = randomBytes(SALT_BYTES);
      const digest = await hash(password, {
        type: argon2id,
        memoryCost: MEMORY_KIB,
        timeCost: ITERATIONS,
        parallelism: LANES,
        salt,
        hashLength: HASH_BYTES,
        raw: true,
      });
      return phcString(salt, digest);
    });
  }

  /**
   * True when the password belongs to the PHC string, whatever (bearable) parameters that has. Without a string it
   * takes the usual time and answers false, so that time does not tell whether a user exists.
   * @throws AuthError `TOO_MANY_LOGINS`
   */
  verify(phc: string | undefined, password: string): Promise<boolean> {
    const digest = phc !== undefined && isBearable(phc) ? phc : this.#decoy;
    return this.#inTurn(() => verify(digest, password));
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= MAX_PARALLEL) {
      if (this.#waiting.length >= MAX_WAITING) {
        throw new AuthError('TOO_MANY_LOGINS', 'too many passwords are being checked; try again in a few seconds');
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running++;
    }
    try {
      return await work();
    } finally {
      // The turn goes straight to the next in line, so that nobody who just arrives can take it.
      const next = this.#waiting.shift();
      if (next === undefined) {
        this.#running--;
      } else {
        next();
      }
    }
  }
}

function isBearable(phc: string): boolean {
  const parts = PHC.exec(phc);
  if (parts === null) {
    return false;
  }
  const parameters = new Map(parts.slice(1).map((part) => [part.charAt(0), Number(part.slice(2))]));
  const memory = parameters.get('m') ?? 0;
  const iterations = parameters.get('t') ?? 0;
  const lanes = parameters.get('p') ?? 0;
  return (
    lanes >= 1 &&
    lanes <= MAX_LANES &&
    iterations >= 1 &&
    iterations <= MAX_ITERATIONS &&
    // The algorithm needs 8 KiB a lane (RFC 9106, section 3.1).
    memory >= 8 * lanes &&
    memory <= MAX_MEMORY_KIB
  );
}

/** Written here: other programs that read PHC strings insist on the order m, t, p, which the package does not keep. */
function phcString(salt: Buffer, digest: Buffer): string {
  const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${ITERATIONS},p=${LANES}$${base64(salt)}$${base64(digest)}`;
}
