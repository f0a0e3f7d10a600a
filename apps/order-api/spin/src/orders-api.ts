import { DaprCache, handleRequest } from '@order-bench/order-api';
import { serve } from './serve.js';
import { portsOf, readSettings } from './settings.js';

serve(() => {
  const settings = readSettings();
  const options = { ...settings, ...portsOf(settings), cache: new DaprCache(settings.dapr), now: Date.now };
  return request => handleRequest(request, options);
});
