import type { Template } from './template.ts';

/** What is read of a rate-based rule of WAF that tells requests apart by headers. */
interface RateBasedStatement {
  Limit: number;
  EvaluationWindowSec: number;
  CustomKeys: { Header: { Name: string } }[];
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

interface Window {
  until: number;
  requests: number;
}

/** Counts requests as the rate-based rules of the template's web ACLs do, but at once and not half a minute late. */
export class RateRules {
  readonly #rules: { limit: number; windowMs: number; headers: string[]; windows: Map<string, Window> }[];

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
            headers: rate.CustomKeys.map(({ Header }) => Header.Name),
            windows: new Map(),
          },
    );
  }

  /** Whether a request is within the limits; it counts. A request without the headers of a rule is none of its. */
  admits(headers: Headers, now: number): boolean {
    return this.#rules.every(({ limit, windowMs, headers: names, windows }) => {
      const values = names.map((name) => headers[name]);
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
