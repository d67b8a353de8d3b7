/** Why a request got no response, and what to do about it. */
export interface NetworkFault {
  message: string;
  /** Whether the same happens at each attempt. */
  isLasting: boolean;
}

/** Whether a fault is one of TLS, by the codes of Node.js and OpenSSL. */
const TLS = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO$)/;

const TLS_FAULTS: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host. Check the URL of the API.',
  CERT_HAS_EXPIRED: 'its certificate has expired. Ask the operator of the API to renew it.',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet. Check the clock of this machine.',
};

const UNTRUSTED =
  'this machine does not trust its certificate. If the API or a proxy has one of your own authority, name the file of that authority in NODE_EXTRA_CA_CERTS.';

/**
 * Explains why `fetch` got no response.
 * @param url - of the API
 * @param hasResponded - whether the API has responded before. Then a name that is not found is a fault that passes
 */
export function networkFault(error: unknown, url: string, hasResponded: boolean): NetworkFault {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code = '' } = (cause ?? {}) as { code?: unknown };
  const name = String(code);
  const told = (why: string) => `No response from ${url}: ${why}`;
  if (TLS.test(name)) {
    const isNoTls = /^(?:ERR_SSL_|EPROTO)/.test(name);
    const why = isNoTls ? 'it does not speak TLS there. Check the URL of the API.' : UNTRUSTED;
    return { message: told(TLS_FAULTS[name] ?? why), isLasting: true };
  }
  if (name === 'ENOTFOUND') {
    return { message: told('there is no such host. Check the URL of the API.'), isLasting: !hasResponded };
  }
  const text = cause instanceof Error ? cause.message || name || cause.name : String(cause);
  const why = text.trim().replace(/\.$/, '');
  return { message: told(`${why}. Check the URL of the API and the network.`), isLasting: false };
}
