declare module 'woothee' {
  /** What the library tells of a user agent; 'UNKNOWN' for what it does not know. */
  export interface Result {
    readonly name: string;
    readonly category: string;
    readonly os: string;
    readonly os_version: string;
    readonly version: string;
    readonly vendor: string;
  }
  export function parse(userAgent: string): Result;
}
