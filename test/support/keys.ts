/** API keys of the sample data, or of the API at `BASE_URL`. */
export const KEYS = {
  local: process.env.API_KEY ?? 'local-key',
  other: process.env.OTHER_API_KEY ?? 'other-key',
  read: process.env.READ_API_KEY ?? 'read-key',
  plan: process.env.PLAN_API_KEY ?? 'plan-key',
  leadOnly: process.env.LEAD_ONLY_API_KEY ?? 'lead-only-key',
};
