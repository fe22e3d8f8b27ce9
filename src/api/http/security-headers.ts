import type { RequestHandler } from 'express';
import helmet, { type HelmetOptions } from 'helmet';

/** For one port it would bind all ports of this host to TLS. */
const NO_TRANSPORT_SECURITY: HelmetOptions = { strictTransportSecurity: false };

const answers = helmet({
  ...NO_TRANSPORT_SECURITY,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
});

/** Headers of all answers of Express: those of {@link BASE_HEADERS} and what else helmet knows. */
export const securityHeaders: RequestHandler = (request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  answers(request, response, next);
};

/**
 * What the page of the documentation may do: run and load what this server sends, and nothing from elsewhere. Swagger UI sets
 * styles by attribute and has its icons in data URLs.
 */
export const documentationHeaders: RequestHandler = helmet({
  ...NO_TRANSPORT_SECURITY,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
});
