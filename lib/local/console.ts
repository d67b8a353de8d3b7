import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sirv, { type RequestHandler } from 'sirv';
import {
  ASSETS,
  CACHE_CONTROL,
  contentSecurityPolicy,
  REFERRER_POLICY,
} from '../infrastructure/console-headers.ts';

export interface LocalConsole {
  /**
   * Answers what asks for a file of the console, and hands on the rest.
   * @param filesOrigin - that the page may send files to
   */
  serve: (filesOrigin: string) => RequestHandler;
  remove: () => Promise<void>;
}

/** Builds the console into a folder of its own, which no other build empties while it is served. */
export async function buildLocalConsole(): Promise<LocalConsole> {
  const folder = await mkdtemp(join(tmpdir(), 'bulk-update-console-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const script = fileURLToPath(new URL('../console/build.ts', import.meta.url));
    await promisify(execFile)(process.execPath, [script, folder]);
    return { serve: (filesOrigin) => serveFolder(folder, filesOrigin), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Serves the files that are in a folder now, with the headers that CloudFront sends, but for HSTS. */
function serveFolder(folder: string, filesOrigin: string): RequestHandler {
  const serveFile = sirv(folder, {
    etag: true,
    setHeaders(response, path) {
      response.setHeader('content-security-policy', contentSecurityPolicy(filesOrigin));
      response.setHeader('referrer-policy', REFERRER_POLICY);
      response.setHeader('x-content-type-options', 'nosniff');
      const isAsset = path.startsWith(`/${ASSETS}`);
      response.setHeader('cache-control', isAsset ? CACHE_CONTROL.assets : CACHE_CONTROL.page);
    },
  });
  return (request, response, next) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead) return next?.();
    // sirv throws at a range that ends before it starts; files this small are sent whole.
    delete request.headers.range;
    serveFile(request, response, next);
  };
}
