import type { Construct } from 'constructs';
import { documentationFiles } from '../../openapi/files.ts';
import { type LoggingProps, ServiceFunction } from './service-function.ts';
import { SHORT_TIMEOUT } from './timeouts.ts';

/** Serves the description of the API: files beside its code, and no right to anything. */
export class DocumentationFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, logging: LoggingProps) {
    super(scope, id, {
      ...logging,
      entry: 'documentation',
      description: 'Shows the description of the API and a page to read it',
      timeout: SHORT_TIMEOUT,
      environment: {},
      files: documentationFiles,
    });
  }
}
