import { handleDelivery, viewRoutes } from '@order-bench/order-api';
import { serve } from './serve.js';
import { portsOf, readSettings } from './settings.js';

serve(() => {
  const settings = readSettings();
  const options = { ...settings, routes: viewRoutes(portsOf(settings)) };
  return request => handleDelivery(request, options);
});
