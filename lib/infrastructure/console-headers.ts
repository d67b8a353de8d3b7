/**
 * The page loads only its own files, and calls only the API at the same origin and the bucket that takes its files.
 * @param filesOrigin - of the bucket
 */
export const contentSecurityPolicy = (filesOrigin: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${filesOrigin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

export const REFERRER_POLICY = 'no-referrer';

export const PAGE = 'index.html';

/** The folder of files with a hash of their content in the name. */
export const ASSETS = 'assets/';

export const CACHE_CONTROL = {
  /** A browser checks each time whether it has the newest page. */
  page: 'no-cache',
  assets: 'public, max-age=31536000, immutable',
};
