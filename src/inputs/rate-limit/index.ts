export { RateLimiter } from './rate-limiter';
export type { RateLimit } from './token-bucket';
