const KIB = 1024;
const MIB = 1024 * KIB;

/** Largest body of a request that needs no login: a name and a password. */
export const MAX_PUBLIC_BODY_BYTES = 16 * KIB;

/** Largest body of an administrative request, as sent and expanded: several times the largest flow graph or script people write. */
export const MAX_ADMIN_BODY_BYTES = 4 * MIB;

/**
 * Largest body of an ingest request, as sent and expanded. Senders batch by a few MB at most (OpenTelemetry collectors: 4 MiB
 * for gRPC); what expands to more is a mistake or an attack.
 */
export const DEFAULT_MAX_INGEST_BODY_BYTES = 16 * MIB;

/**
 * Bodies that are being read or processed, all ingest requests together. A body costs several times its size while it is parsed,
 * and the whole service must stay below 400 MB.
 */
export const MAX_BODY_BYTES_IN_FLIGHT = 64 * MIB;

/** Bodies that are decompressed at the same time; the pool has four threads, which serve files as well. */
export const MAX_PARALLEL_EXPANSIONS = 3;
