import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { StackTemplate } from './synthesize.ts';

/** AWS's own schemas of CloudFormation's resources, as published with CDK. Patterns and ranges are not among them. */
const schemas = loadAwsServiceSpecSync();

type Schema = NonNullable<ReturnType<typeof schemaOf>>;
type Properties = Schema['properties'];
type Property = Properties[string];
type Type = Property['type'];

function schemaOf(type: string) {
  return schemas.lookup('resource', 'cloudFormationType', 'equals', type)[0];
}

/** The resources that CloudFormation knows; those of CDK's own functions have no schema. */
const isCustom = (type: string) => type.startsWith('Custom::');

/** Values that every stack has. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
const PSEUDO_PARAMETER =
  /^AWS::(AccountId|NoValue|NotificationARNs|Partition|Region|StackId|StackName|URLSuffix)$/;

function intrinsicOf(value: unknown): [name: string, argument: unknown] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value);
  const [[name, argument] = []] = entries;
  const isIntrinsic = entries.length === 1 && name !== undefined && /^(Ref|Fn::\w+)$/.test(name);
  return isIntrinsic ? [name, argument] : undefined;
}

/** What AWS would refuse of a template, each with its place. */
export function faultsOf(template: StackTemplate): string[] {
  return Object.entries(template.Resources).flatMap(([id, { Type, Properties = {} }]) => {
    const references = referencesIn(Properties).flatMap((one) => referenceFaults(template, one, id));
    if (isCustom(Type)) return references;
    const schema = schemaOf(Type);
    if (schema === undefined) return [`${id}: there is no resource type ${Type}`];
    return [...propertyFaults(schema.properties, Properties, id), ...references];
  });
}

function propertyFaults(properties: Properties, value: object, at: string): string[] {
  const missing = Object.entries(properties)
    .filter(([name, { required }]) => required === true && !(name in value))
    .map(([name]) => `${at}.${name} is missing`);
  const wrong = Object.entries(value).flatMap(([name, part]) => {
    const property = properties[name];
    return property === undefined
      ? [`${at}.${name} is unknown`]
      : valueFaults([property.type, ...(property.previousTypes ?? [])], part, `${at}.${name}`);
  });
  return [...missing, ...wrong];
}

/** Why a value is of none of some types, of which the first is today's. */
function valueFaults(types: readonly Type[], value: unknown, at: string): string[] {
  if (intrinsicOf(value) !== undefined) return [];
  const [first = []] = types
    .map((type) => faultsOfType(type, value, at))
    .toSorted((one, other) => one.length - other.length);
  return first;
}

function faultsOfType(type: Type, value: unknown, at: string): string[] {
  const unless = (isRight: boolean, what: string) => (isRight ? [] : [`${at} is not ${what}`]);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  switch (type.type) {
    case 'string':
    case 'integer': {
      const isOfType = type.type === 'string' ? typeof value === 'string' : Number.isInteger(value);
      const allowed: readonly unknown[] | undefined = type.allowedValues;
      return isOfType && allowed !== undefined
        ? unless(allowed.includes(value), `one of ${allowed.join(', ')}`)
        : unless(isOfType, `of type ${type.type}`);
    }
    case 'number':
    case 'boolean':
      return unless(typeof value === type.type, `of type ${type.type}`);
    case 'date-time':
      return unless(typeof value === 'string' && !Number.isNaN(Date.parse(value)), 'a time');
    case 'json':
      return unless(isObject, 'an object');
    case 'tag':
      return unless(isObject && 'Key' in value && 'Value' in value, 'a tag');
    case 'null':
      return unless(value === null, 'null');
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((part, index) => valueFaults([type.element], part, `${at}.${index}`))
        : unless(false, 'a list');
    case 'map':
      return isObject
        ? Object.entries(value).flatMap(([key, part]) => valueFaults([type.element], part, `${at}.${key}`))
        : unless(false, 'a map');
    case 'union':
      return valueFaults(type.types, value, at);
    case 'ref':
      return isObject
        ? propertyFaults(schemas.get('typeDefinition', type.reference).properties, value, at)
        : unless(false, 'an object');
  }
}

/** All references to resources in a value. */
function referencesIn(value: unknown): [name: string, argument: unknown][] {
  if (typeof value !== 'object' || value === null) return [];
  const intrinsic = intrinsicOf(value);
  const within = Object.values(value).flatMap(referencesIn);
  return intrinsic !== undefined && /^(Ref|Fn::GetAtt)$/.test(intrinsic[0]) ? [intrinsic, ...within] : within;
}

function referenceFaults(template: StackTemplate, [name, argument]: [string, unknown], id: string): string[] {
  if (name === 'Ref') {
    const isKnown = String(argument) in template.Resources || PSEUDO_PARAMETER.test(String(argument));
    const isParameter = String(argument) in (template.Parameters ?? {});
    return isKnown || isParameter ? [] : [`${id} refers to ${argument}, which is not there`];
  }
  const [target = '', attribute = ''] = argument as string[];
  const type = template.Resources[target]?.Type;
  if (type === undefined) return [`${id} refers to ${target}, which is not there`];
  if (isCustom(type)) return [];
  const { attributes = {}, properties = {} } = schemaOf(type) ?? {};
  return attribute in attributes || attribute in properties
    ? []
    : [`${id} asks ${target} for ${attribute}, which it has not`];
}

/** What a deployment does to a resource that is there before and after. */
export function changeOf(type: string, before: object, after: object): 'none' | 'changed' | 'replaced' {
  if (isCustom(type)) return isEqual(before, after) ? 'none' : 'changed';
  const schema = schemaOf(type);
  if (schema === undefined) throw new Error(`There is no resource type ${type}`);
  if (isEqual(before, after)) return 'none';
  return isReplaced(schema.properties, before, after) ? 'replaced' : 'changed';
}

/** Whether a property has changed that CloudFormation cannot change, or may not be able to. */
function isReplaced(properties: Properties, before: object, after: object): boolean {
  const [old, young] = [before, after] as Record<string, unknown>[];
  return Object.entries(properties).some(([name, { type, causesReplacement = 'no' }]) => {
    if (isEqual(old?.[name], young?.[name])) return false;
    if (causesReplacement !== 'no') return true;
    const isNested = type.type === 'ref' && isRecord(old?.[name]) && isRecord(young?.[name]);
    return (
      isNested &&
      isReplaced(
        schemas.get('typeDefinition', type.reference).properties,
        old[name] as object,
        young[name] as object,
      )
    );
  });
}

const isRecord = (value: unknown) => typeof value === 'object' && value !== null;
const isEqual = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
