import { fileURLToPath } from 'node:url';

/** The root folder of this checkout, whichever folder a command is called from. */
export const checkoutDir = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
