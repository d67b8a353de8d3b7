import { createDocument } from '../lib/openapi/document.ts';

/** Prints the description of the API, OpenAPI 3.1, as `GET /openapi.json` answers it. */
console.log(JSON.stringify(createDocument(), null, 2));
