export { blobConnectionString } from '@order-bench/blob';
export {
  checkEvents,
  type EventCheck,
  type QueueEvent,
  type RemainingMessage,
  serviceBusConnectionString,
} from '@order-bench/broker';
export type { BlobWrite, ContainerState } from './blob-admin.js';
export { BlobAdmin } from './blob-admin.js';
export type { MessageTrace, QueueState } from './broker-admin.js';
export { BrokerAdmin } from './broker-admin.js';
export { checkoutDir } from './checkout.js';
export { type ComposeImage, composeFile } from './compose-file.js';
export { type ContextSwitches, type SwitchesByThread, switchesByGroup, switchesSince } from './context-switches.js';
export { CheckoutBusy, type Control, type ControlStatus, controlStatus, controlStop, holdCheckout } from './control.js';
export { busyShare, type CoreTimes, coreTimes } from './core-times.js';
export type { Connections } from './dapr-components.js';
export { writeDaprRunFile } from './dapr-run-file.js';
export { daprSettings, recordedSettings } from './dapr-settings.js';
export { examine, type Finding } from './doctor.js';
export { type LoadOptions, loadText, type MachineLoad, machineLoad } from './machine-load.js';
export { allowedCores, type MachineSize, machineSize, readOwnCgroup } from './machine-size.js';
export { claimPorts, isPortFree } from './ports.js';
export { procProcesses, readProc } from './proc.js';
export { ProcessFailed, type ProcessRole, type ProcessSpec } from './process-spec.js';
export {
  type PeakMemory,
  type ProcessUsage,
  peakMemoryByGroup,
  restartPeakMemory,
  usageByGroup,
} from './process-usage.js';
export {
  type AppAddresses,
  type BlobStoreKind,
  type Rig,
  type RigApp,
  type RigDapr,
  type RigOptions,
  startRig,
} from './rig.js';
export { type SupervisedProcess, Supervisor } from './supervisor.js';
export { builtCrate, type CrateSource, WASM_TARGET } from './tools/built-crate.js';
export { builtTool } from './tools/built-tool.js';
export { cacheDir } from './tools/cache-dir.js';
export { contentHash } from './tools/content-hash.js';
export { findDaprd } from './tools/daprd.js';
export { type BuiltGoTool, builtGoTool, type GoTool } from './tools/go-tool.js';
export { executablesNamed, isAtLeast, programVersion } from './tools/program-version.js';
export { isLive, withProgress } from './tools/progress.js';
export { compiledComponentsDir, compileSpinApp, findSpin, standIn } from './tools/spin.js';
export { type Tool, ToolMissing } from './tools/tool.js';
export { type Tracing, tracingFrom } from './tracing.js';
