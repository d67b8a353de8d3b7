import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type AppProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createBulkUpdateStack } from '../../lib/infrastructure/app.ts';
import type { BulkUpdateStack } from '../../lib/infrastructure/stack.ts';

const cdkJson = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')) as {
  context: Record<string, unknown>;
};

/** What intrinsic functions look like. */
interface Intrinsic {
  Ref?: string;
  'Fn::GetAtt'?: [id: string, attribute: string];
  'Fn::Join'?: [separator: string, parts: unknown[]];
  'Fn::Select'?: [index: number, list: unknown];
  'Fn::Split'?: [separator: string, text: unknown];
}

export interface Resource<Properties> {
  Type: string;
  Properties: Properties;
  DependsOn?: string[];
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

export interface StackTemplate {
  Resources: Record<string, Resource<object>>;
  Outputs: Record<string, { Value: unknown; Description?: string }>;
  Parameters?: Record<string, unknown>;
}

/** Settings of the stage's file; without them it is the project's own. */
export type Remembered = Record<string, unknown>;

/** Runs `use` with the app as `cdk synth` makes it, except that nothing is bundled. */
export function withApp<T>(
  props: AppProps & { remembered?: Remembered | undefined },
  use: (app: App, stack: BulkUpdateStack) => T,
): T {
  const { remembered, ...appProps } = props;
  const outdir = mkdtempSync(join(tmpdir(), 'bulk-update-test-'));
  const settings = mkdtempSync(join(tmpdir(), 'bulk-update-settings-'));
  try {
    const context: Record<string, unknown> = {
      ...cdkJson.context,
      'aws:cdk:bundling-stacks': [],
      ...props.context,
    };
    const app = new App({ outdir, ...appProps, context });
    if (remembered === undefined) return use(app, createBulkUpdateStack(app));
    writeFileSync(join(settings, `${context.stage ?? 'dev'}.json`), JSON.stringify(remembered));
    return use(app, createBulkUpdateStack(app, settings));
  } finally {
    rmSync(outdir, { recursive: true });
    rmSync(settings, { recursive: true });
  }
}

/** The template of a stage, also when it breaks rules: `nag.test.ts` reports that. */
export function synthesize(context: Record<string, unknown> = {}, remembered?: Remembered): StackTemplate {
  return withApp(
    {
      context: { '@aws-cdk/core:failSynthOnValidationErrors': false, ...context },
      builtinCloudFormationValidation: false,
      remembered,
    },
    (_app, stack) => Template.fromStack(stack).toJSON() as StackTemplate,
  );
}

/** The resources of a type, by the path of their construct without its last part, such as `StorageJobs`. */
export function resourcesOf<Properties extends object>(
  { Resources }: StackTemplate,
  type: string,
): Record<string, Resource<Properties>> {
  return Object.fromEntries(
    Object.entries(Resources)
      .filter(([, { Type }]) => Type === type)
      .map(([id, resource]) => [nameOf(id), resource as Resource<Properties>]),
  );
}

/** The properties of the resource of a type that has this name. */
export function propertiesOf<Properties extends object>(
  template: StackTemplate,
  type: string,
  name: string,
): Properties {
  const resource = resourcesOf<Properties>(template, type)[name];
  if (resource === undefined) throw new Error(`The template has no ${type} named ${name}`);
  return resource.Properties;
}

/** Writes references to resources by their names: `StorageProcesses.Arn/index/byPrimaryKey`. */
export function readable(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const intrinsic: Intrinsic = value;
  if (intrinsic.Ref !== undefined) return nameOf(intrinsic.Ref);
  if (intrinsic['Fn::GetAtt'] !== undefined) {
    const [id, attribute] = intrinsic['Fn::GetAtt'];
    return `${nameOf(id)}.${attribute}`;
  }
  if (intrinsic['Fn::Join'] !== undefined) {
    const [separator, parts] = intrinsic['Fn::Join'];
    return parts.map(readable).join(separator);
  }
  if (intrinsic['Fn::Select'] !== undefined) {
    const [index, list] = intrinsic['Fn::Select'];
    return `${readable(list)}[${index}]`;
  }
  if (intrinsic['Fn::Split'] !== undefined) return readable(intrinsic['Fn::Split'][1]);
  return JSON.stringify(value);
}

/** A list, also where CloudFormation takes a single value for a list of one. */
export function listOf<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}

/** Logical ids end in a hash of the construct's path. */
export function nameOf(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}
