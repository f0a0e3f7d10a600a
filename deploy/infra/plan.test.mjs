import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterPlan } from './plan.fixture.mjs';
import { addedNodes, costText, hourlyCost, placement } from './plan.mjs';

test('a first plan adds the nodes of every pool, counted by size', () => {
  assert.deepEqual(
    [...addedNodes(clusterPlan())],
    [
      ['Standard_D4ds_v5', 6],
      ['Standard_D4pds_v5', 2],
    ],
  );
});

test('a pool that grows adds its growth, one that shrinks nothing', () => {
  assert.deepEqual([...addedNodes(clusterPlan({ existing: true, classicNodes: 5 }))], [['Standard_D4ds_v5', 3]]);
  assert.deepEqual([...addedNodes(clusterPlan({ existing: true, classicNodes: 1 }))], []);
});

test('a pool that changes its size adds all its nodes of the new one', () => {
  const plan = clusterPlan({ existing: true, classicSize: 'Standard_D4pds_v5' });
  assert.deepEqual([...addedNodes(plan)], [['Standard_D4pds_v5', 2]]);
});

test('a pool that is removed adds nothing', () => {
  const plan = clusterPlan({ existing: true });
  plan.resource_changes[2].change = {
    actions: ['delete'],
    before: plan.resource_changes[2].change.before,
    after: null,
  };
  assert.deepEqual([...addedNodes(plan)], []);
});

test('the placement is read from the cluster', () => {
  assert.deepEqual(placement(clusterPlan()), { location: 'westeurope', zone: '1', kubernetesVersion: '1.36' });
  assert.equal(placement(clusterPlan({ zone: null })).zone, undefined);
  assert.throws(() => placement({ resource_changes: [] }), /no azurerm_kubernetes_cluster/);
});

const prices = {
  currency: 'EUR',
  region: 'westeurope',
  nodes: [
    { size: 'Standard_D4ds_v5', hour: { amount: 1.5 } },
    { size: 'Standard_D4pds_v5', hour: { amount: 1 } },
  ],
  serviceBusUnitHour: { amount: 4, asOf: '2026-01-02' },
};

test('an hour costs the sum of count times price', () => {
  const { sumPerHour, complete } = hourlyCost(clusterPlan(), prices);
  assert.equal(sumPerHour, 2 * 1.5 + 2 * 1 + 4);
  assert.equal(complete, true);
  assert.match(costText(clusterPlan(), prices), /sum: 9\.000 EUR an hour.*\n.*prices of 2026-01-02 for westeurope$/);
});

test('a missing price is said and never guessed', () => {
  const text = costText(clusterPlan(), { ...prices, nodes: prices.nodes.slice(0, 1) });
  assert.match(text, /nodes spin .*no price/);
  assert.match(text, /at least: 7\.000 EUR an hour/);
});

test('without prices there is no sum, and it says how to get them', () => {
  const text = costText(clusterPlan(), undefined);
  assert.match(text, /make prices/);
  assert.doesNotMatch(text, /sum:|at least:/);
});

test('prices of another region come with a warning', () => {
  assert.match(costText(clusterPlan(), { ...prices, region: 'eastus' }), /warning: the plan is for westeurope/);
});
