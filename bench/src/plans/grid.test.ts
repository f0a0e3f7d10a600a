import { describe, expect, it } from 'vitest';
import type { Contender } from '../contenders/contender.js';
import { AZURE_LIKE } from '../contenders/latency.js';
import type { Axis } from '../results/sweep-file.js';
import { cellSettings, cellTitle, gridCells, parseAxis } from './grid.js';

const onNode: Contender = {
  name: 'on-node',
  description: 'an app',
  runtime: 'node',
  start: ['node', 'app.js'],
  healthPath: '/healthz',
  dir: '/apps/on-node',
};
const onSpin: Contender = { ...onNode, name: 'on-spin', start: ['{spin}', 'up'] };
const axesOf = (...texts: string[]) => texts.reduce<readonly Axis[]>((axes, text) => parseAxis(text, axes), []);

describe('a sweep’s grid', () => {
  it('holds every combination of contenders and values', () => {
    expect(gridCells([onNode, onSpin], axesOf('handlers=4,8', 'replicas=1,2'))).toEqual(
      ['on-node', 'on-spin'].flatMap(contender => [
        { contender, values: { handlers: 4, replicas: 1 } },
        { contender, values: { handlers: 4, replicas: 2 } },
        { contender, values: { handlers: 8, replicas: 1 } },
        { contender, values: { handlers: 8, replicas: 2 } },
      ]),
    );
  });

  it('varies settings of Spin only where they mean something', () => {
    expect(gridCells([onNode, onSpin], axesOf('spin-pooling=on,off'))).toEqual([
      { contender: 'on-node', values: {} },
      { contender: 'on-spin', values: { 'spin-pooling': 'on' } },
      { contender: 'on-spin', values: { 'spin-pooling': 'off' } },
    ]);
  });

  it('turns a cell into what a run takes', () => {
    const [cell = { contender: '', values: {} }] = gridCells(
      [onSpin],
      axesOf(
        ...['orders=50000', 'express-share=0.25', 'payload-bytes=1024', 'latency=azure-like'],
        ...['spin-pooling=off', 'spin-threads=1', 'spin-keep-resident=0'],
      ),
    );
    expect(cellSettings(cell)).toEqual({
      orders: 50_000,
      expressShare: 0.25,
      payloadBytes: 1024,
      latency: AZURE_LIKE,
      spinPooling: false,
      spinThreads: 1,
      spinKeepResident: 0,
    });
    expect(cellTitle(cell)).toMatch(/^on-spin, orders 50000, express-share 0.25, /);
  });

  it.each([
    ['colour=red', 'as in handlers=4,8; names: orders, express-share, handlers'],
    ['handlers', 'handlers=<value>,<value>, as in handlers=4,8'],
    ['handlers=4,,8', "'' is no value of handlers: it takes a whole number from 1 on"],
    ['handlers=4,4', 'there twice'],
    ['payload-bytes=100', 'from 300 to 6000'],
    ['latency=slow', 'none, azure-like or <queue ms>/<blob ms>'],
    ['spin-pooling=yes', 'on or off'],
  ])('refuses %s', (text, reason) => {
    expect(() => parseAxis(text)).toThrow(reason);
  });

  it('refuses a setting that is varied twice', () => {
    expect(() => axesOf('handlers=4', 'handlers=8')).toThrow('there twice');
  });
});
