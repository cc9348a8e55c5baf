// Google's client reaches the simulator and leaves it again.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { GoogleGenAI } from '@google/genai';

import { withSimulator } from './simulator.js';

test('the official client is let in and out', async () => {
  await withSimulator({ turns: [] }, async (baseUrl) => {
    const client = new GoogleGenAI({ apiKey: 'test', httpOptions: { baseUrl, apiVersion: 'v1beta' } });
    let closed;
    const over = new Promise((resolve) => { closed = resolve; });
    const session = await client.live.connect({
      model: 'gemini-3.8-live',
      config: { responseModalities: ['AUDIO'] },
      callbacks: { onmessage() {}, onclose: closed },
    });
    assert.deepEqual(session.setupComplete, {});
    session.close();
    assert.equal((await over).code, 1000);
  });
});

test('a token that the official client mints lets it in once', async () => {
  await withSimulator({ turns: [] }, async (baseUrl) => {
    const httpOptions = { baseUrl, apiVersion: 'v1alpha' };
    const token = await new GoogleGenAI({ apiKey: 'test', httpOptions }).authTokens.create({
      config: {
        uses: 1,
        expireTime: new Date(Date.now() + 600_000).toISOString(),
        newSessionExpireTime: new Date(Date.now() + 60_000).toISOString(),
        liveConnectConstraints: {
          model: 'gemini-3.8-live',
          config: { responseModalities: ['AUDIO'], temperature: 0.5 },
        },
        lockAdditionalFields: ['systemInstruction'],
      },
    });
    assert.match(token.name, /^auth_tokens\//);
    const ends = [];
    const connect = () => new GoogleGenAI({ apiKey: token.name, httpOptions }).live.connect({
      model: 'gemini-3.8-live',
      config: { responseModalities: ['TEXT'] }, // the token says audio
      callbacks: { onmessage() {}, onclose: ({ code, reason }) => ends.push({ code, reason }) },
    });
    const session = await connect();
    assert.deepEqual(session.setupComplete, {});
    session.close();
    await assert.rejects(connect());
    assert.deepEqual(ends.at(-1), { code: 1011, reason: 'Token has been used too many times' });
  });
});
