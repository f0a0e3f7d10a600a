import { type ApiRequest, type ApiResponse, failure, json } from './http.js';
import { changeJob, readJob } from './import-store.js';
import { hasEnded, type Job } from './job.js';
import type { ApiOptions } from './ports.js';
import { problem } from './problem.js';
import type { ResourceRoute } from './resource.js';

/** Work that takes long, by the id that its 202 named. */
export const JOB_RESOURCES: readonly ResourceRoute[] = [
  [/^\/jobs\/(job_[0-9a-f-]{36})$/, { GET: show, HEAD: show, DELETE: cancel }],
];

const NO_CACHE = { 'cache-control': 'no-cache' };
const LATER = { 'retry-after': '2' };

/** GET /jobs/{id}: how far it is; 303 to what came of it when that is all there. */
async function show(_request: ApiRequest, { state }: ApiOptions, id: string): Promise<ApiResponse> {
  const job = await readJob(state, id);
  if (!job) return notFound(id);
  if (job.state === 'succeeded') return json(303, shown(job), { ...NO_CACHE, location: `/imports/${id}` });
  return json(200, shown(job), hasEnded(job) ? NO_CACHE : { ...NO_CACHE, ...LATER });
}

/** DELETE /jobs/{id}: it ends before its next chunk; orders that it made stay. */
async function cancel(_request: ApiRequest, { state }: ApiOptions, id: string): Promise<ApiResponse> {
  const changed = await changeJob(state, id, { kind: 'cancel' });
  if (!changed) return notFound(id);
  const { job } = changed;
  if (hasEnded(job) && job.state !== 'cancelled') return failure(409, `The job has ${job.state} already.`);
  const headers = { 'cache-control': 'no-store', location: `/jobs/${id}` };
  return json(202, shown(job), hasEnded(job) ? headers : { ...headers, ...LATER });
}

function shown({ id, state, done, total, refused, reason }: Job) {
  const failed = reason === undefined ? {} : { problem: problem(503, reason) };
  return { jobId: id, status: state, done, total, refused, ...failed };
}

function notFound(id: string): ApiResponse {
  return failure(404, `There is no job ${id}.`);
}
