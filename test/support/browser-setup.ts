import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LaunchOptions } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { launchOptions } from './chromium.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** How to start the browser. */
    browser: LaunchOptions;
  }
}

/** Finds or unpacks Chromium, once for all tests of the console. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!project.vitest.state.getPaths().some((path) => path.includes('/test/console/'))) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'bulk-update-browser-'));
  project.provide('browser', await launchOptions(folder));
  return () => rm(folder, { recursive: true, force: true });
}
