/* global SwaggerUIBundle -- of swagger-ui-bundle.js, which comes first */

// Swagger UI has dark colours, and leaves to its page when they are shown.
const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
follow();
dark.addEventListener('change', follow);

/** Quotes a text as one word of a shell. */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** Returns the value of a parameter in an example request, for a URL. */
const exampleOf = (parameter) => encodeURIComponent(parameter.example ?? `{${parameter.name}}`);

/** Returns the command that sends an operation's example. Its URL is right below a stage such as /live/. */
function curlOf(path, method, { parameters = [], requestBody, security }) {
  const filled = parameters
    .filter((parameter) => parameter.in === 'path')
    .reduce((all, parameter) => all.replace(`{${parameter.name}}`, exampleOf(parameter)), path);
  const query = parameters
    .filter((parameter) => parameter.in === 'query' && parameter.required)
    .map((parameter) => `${parameter.name}=${exampleOf(parameter)}`);
  const url = new URL(`.${[filled, ...query].join('?')}`, location.href);
  const body = requestBody?.content?.['application/json'];
  const words = [
    ...['curl -sS', ...(method === 'get' ? [] : [`-X ${method.toUpperCase()}`]), quoted(url.href)].join(' '),
  ];
  return words;
}
