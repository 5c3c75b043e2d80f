// No validatorUrl: the page must ask nobody but this server.
SwaggerUIBundle({
  url: '/openapi',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
});
