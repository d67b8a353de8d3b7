/** Letters, marks and digits of every script, but none that cannot be seen. */
const LETTER = String.raw`[[\p{L}\p{M}\p{N}]--\p{Default_Ignorable_Code_Point}]`;
const ATOM = String.raw`[${LETTER}!#$%&'*+\-\/=?\^_\u0060\{\|\}~]+`;
const QUOTED = String.raw`"(?:[^"\\\p{C}\p{Zl}\p{Zp}]|\\[ -~])+"`;
const LABEL = String.raw`${LETTER}(?:[${LETTER}\-]*${LETTER})?`;
const TOP_LEVEL = String.raw`(?=[^\p{N}])${LETTER}[${LETTER}\-]*${LETTER}`;

/**
 * An email address by RFC 5321 and 5322, without comments and address literals: before the @ any printable character that
 * these allow there, in quotes all of them; a domain of at least two labels, which may be in Punycode; in both letters
 * beyond ASCII (RFC 6531). The lengths are the mail server's business.
 */
export const EMAIL_ADDRESS = new RegExp(
  String.raw`^(?:${ATOM}(?:\.${ATOM})*|${QUOTED})@(?:${LABEL}\.)+${TOP_LEVEL}$`,
  'v',
);

/**
 * A phone number as people write it: with or without `+`, an area code in parentheses, groups of digits with spaces (also
 * such that do not break), dots, slashes or dashes between them, and an extension.
 */
export const PHONE_NUMBER =
  /^\+?(?=\(?\p{Zs}?\d)[\d(][\d\p{Zs}()./\p{Pd}]{3,30}(?:\p{Zs}{0,3}(?:x|ext\.?|#|;ext=)\p{Zs}{0,3}\d{1,8})?$/iu;
