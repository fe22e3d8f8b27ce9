import type { Express } from 'express';
import type { ApiDocument } from './document';

/** Serves the API's description, to anybody. */
export function addDocumentRoutes(app: Express, document: ApiDocument): void {
  const json = JSON.stringify(document.json);
  app.get('/api/docs/openapi.json', (_request, response) => {
    response.type('application/json').send(json);
  });
  app.get('/api/docs/openapi.yaml', (_request, response) => {
    response.type('application/yaml').send(document.yaml);
  });
}
