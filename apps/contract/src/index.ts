export type { Call, Called } from './api-case.js';
export { itAnswers, WRITTEN_ORDER } from './api-cases.js';
export {
  type AppSettings,
  type CasesOptions,
  CONTENT,
  DAPR_CASES,
  describeCases,
  FAITHFUL_NUMBERS,
  PROPERTY_HEADERS,
  REFUSED_BODIES,
  type StartApp,
  UNFAITHFUL_NUMBERS,
} from './app-cases.js';
export { type AppInProcess, describeApp, type StartInProcess } from './app-contract.js';
export { type AppExit, AppProcess } from './app-process.js';
export { describeBuilt } from './describe-built.js';
export { type CreateEvents, describeEvents } from './events-cases.js';
export { type BindingCall, type FakeAnswer, FakeDapr } from './fake-dapr.js';
export { freePort } from './free-port.js';
export { type ImportsUnderTest, itImports } from './import-cases.js';
export { Partner, type ReceivedWebhook } from './partner.js';
export { describeProgramCases, describeStartAndStop, type ProgramOptions } from './program-cases.js';
export { describeSpinCases } from './spin-cases.js';
export { itKeepsWebhooks } from './webhook-cases.js';
