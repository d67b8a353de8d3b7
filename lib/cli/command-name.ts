/** The client as the user calls it. */
export const COMMAND = process.env.npm_lifecycle_event === 'bulk' ? 'npm run bulk --' : 'bulk-update';
