import type { Route } from './names.js';

/** The route that an order's `delivery` asks for, case ignored. The order is one that passed the schema. */
export function route(order: { readonly delivery: string }): Route {
  return order.delivery.toLowerCase() === 'express' ? 'express' : 'standard';
}
