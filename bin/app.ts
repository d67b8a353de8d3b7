import { App } from 'aws-cdk-lib';
import { createBulkUpdateStack } from '../lib/infrastructure/app.ts';

createBulkUpdateStack(new App());
