import { BlobContainer } from './blob-container.js';
import type { Metadata } from './metadata.js';
import type { ModificationClock } from './modification-clock.js';
import { storageError } from './storage-error.js';

/** Every container of the one account, in memory. */
export class BlobStore {
  readonly #containers = new Map<string, BlobContainer>();
  readonly #clock: ModificationClock;

  constructor(clock: ModificationClock) {
    this.#clock = clock;
  }

  /** The containers in the order of their names. */
  containers(): BlobContainer[] {
    return [...this.#containers.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(name: string): BlobContainer | undefined {
    return this.#containers.get(name);
  }

  /** @throws StorageError ContainerNotFound */
  get(name: string): BlobContainer {
    const container = this.#containers.get(name);
    if (!container) throw storageError('ContainerNotFound');
    return container;
  }

  /** @throws StorageError ContainerAlreadyExists, InvalidResourceName or OutOfRangeInput */
  create(name: string, metadata: Metadata): BlobContainer {
    if (name.length < 3 || name.length > 63) throw storageError('OutOfRangeInput');
    if (!CONTAINER_NAME.test(name)) throw storageError('InvalidResourceName');
    if (this.#containers.has(name)) throw storageError('ContainerAlreadyExists');
    const container = new BlobContainer({ name, metadata, clock: this.#clock });
    this.#containers.set(name, container);
    return container;
  }

  /** @throws StorageError ContainerNotFound */
  delete(name: string): void {
    if (!this.#containers.delete(name)) throw storageError('ContainerNotFound');
  }
}

/** Letters, digits and single hyphens between them. */
const CONTAINER_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
