/** URL of the API with its stage. No request goes anywhere else, as each has the API key. */
export class BaseUrl {
  readonly #text: string;

  /** @throws TypeError when the URL cannot be extended by paths, or would send the key unencrypted */
  constructor(text: string) {
    const { protocol, hostname, username, password, search, hash, href } = new URL(text);
    if (username + password + search + hash !== '') {
      throw new TypeError('The URL of the API must not have a user, password, query or fragment. Remove it.');
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
   * Resolves a link of a response. `_meta.next` is a path below the base URL, also if that has a stage. Any other link is
   * a relative reference (RFC 3986, 5.2).
   * @param from - path of the request that returned the link
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

/** Whether a host is this machine. @param hostname - as URLs normalize it */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

/**
 * Encodes a segment of a path.
 * @throws TypeError for dots, which URLs resolve even if they are encoded
 */
export function segment(text: string): string {
  if (/^\.{0,2}$/.test(text)) throw new TypeError(`"${text}" is not a valid name or id.`);
  return encodeURIComponent(text);
}
