/* global SwaggerUIBundle -- of swagger-ui-bundle.js, which comes first */

// All addresses are relative to the page, so that it works below a stage such as /live/.
SwaggerUIBundle({
  dom_id: '#swagger-ui',
  url: 'openapi.json',
  deepLinking: true,
  // Nothing is asked of other hosts.
  validatorUrl: null,
});
