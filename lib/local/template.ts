import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What intrinsic functions of the template say of the account. */
export const LOCAL_REGION = 'us-east-1';
export const LOCAL_ACCOUNT = '000000000000';
const PSEUDO_PARAMETERS: Record<string, string> = {
  'AWS::Region': LOCAL_REGION,
  'AWS::AccountId': LOCAL_ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'local',
  'AWS::StackId': `arn:aws:cloudformation:${LOCAL_REGION}:${LOCAL_ACCOUNT}:stack/local/00000000-0000-4000-8000-000000000000`,
};

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}

/** The synthesized CloudFormation template, with the bundled functions beside it. */
export class Template {
  readonly #directory: string;
  readonly #resources: Record<string, Resource>;
  /** What `Ref` gives for a resource where that is not its logical id, such as a queue's URL. */
  readonly #references = new Map<string, string>();

  private constructor(directory: string, resources: Record<string, Resource>) {
    this.#directory = directory;
    this.#resources = resources;
  }

  /** Synthesizes the CDK app into a temporary folder. */
  static async synthesize(): Promise<Template> {
    const directory = await mkdtemp(join(tmpdir(), 'bulk-update-'));
    const app = fileURLToPath(new URL('../../bin/app.ts', import.meta.url));
    await promisify(execFile)(process.execPath, [app], {
      // Checking the template is for those who deploy it, and takes a second and a half.
      env: {
        ...process.env,
        CDK_OUTDIR: directory,
        CDK_VALIDATION: 'false',
        CDK_CONTEXT_JSON: await localContext(),
      },
    });
    const manifest = JSON.parse(await readFile(join(directory, 'manifest.json'), 'utf8'));
    const stack = Object.values<{ type: string; properties: { templateFile: string } }>(
      manifest.artifacts,
    ).find(({ type }) => type === 'aws:cloudformation:stack');
    if (stack === undefined) throw new Error('The CDK app has no stack');
    const template = await readFile(join(directory, stack.properties.templateFile), 'utf8');
    return new Template(directory, JSON.parse(template).Resources);
  }

  /** The same for another stack, which sets references of its own. */
  copy(): Template {
    return new Template(this.#directory, this.#resources);
  }

  /** Resources of a type, by logical id. */
  ofType(type: string): [id: string, properties: Record<string, unknown>][] {
    return Object.entries(this.#resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, { Properties }]) => [id, Properties ?? {}]);
  }

  /** The folder of a function's bundled code: the asset that its S3 key names. */
  assetPath(functionId: string): string {
    const code = this.#resources[functionId]?.Properties.Code as { S3Key: string } | undefined;
    return join(this.#directory, `asset.${code?.S3Key.replace(/\.zip$/, '')}`);
  }

  setReference(id: string, value: string): void {
    this.#references.set(id, value);
  }

  /** Evaluates the intrinsic functions in a value. */
  resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((part) => this.resolve(part));
    if (typeof value !== 'object' || value === null) return value;
    const [[name, argument] = []] = Object.entries(value);
    switch (name) {
      case 'Ref':
        return this.#reference(String(argument));
      case 'Fn::GetAtt':
        return this.#attribute(argument as [string, string]);
      case 'Fn::Join': {
        const [separator, parts] = argument as [string, unknown[]];
        return parts.map((part) => this.resolve(part)).join(separator);
      }
      case 'Fn::Split': {
        const [separator, text] = argument as [string, unknown];
        return String(this.resolve(text)).split(separator);
      }
      case 'Fn::Select': {
        const [index, list] = argument as [number, unknown];
        return (this.resolve(list) as unknown[])[index];
      }
      default:
        return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, this.resolve(part)]));
    }
  }

  #reference(id: string): string {
    return PSEUDO_PARAMETERS[id] ?? this.#references.get(id) ?? id;
  }

  /** Every attribute that the local parts ask for is an ARN that ends in the logical id. */
  #attribute([id, attribute]: [string, string]): string {
    if (attribute !== 'Arn') return id;
    const service = this.#resources[id]?.Type.split('::')[1]?.toLowerCase();
    return `arn:aws:${service}:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${id}`;
  }

  async remove(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/**
 * What the CDK CLI would pass on: the feature flags of `cdk.json`, and the settings of the stage `local` unless another
 * is named. Without CloudFront: the gateway serves the console here.
 */
async function localContext(): Promise<string> {
  const { context } = JSON.parse(await readFile(new URL('../../cdk.json', import.meta.url), 'utf8'));
  const flags = Object.fromEntries(Object.entries(context).filter(([name]) => name.startsWith('@aws-cdk')));
  const settings = JSON.parse(process.env.CDK_CONTEXT_JSON ?? '{}');
  return JSON.stringify({ ...flags, stage: 'local', ...settings, console: false });
}

/** The logical id that an ARN made by `Template` ends in. */
export function idOfArn(arn: unknown): string {
  return String(arn).split(/[:/]/).at(-1) ?? '';
}

/** The tables' names, found in the template by what reads them. */
export interface TableNames {
  processes: string;
  jobs: string;
  procedures: string;
  apiKeys: string;
}

/** Finds the tables by the construct that made them. */
export function tableNames(template: Template): TableNames {
  const named = (name: string) => {
    const [id] =
      template.ofType('AWS::DynamoDB::GlobalTable').find(([id]) => id.startsWith(`Storage${name}`)) ?? [];
    if (id === undefined) throw new Error(`The template has no table ${name}`);
    return id;
  };
  return {
    processes: named('Processes'),
    jobs: named('Jobs'),
    procedures: named('Procedures'),
    apiKeys: named('ApiKeys'),
  };
}
