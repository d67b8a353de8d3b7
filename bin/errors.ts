import { errorsPage } from '../lib/openapi/error-catalogue.ts';

process.stdout.write(errorsPage());
