import { describeEvents } from '@order-bench/app-contract';
import { FetchEvents } from './fetch-events.js';

describeEvents('events over fetch', ({ url }, timeoutMs) => new FetchEvents({ daprUrl: url, fetch, timeoutMs }));
