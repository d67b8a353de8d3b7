import { App } from 'aws-cdk-lib';
import { createBulkUpdateStack } from '../lib/bulk-update-app.ts';

createBulkUpdateStack(new App());
