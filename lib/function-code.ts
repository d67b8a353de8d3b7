import { readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

const directory = fileURLToPath(new URL('../lambdas', import.meta.url));

/** What esbuild made of each function's file, by its name without extension. */
let bundles: Map<string, Uint8Array> | undefined;

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
          const code = bundles.get(entry);
          if (code === undefined) throw new Error(`There is no function lambdas/${entry}.ts`);
          for (const [name, content] of Object.entries({ ...files(), 'index.mjs': code })) {
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
export function bundle(entryPoints: string[]): Map<string, Uint8Array> {
  const { outputFiles } = buildSync({
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
  return new Map(outputFiles.map(({ path, contents }) => [basename(path, '.js'), contents]));
}
