/* global SwaggerUIBundle -- of swagger-ui-bundle.js, which comes first */

// Swagger UI has dark colours, and leaves it to its page when they are shown.
const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
follow();
dark.addEventListener('change', follow);

/** Quotes a text as one word of a shell. */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * Returns the command that sends an operation's example. The page lies at /docs below the stage, if there is one, and
 * so does the path.
 */
function curlOf(path, method, { parameters = [], requestBody }) {
  const filled = parameters
    .filter((parameter) => parameter.in === 'path')
    .reduce((all, { name, example }) => all.replace(`{${name}}`, encodeURIComponent(example)), path);
  const url = new URL(`.${filled}`, location.href);
  const example = requestBody?.content?.['application/json']?.example;
  const lines = [
    `curl -sS ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}${quoted(url.href)}`,
    '-H "authorization: Bearer $BULK_UPDATE_KEY"',
  ];
  if (example !== undefined)
    lines.push("-H 'content-type: application/json'", `-d ${quoted(JSON.stringify(example))}`);
  return lines.join(' \\\n  ');
}

/** Shows above the parameters of each operation its command, with a button that copies it. */
function curlPlugin({ React }) {
  const { createElement, useState } = React;
  function Curl({ command }) {
    const [isCopied, setCopied] = useState(false);
    const copy = () => navigator.clipboard.writeText(command).then(() => setCopied(true));
    return createElement(
      'div',
      { className: 'curl-example' },
      createElement('pre', { tabIndex: 0, 'aria-label': 'curl' }, command),
      createElement(
        'button',
        { type: 'button', className: 'btn', onClick: copy },
        isCopied ? 'Copied' : 'Copy curl',
      ),
    );
  }
  return {
    wrapComponents: {
      parameters: (Original) => (props) => {
        const [path, method] = props.pathMethod;
        const command = curlOf(path, method, props.operation.toJS());
        return createElement('div', null, createElement(Curl, { command }), createElement(Original, props));
      },
    },
  };
}

// All addresses are relative to the page, so that it works below a stage such as /live/.
SwaggerUIBundle({
  dom_id: '#swagger-ui',
  url: 'openapi.json',
  deepLinking: true,
  // Nothing is asked of other hosts.
  validatorUrl: null,
  plugins: [curlPlugin],
});
