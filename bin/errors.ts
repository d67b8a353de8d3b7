import { errorsPage } from '../lib/openapi/errors-page.ts';

process.stdout.write(errorsPage());
