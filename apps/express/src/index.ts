export { type AppOptions, createApp } from './app.js';
export { type Configuration, readConfiguration } from './configuration.js';
export { DaprBindings, type DaprBindingsOptions } from './dapr-bindings.js';
export { Gate } from './gate.js';
export { run } from './run.js';
export { type RunningServer, type ServerOptions, startServer } from './server.js';
