import path from 'node:path';
import type { Express, RequestHandler } from 'express';
import { API_PREFIX, type ApiDocument } from './document';
import { documentationHeaders } from './http/security-headers';

/** Files of Swagger UI that its page loads, and nothing else of the package. */
const UI_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-16x16.png', 'favicon-32x32.png'];

/** Serves the API's description and the page that shows it, to anybody; `/` leads there. */
export function addDocumentRoutes(app: Express, document: ApiDocument, mountPath: string): void {
  const served = { ...document.json, servers: [{ url: mountPath + API_PREFIX }] };
  const json = JSON.stringify(served);
  const docs = `${mountPath}/api/docs`;
  const page = uiPage(docs);
  const script = uiScript(docs);
  const directory = path.dirname(require.resolve('swagger-ui-dist/swagger-ui.css'));

  app.get('/', (_request, response) => {
    response.redirect(308, docs);
  });
  app.get('/api/docs/openapi.json', (_request, response) => {
    response.type('application/json').send(json);
  });
  app.get('/api/docs/openapi.yaml', (_request, response) => {
    response.type('application/yaml').send(document.yaml);
  });
  app.get(['/api/docs', '/api/docs/'], documentationHeaders, (_request, response) => {
    response.type('text/html').send(page);
  });
  app.get('/api/docs/start.js', documentationHeaders, (_request, response) => {
    response.type('text/javascript').send(script);
  });
  for (const name of UI_FILES) app.get(`/api/docs/${name}`, documentationHeaders, sendUiFile(directory, name));
}

function sendUiFile(root: string, name: string): RequestHandler {
  return (_request, response, next) => {
    // May be kept, and is asked for again: it changes with the version.
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile(name, { root, cacheControl: false }, (error) => {
      if (error !== undefined && !response.headersSent) next(error);
    });
  };
}

function uiPage(docs: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Logweir API</title>
    <link rel="stylesheet" href="${docs}/swagger-ui.css">
    <link rel="icon" type="image/png" sizes="32x32" href="${docs}/favicon-32x32.png">
    <link rel="icon" type="image/png" sizes="16x16" href="${docs}/favicon-16x16.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="${docs}/swagger-ui-bundle.js"></script>
    <script src="${docs}/start.js"></script>
  </body>
</html>
`;
}

/** In a file of its own: scripts within the page are forbidden. The validator would be another site's. */
function uiScript(docs: string): string {
  return `SwaggerUIBundle({
  url: ${JSON.stringify(`${docs}/openapi.json`)},
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
  docExpansion: 'list',
  displayOperationId: true,
});
`;
}
