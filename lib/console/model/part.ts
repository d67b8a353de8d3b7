/** Thrown when the browser cannot get a part of the page. */
export class NotLoadedError extends Error {
  override readonly name = 'NotLoadedError';

  constructor(cause?: unknown) {
    super('A part of this page could not be loaded. Check your connection and reload the page.', { cause });
  }
}

/**
 * Loads a part of the page that its first view does without.
 * @throws NotLoadedError when the browser cannot get it. Chromium does not ask for it again until the page is reloaded
 */
export async function part<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    throw new NotLoadedError(cause);
  }
}
