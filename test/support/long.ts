/** Whether tests take as much as the product promises, which takes minutes: `npm run test:long`. */
export const IS_LONG = process.env.LONG === 'true';
