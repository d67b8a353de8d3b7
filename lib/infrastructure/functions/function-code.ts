import { readdirSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import { LICENCES_FILE, licencesOf } from '../../build/licences.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const directory = join(root, 'lambdas');

/** What esbuild makes of a function's file. */
export interface Bundle {
  code: Uint8Array;
  /** Of the packages in it. */
  licences: string;
}

/** The functions' bundles, by the names of their files without extension. */
let bundles: Map<string, Bundle> | undefined;

/**
 * The code of a function: its file in `lambdas/` bundled with all it imports, the AWS SDK included.
 *
 * All functions are bundled in one pass, when the first is asked for: one at a time, as `NodejsFunction` does,
 * takes most of the time of a synthesis.
 *
 * @param files - what stands beside the code, by name
 */
export function functionCode(
  entry: string,
  files: () => Record<string, string | Uint8Array> = () => ({}),
): Code {
  return Code.fromAsset(directory, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Asked for by CDK, and used only where bundling here failed.
      image: DockerImage.fromRegistry('scratch'),
      // Tells the functions apart: CDK bundles only once what is asked for alike.
      command: [entry],
      local: {
        tryBundle(outputDirectory) {
          bundles ??= bundle(functionFiles());
          const bundled = bundles.get(entry);
          if (bundled === undefined) throw new Error(`There is no function lambdas/${entry}.ts`);
          const { code, licences } = bundled;
          const contents = { ...files(), 'index.mjs': code, [LICENCES_FILE]: licences };
          for (const [name, content] of Object.entries(contents)) {
            writeFileSync(join(outputDirectory, name), content);
          }
          return true;
        },
      },
    },
  });
}

function functionFiles(): string[] {
  const files = readdirSync(directory).filter((name) => name.endsWith('.ts'));
  return files.map((name) => join(directory, name));
}

/** Bundles files as functions have it. @returns the bundles by the files' names without extension */
export function bundle(entryPoints: string[]): Map<string, Bundle> {
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: root,
    metafile: true,
    entryPoints,
    outdir: 'bundles',
    write: false,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    // CommonJS packages in an ES module bundle call require for Node's own modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return new Map(
    outputFiles.map(({ path, contents }) => {
      const output = metafile.outputs[relative(root, path)];
      return [basename(path, '.js'), { code: contents, licences: licencesOf(output?.inputs ?? {}) }];
    }),
  );
}
