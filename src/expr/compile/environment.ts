import type { StaticType } from '../types/static-type';

/** What is known of the environment while compiling. */
export interface EnvironmentTypes {
  /** Type of a plain name; undefined where the name must not be used. */
  typeOf(name: string): StaticType | undefined;
  /** Whether the host declared the name, so that `let` must not. */
  declares(name: string): boolean;
}

/** Which names of the environment an expression reads. */
export class EnvironmentUse {
  /** Names that are read in any way. */
  readonly names = new Set<string>();
  /** Plain names, which the environment must have, and the offset of each one's first use. */
  readonly required = new Map<string, number>();
  /** Whether it may read any name, since it uses `$env` as a whole. */
  all = false;

  read(name: string): void {
    this.names.add(name);
  }

  require(name: string, at: number): void {
    this.names.add(name);
    if (!this.required.has(name)) this.required.set(name, at);
  }
}
