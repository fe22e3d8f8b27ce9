/**
 * Headers of every answer, names and values in turn as `writeHead` takes them: browsers must not guess types, keep answers,
 * show them in a frame or run anything in them.
 */
export const BASE_HEADERS: readonly string[] = Object.freeze([
  'X-Content-Type-Options',
  'nosniff',
  'Cache-Control',
  'no-store',
  'Referrer-Policy',
  'no-referrer',
  'Content-Security-Policy',
  "default-src 'none'; frame-ancestors 'none'",
]);
