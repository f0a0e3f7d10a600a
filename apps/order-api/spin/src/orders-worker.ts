import { handleDelivery, randomShare, workerRoutes } from '@order-bench/order-api';
import { serve } from './serve.js';
import { portsOf, readSettings } from './settings.js';

serve(() => {
  const settings = readSettings();
  const routes = workerRoutes({ ...settings, ...portsOf(settings), fetch, now: Date.now, random: randomShare });
  return request => handleDelivery(request, { ...settings, routes });
});
