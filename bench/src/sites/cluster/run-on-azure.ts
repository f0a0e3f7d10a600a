import type { RunResult } from '../../results/result.js';
import { measuredRun, type RunBasics } from '../../run/measured-run.js';
import { type AzureTarget, openAzureSite } from './azure-site.js';
import { PlaceFailed } from './cluster.js';

/** What to run on Azure. */
export interface AzureRunOptions extends RunBasics {
  readonly target: AzureTarget;
  /** Size of each order; as the generator makes them where it is absent. */
  readonly payloadBytes: number | undefined;
  /** Orders before the first one that counts; `WARM_UP_ORDERS` where it is absent. */
  readonly warmUpOrders: number | undefined;
}

/**
 * One measured run on Azure.
 *
 * @throws PlaceFailed where kubectl, Service Bus or the storage account refuses; else as measuredRun and openAzureSite.
 */
export async function runOnAzure(options: AzureRunOptions): Promise<RunResult> {
  try {
    return await measuredRun({ ...options, openSite: () => openAzureSite(options) });
  } catch (error) {
    // What the bench's own clients are refused is none of a contender's doing.
    if (error instanceof Error && REFUSALS.has(error.name)) {
      throw new PlaceFailed(`Azure refused what the run needs: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** Names of the errors with which the clients of Service Bus, Blob Storage and Microsoft's sign-in fail. */
const REFUSALS: ReadonlySet<string> = new Set([
  'ServiceBusError',
  'MessagingError',
  'RestError',
  'AuthenticationError',
  'AggregateAuthenticationError',
  'CredentialUnavailableError',
]);
