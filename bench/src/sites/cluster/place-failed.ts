/**
 * Where a run takes place something failed, not what runs there: kubectl, Service Bus, the storage account, or what
 * reads the pods' figures. It says nothing about the contender, so that a comparison counts such a run as void.
 */
export class PlaceFailed extends Error {
  override readonly name = 'PlaceFailed';
}
