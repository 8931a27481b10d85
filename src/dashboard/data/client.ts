import { ApiClient } from '../../serve/api/client.ts';

/** The server that gave out this page. */
export const client = new ApiClient();
