import { readFileSync, writeFileSync } from 'node:fs';

const UNRELEASED = '## Unreleased\n';

/**
 * Returns the changelog with what was unreleased under a version, and an empty section above it.
 * @throws Error when nothing is unreleased, or the version has a section
 */
export function released(changelog: string, version: string, date: string): string {
  const [before = '', after] = changelog.split(UNRELEASED);
  if (after === undefined) throw new Error('CHANGELOG.md has no section "## Unreleased". Add it.');
  if (/^\s*(## |$)/.test(after)) {
    throw new Error('Nothing is listed under "## Unreleased" in CHANGELOG.md. Say what changed.');
  }
  if (after.includes(`\n## ${version} `)) {
    throw new Error(`CHANGELOG.md has a section ${version} already. Choose a higher version.`);
  }
  return `${before}${UNRELEASED}\n## ${version} - ${date}\n${after}`;
}

if (import.meta.main) {
  const path = new URL('../../CHANGELOG.md', import.meta.url);
  const { npm_package_version: version } = process.env;
  if (version === undefined) throw new Error('Run it through "npm version".');
  const today = new Date().toISOString().slice(0, 10);
  writeFileSync(path, released(readFileSync(path, 'utf8'), version, today));
}
