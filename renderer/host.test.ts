import { expect, test } from 'vitest';
import { socketAddress } from './host.ts';

const page = { protocol: 'http:', host: '127.0.0.1:4000', search: '', hash: '' };

test('the token travels from query or hash to the socket', () => {
  expect(socketAddress({ ...page, search: '?token=a%2Bb' })).toBe('ws://127.0.0.1:4000/session?token=a%2Bb');
  expect(socketAddress({ ...page, hash: '#token=abc' })).toBe('ws://127.0.0.1:4000/session?token=abc');
  expect(socketAddress(page)).toBe('ws://127.0.0.1:4000/session');
});

test('a secure page opens a secure socket', () => {
  expect(socketAddress({ ...page, protocol: 'https:' })).toBe('wss://127.0.0.1:4000/session');
});
