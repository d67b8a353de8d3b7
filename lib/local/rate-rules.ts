import type { Template } from './template.ts';

/** What is read of a rate-based rule of WAF that tells requests apart by headers. */
interface RateBasedStatement {
  Limit: number;
  EvaluationWindowSec: number;
  CustomKeys: { Header: { Name: string; TextTransformations: TextTransformation[] } }[];
}

interface TextTransformation {
  Priority: number;
  Type: string;
}

/** https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-transformation.html */
const TRANSFORMATIONS: Readonly<Record<string, (text: string) => string>> = {
  NONE: (text) => text,
  COMPRESS_WHITE_SPACE: (text) => text.replace(/[\t-\r \xa0]+/g, ' '),
  LOWERCASE: (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
};

type Headers = Readonly<Record<string, string | string[] | undefined>>;

interface CountedHeader {
  name: string;
  transform: (text: string) => string;
}

interface Window {
  until: number;
  requests: number;
}

/** Counts requests as the rate-based rules of the template's web ACLs do, but at once and not half a minute late. */
export class RateRules {
  readonly #rules: {
    limit: number;
    windowMs: number;
    headers: CountedHeader[];
    windows: Map<string, Window>;
  }[];

  constructor(template: Template) {
    const rules = template
      .ofType('AWS::WAFv2::WebACL')
      .flatMap(
        ([, { Rules }]) => Rules as { Statement: { RateBasedStatement: RateBasedStatement | undefined } }[],
      );
    this.#rules = rules.flatMap(({ Statement: { RateBasedStatement: rate } }) =>
      rate === undefined
        ? []
        : {
            limit: rate.Limit,
            windowMs: rate.EvaluationWindowSec * 1000,
            headers: rate.CustomKeys.map(({ Header }) => ({
              name: Header.Name,
              transform: transformation(Header.TextTransformations),
            })),
            windows: new Map(),
          },
    );
  }

  /** Whether a request is within the limits; it counts. A request without the headers of a rule does not count. */
  admits(headers: Headers, now: number): boolean {
    return this.#rules.every(({ limit, windowMs, headers: counted, windows }) => {
      const values = counted.map(({ name, transform }) => {
        const value = headers[name];
        return value === undefined ? undefined : transform(String(value));
      });
      if (values.includes(undefined)) return true;
      const key = JSON.stringify(values);
      const known = windows.get(key);
      const window =
        known !== undefined && now < known.until ? known : { until: now + windowMs, requests: 0 };
      window.requests += 1;
      windows.set(key, window);
      return window.requests <= limit;
    });
  }
}

/** All transformations, the lowest priority first. */
function transformation(steps: readonly TextTransformation[]): (text: string) => string {
  const transforms = steps
    .toSorted((a, b) => a.Priority - b.Priority)
    .map(({ Type }) => {
      const transform = TRANSFORMATIONS[Type];
      if (transform === undefined)
        throw new Error(`The local rate rules do not know the transformation ${Type}`);
      return transform;
    });
  return (text) => transforms.reduce((transformed, transform) => transform(transformed), text);
}
