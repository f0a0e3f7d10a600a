import { describe, expect, it } from 'vitest';
import { nodeOf, readAddress } from './address.js';

describe('an address', () => {
  it.each([
    'q1',
    'Q1',
    '/q1',
    '//q1/',
    'amqps://127.0.0.1/q1',
    'amqp://127.0.0.1:5672/Q1',
    'SB://host/q1/',
    'sb://host//q1',
  ])('written as %s names the queue q1', address => {
    expect(readAddress(address)).toEqual({ kind: 'entity', queue: 'q1', isDeadLetters: false });
  });

  it.each([
    ['q/$management', 'management', false],
    ['/q/$Management', 'management', false],
    ['amqps://host/q/$management/', 'management', false],
    ['amqps://host/q/$DeadLetterQueue', 'entity', true],
    ['/Q/$deadletterqueue', 'entity', true],
    ['sb://host:1/q/$DeadLetterQueue/$management', 'management', true],
  ])('written as %s names a node of the queue', (address, kind, isDeadLetters) => {
    expect(readAddress(address)).toEqual({ kind, queue: 'q', isDeadLetters });
  });

  it.each(['$cbs', '/$CBS', 'amqps://host:5671/$cbs', 'amqp://host/$cbs/'])(
    'written as %s names the node for claims',
    address => {
      expect(readAddress(address)).toEqual({ kind: 'cbs' });
    },
  );

  it('may have slashes and, in a URL, escapes in the name of the queue', () => {
    expect(nodeOf('team/orders')).toBe('team/orders');
    expect(nodeOf('amqps://host/team/orders')).toBe('team/orders');
    expect(nodeOf('amqps://host/my%20Queue')).toBe('my queue');
    expect(nodeOf('amqps://host/50%')).toBe('50%');
    expect(nodeOf('a%20b')).toBe('a%20b');
  });
});
