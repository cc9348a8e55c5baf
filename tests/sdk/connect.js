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
