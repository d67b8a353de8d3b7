import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { DAY_MS } from '../../lambdas/contract/limits.ts';
import { profilesPath } from './profiles.ts';
import { removeAtExit } from './temporary.ts';

const stateSchema = v.object({
  jobId: v.string(),
  etags: v.record(v.string(), v.string()),
  /** Tells whether the bytes are the same: another version of Node.js may compress the items in another way. */
  bytesDigest: v.string(),
});

/** What is known of an upload that broke off. */
export type StoredUpload = v.InferOutput<typeof stateSchema>;

/** Returns the folder of uploads that broke off, beside the profiles, where only the user can read. */
export function uploadsFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return join(dirname(profilesPath(environment)), 'uploads');
}

/**
 * Remembers which parts of files are stored, by the idempotency keys of their jobs, so that the same command goes on. It is
 * a convenience: without it, parts are sent again.
 */
export class UploadStates {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Returns what is known of an upload, undefined if there is nothing or it cannot be read. */
  async read(key: string): Promise<StoredUpload | undefined> {
    try {
      return v.parse(stateSchema, JSON.parse(await readFile(this.#path(key), 'utf8')));
    } catch {
      return undefined;
    }
  }

  /** Replaces what is known of an upload. @throws when the folder cannot be written */
  async write(key: string, state: StoredUpload): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const part = `${this.#path(key)}.${randomUUID()}.part`;
    removeAtExit(part);
    await writeFile(part, JSON.stringify(state), { flag: 'wx', mode: 0o600 });
    await rename(part, this.#path(key));
  }

  /** Forgets an upload, and those that nobody can complete any more. What cannot be removed does no harm. */
  async remove(key: string): Promise<void> {
    const old = Date.now() - DAY_MS;
    const names = await readdir(this.#folder).catch(() => []);
    for (const path of names.map((name) => join(this.#folder, name))) {
      const found = await stat(path).catch(() => undefined);
      const isOver = path === this.#path(key) || (found?.mtimeMs ?? old) < old;
      if (isOver) await rm(path, { force: true }).catch(() => undefined);
    }
  }

  #path(key: string): string {
    return join(this.#folder, `${key}.json`);
  }
}
