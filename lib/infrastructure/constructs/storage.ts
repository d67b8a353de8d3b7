import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type ITableV2,
  ProjectionType,
  type TablePropsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { definedOf } from '../../../lambdas/contract/defined-of.ts';
import { PRIMARY_KEY_INDEX, PROCEDURE_ID_INDEX, TEAM_INDEX } from '../../../lambdas/contract/tables.ts';

/** A table that exists already; `npm run check-processes` tells whether it is fit. */
export interface ExistingTable {
  readonly tableName: string;
  /** Of its index on (team, procedure, primaryKey). */
  readonly indexName: string;
}

/** One made here or elsewhere: the types of both say the same, but not to a strict compiler. */
export type Table = TableV2 | ITableV2;

export interface StorageProps {
  /** Whether the tables outlive the stack and refuse deletion. */
  readonly isProtected: boolean;
  /**
   * A table of processes that another system owns.
   * @default - a new one
   */
  readonly existingProcesses?: ExistingTable | undefined;
  /**
   * Write units a second that the table of the processes takes at once, 4,000 or more.
   * @default - as DynamoDB has it: 4,000 in a new table, and twice what it has taken before
   */
  readonly processWritesPerSecond?: number | undefined;
  /**
   * Read units a second that the table of the processes takes at once, 12,000 or more.
   * @default - as DynamoDB has it: 12,000 in a new table, and twice what it has taken before
   */
  readonly processReadsPerSecond?: number | undefined;
  /**
   * Write units a second that its index on the primary key takes at once, which counts for itself.
   * @default - as for the table
   */
  readonly primaryKeyWritesPerSecond?: number | undefined;
  /**
   * Read units a second that its index on the primary key takes at once.
   * @default - as for the table
   */
  readonly primaryKeyReadsPerSecond?: number | undefined;
}

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** The tables: on-demand, encrypted, with point-in-time recovery. */
export class Storage extends Construct {
  readonly processes: Table;
  /** Name of the index of the processes on (team, procedure, primaryKey). */
  readonly primaryKeyIndex: string;
  readonly jobs: TableV2;
  readonly procedures: TableV2;
  readonly apiKeys: TableV2;

  constructor(scope: Construct, id: string, props: StorageProps) {
    super(scope, id);
    const table = (name: string, tableProps: TablePropsV2) =>
      new TableV2(this, name, {
        billing: Billing.onDemand(),
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
        deletionProtection: props.isProtected,
        removalPolicy: props.isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        ...tableProps,
      });

    const { existingProcesses } = props;
    this.primaryKeyIndex = existingProcesses?.indexName ?? PRIMARY_KEY_INDEX;
    this.processes =
      existingProcesses === undefined
        ? table('Processes', {
            partitionKey: text('id'),
            ...warm(props.processReadsPerSecond, props.processWritesPerSecond),
            globalSecondaryIndexes: [
              {
                indexName: PRIMARY_KEY_INDEX,
                partitionKeys: [text('team'), text('procedure'), text('primaryKey')],
                // Keys never change, so updates of other fields cost this index nothing.
                projectionType: ProjectionType.KEYS_ONLY,
                ...warm(props.primaryKeyReadsPerSecond, props.primaryKeyWritesPerSecond),
              },
            ],
          })
        : TableV2.fromTableName(this, 'Processes', existingProcesses.tableName);
    this.jobs = table('Jobs', {
      partitionKey: text('jobId'),
      sortKey: text('part'),
      timeToLiveAttribute: 'expiresAt',
      globalSecondaryIndexes: [
        {
          indexName: TEAM_INDEX,
          partitionKey: text('team'),
          sortKey: { name: 'sequence', type: AttributeType.NUMBER },
          // Of a job's items only the header has both keys, and they never change.
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
    });
    this.procedures = table('Procedures', {
      partitionKey: text('team'),
      sortKey: text('shortId'),
      globalSecondaryIndexes: [
        { indexName: PROCEDURE_ID_INDEX, partitionKey: text('team'), sortKey: text('id') },
      ],
    });
    this.apiKeys = table('ApiKeys', { partitionKey: text('keyHash') });
  }

  /** Allows to find processes by id or primary key. */
  grantReadProcesses(grantee: IGrantable): void {
    grantOnItems(this.processes, grantee, 'dynamodb:GetItem', 'dynamodb:BatchGetItem');
    grantIndexQuery(this.processes, this.primaryKeyIndex, grantee);
  }

  /** Allows to find a procedure by short id or id. */
  grantFindProcedure(grantee: IGrantable): void {
    grantOnItems(this.procedures, grantee, 'dynamodb:GetItem');
    grantIndexQuery(this.procedures, PROCEDURE_ID_INDEX, grantee);
  }
}

/** What is not named stays as DynamoDB has it. */
function warm(readUnitsPerSecond: number | undefined, writeUnitsPerSecond: number | undefined) {
  if (readUnitsPerSecond === undefined && writeUnitsPerSecond === undefined) return {};
  return {
    warmThroughput: definedOf({ readUnitsPerSecond, writeUnitsPerSecond }),
  };
}

/** Allows actions on the items of a table; `TableV2.grant` would allow them on all of its indexes, too. */
export function grantOnItems(table: Table, grantee: IGrantable, ...actions: string[]): void {
  Grant.addToPrincipal({ grantee, actions, resourceArns: [table.tableArn] });
}

/** Allows actions on the items of a table whose partition keys begin so. */
export function grantOnKeys(table: Table, prefix: string, grantee: IGrantable, ...actions: string[]): void {
  Grant.addToPrincipal({
    grantee,
    actions,
    resourceArns: [table.tableArn],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${prefix}*`] } },
  });
}

/** Allows queries of one index of a table. */
export function grantIndexQuery(table: Table, index: string, grantee: IGrantable): void {
  Grant.addToPrincipal({
    grantee,
    actions: ['dynamodb:Query'],
    resourceArns: [`${table.tableArn}/index/${index}`],
  });
}
