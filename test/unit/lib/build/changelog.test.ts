import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { released } from '../../../../lib/build/changelog.ts';
import manifest from '../../../../package.json' with { type: 'json' };

const changelog = readFileSync(new URL('../../../../CHANGELOG.md', import.meta.url), 'utf8');

describe('a release', () => {
  it('puts what was unreleased under its version and date', () => {
    const text = '# Changelog\n\n## Unreleased\n\n### Added\n\n- A thing.\n\n## 0.1.0 - 2026-11-25\n';
    expect(released(text, '0.2.0', '2026-12-01')).toBe(
      '# Changelog\n\n## Unreleased\n\n## 0.2.0 - 2026-12-01\n\n### Added\n\n- A thing.\n\n## 0.1.0 - 2026-11-25\n',
    );
  });

  it.each([
    ['nothing is unreleased', '## Unreleased\n\n## 0.1.0 - 2026-11-25\n\n- A thing.\n', 'Say what changed'],
    ['nothing was ever written', '## Unreleased\n', 'Say what changed'],
    ['the section is missing', '## 0.1.0 - 2026-11-25\n', 'Add it'],
    ['the version is there', '## Unreleased\n\n- A thing.\n\n## 0.2.0 - 2026-11-25\n', 'higher version'],
  ])('is refused when %s', (_, text, remedy) => {
    expect(() => released(text, '0.2.0', '2026-12-01')).toThrow(remedy);
  });
});

describe('CHANGELOG.md', () => {
  const headings = [...changelog.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading ?? '');

  it('begins with what is unreleased; every other section has a version and a date, newest first', () => {
    const [first, ...versions] = headings;
    expect(first).toBe('Unreleased');
    for (const heading of versions) expect(heading).toMatch(/^\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d$/);
    const dates = versions.map((heading) => heading.slice(-10));
    expect(dates).toEqual(dates.toSorted().reverse());
  });

  it('has the version of the manifest', () => {
    expect(headings[1]).toMatch(new RegExp(`^${RegExp.escape(manifest.version)} - `));
  });
});
