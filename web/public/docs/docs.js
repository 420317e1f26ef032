// The API's pages: Swagger UI on our own document, asking nobody but this server.
(function () {
  /** What a call needs that is authenticated by the session's cookie. */
  function csrf() {
    var found = /(?:^|; )(?:__Host-)?hone_csrf=([^;]*)/.exec(document.cookie);
    return found ? decodeURIComponent(found[1]) : null;
  }

  window.SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#docs",
    deepLinking: true,
    displayRequestDuration: true,
    docExpansion: "list",
    filter: true,
    tryItOutEnabled: true,
    persistAuthorization: false,
    // Its badge would ask another host.
    validatorUrl: null,
    requestInterceptor: function (request) {
      var token = csrf();
      if (token && new URL(request.url, location.href).origin === location.origin) {
        request.headers["x-csrf-token"] = token;
      }
      return request;
    },
  });
})();
