import { errorsPage } from '../lib/error-catalogue.ts';

process.stdout.write(errorsPage());
