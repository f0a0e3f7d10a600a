import type { TokenCredential } from '@azure/identity';

/**
 * Signs in to Azure as whoever `az login`, the environment or the pod's identity is. What does it is 230 modules, read when the first
 * token is asked for: commands on one machine never do.
 */
export function azureCredential(): TokenCredential {
  let credential: Promise<TokenCredential> | undefined;
  return {
    getToken: async (scopes, options) => {
      credential ??= import('@azure/identity').then(({ DefaultAzureCredential }) => new DefaultAzureCredential());
      return (await credential).getToken(scopes, options);
    },
  };
}
