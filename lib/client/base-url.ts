/**
 * Where the API is, stage included. Everything that is sent goes below it: each request carries the API key.
 */
export class BaseUrl {
  readonly #text: string;

  /** @throws TypeError when paths cannot be added to it, or the key would travel in clear */
  constructor(text: string) {
    const { protocol, hostname, username, password, search, hash, href } = new URL(text);
    if (username + password + search + hash !== '') {
      throw new TypeError('The URL of the API must have no user, password, query or fragment.');
    }
    if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback(hostname))) {
      throw new TypeError(
        `The URL ${protocol}//${hostname} would send the API key unencrypted. Use https://; http:// is for this machine only.`,
      );
    }
    this.#text = href.replace(/[?#]$/, '').replace(/(?<!\/)\/+$/, '');
  }

  toString(): string {
    return this.#text;
  }

  /** @param path - begins with a slash */
  urlOf(path: string): string {
    return `${this.#text}${path}`;
  }

  /**
   * Resolves a link of a response. `_meta.next` is a path that continues the base URL, so `/v1/…` is right below a stage
   * too; any other is a relative reference (RFC 3986, 5.2).
   * @param from - path of the request that the link answered
   * @returns the path below the base URL; undefined when the link leads elsewhere
   */
  follow(link: string, from: string): string | undefined {
    return (
      this.#below(link, this.urlOf(from)) ??
      (link.startsWith('/v1/') ? this.#below(this.urlOf(link)) : undefined)
    );
  }

  #below(link: string, from?: string): string | undefined {
    if (!URL.canParse(link, from)) return undefined;
    const { href } = new URL(link, from);
    return href.startsWith(`${this.#text}/`) ? href.slice(this.#text.length) : undefined;
  }
}

/** Whether a host, as URLs normalize it, is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

/**
 * Encodes a part of a path.
 * @throws TypeError when it would lead to another path: URLs drop dots, encoded ones too
 */
export function segment(text: string): string {
  if (/^\.{0,2}$/.test(text)) throw new TypeError(`"${text}" cannot be a name or an id in a URL.`);
  return encodeURIComponent(text);
}
