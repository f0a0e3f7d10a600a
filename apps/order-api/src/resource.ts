import type { ApiRequest, ApiResponse } from './http.js';
import type { ApiOptions } from './ports.js';

/** Answers one method of a resource. @param names what the pattern of its path captures, in order */
export type ResourceHandler = (request: ApiRequest, options: ApiOptions, ...names: string[]) => Promise<ApiResponse>;

/** What can be done with a resource, by method. */
export type Resource = Readonly<Record<string, ResourceHandler>>;

/** A resource and the pattern of its path. */
export type ResourceRoute = readonly [pattern: RegExp, resource: Resource];
