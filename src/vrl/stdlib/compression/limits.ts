/** Most bytes that decompression may give: far more than any record, far less than a bomb could make of a few bytes. */
export const MAX_DECOMPRESSED_BYTES = 16 * 1024 * 1024;
