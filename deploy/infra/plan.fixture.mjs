/** A plan as `terraform show -json` prints it, cut down to what is read of it: four pools of two nodes in westeurope. */
export function clusterPlan({ zone = '1', existing = false, classicSize = 'Standard_D4ds_v5', classicNodes = 2 } = {}) {
  const zones = zone === null ? null : [zone];
  const node = (vm_size, node_count) => ({ vm_size, node_count, zones });
  const change = (before, after) =>
    existing ? { actions: ['update'], before, after } : { actions: ['create'], before: null, after };
  const settled = value => change(value, value);
  const cluster = {
    location: 'westeurope',
    kubernetes_version: '1.36',
    default_node_pool: [node('Standard_D4ds_v5', 2)],
  };
  const pool = 'azurerm_kubernetes_cluster_node_pool';
  return {
    resource_changes: [
      { type: 'azurerm_resource_group', change: settled({ location: 'westeurope' }) },
      { type: 'azurerm_kubernetes_cluster', change: settled(cluster) },
      { type: pool, index: 'spin', change: settled(node('Standard_D4pds_v5', 2)) },
      { type: pool, index: 'classic', change: change(node('Standard_D4ds_v5', 2), node(classicSize, classicNodes)) },
      { type: pool, index: 'dapr', change: settled(node('Standard_D4ds_v5', 2)) },
    ],
    planned_values: {
      outputs: {
        hourly_items: {
          value: [
            { item: 'nodes system', sku: 'Standard_D4ds_v5', count: 2 },
            { item: 'nodes spin', sku: 'Standard_D4pds_v5', count: 2 },
            { item: 'Service Bus messaging units', sku: 'ServiceBusPremiumMessagingUnit', count: 1 },
          ],
        },
      },
    },
  };
}
