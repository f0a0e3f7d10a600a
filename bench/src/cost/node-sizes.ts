/** A processor architecture, as images and node pools name it. */
export type Architecture = 'amd64' | 'arm64';

/** A size of virtual machine, as a Kubernetes node. */
export interface NodeSize {
  /** As Azure names it: `Standard_D2pds_v5`. */
  readonly size: string;
  readonly architecture: Architecture;
  readonly vcpus: number;
  /** The page of Azure's documentation that says so; the price list knows no number of vCPUs. */
  readonly vcpusSource: string;
}

/**
 * The sizes whose prices `bench prices` reads, in the order in which a cost prefers them: those of deploy/infra's pools
 * (with a local disk) in their smallest size first.
 */
export const NODE_SIZES: readonly NodeSize[] = [
  nodeSize('Standard_D2pds_v5', 'arm64', 2),
  nodeSize('Standard_D4pds_v5', 'arm64', 4),
  nodeSize('Standard_D2ds_v5', 'amd64', 2),
  nodeSize('Standard_D4ds_v5', 'amd64', 4),
  nodeSize('Standard_D2s_v5', 'amd64', 2),
];

/** The architecture in a result's `environment.os` (`Linux x64`), or null for one that no node here has. */
export function architectureOf(os: string): Architecture | null {
  const arch = os.split(' ').at(-1);
  return arch === 'x64' ? 'amd64' : arch === 'arm64' ? 'arm64' : null;
}

function nodeSize(size: string, architecture: Architecture, vcpus: number): NodeSize {
  const series = size.replace(/^Standard_D\d+([a-z]*)_(v\d+)$/, 'd$1$2-series');
  const pages = 'https://learn.microsoft.com/en-us/azure/virtual-machines/sizes/general-purpose';
  return { size, architecture, vcpus, vcpusSource: `${pages}/${series}` };
}
