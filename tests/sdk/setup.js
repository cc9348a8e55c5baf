// Our library and Google's SDK say the same for the same configuration: what the SDK really sends is
// read from its socket.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';

import { GoogleGenAI } from '@google/genai';
import { WebSocketServer } from 'ws';

import { cases, refusals } from './setups.js';

const MODEL = 'gemini-3.8-live';
const BARE = {
  'input-transcription': false, 'output-transcription': false, 'resumption': false,
  'context-compression': false,
};

let server, baseUrl, heard;
let ours, answers;

before(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  baseUrl = `http://127.0.0.1:${server.address().port}`;
  server.on('connection', (socket) => socket.once('message', (data) => {
    heard = JSON.parse(data);
    socket.send('{"setupComplete":{}}');
  }));
  ours = spawn(process.argv[2], { stdio: ['pipe', 'pipe', 'inherit'] });
  answers = createInterface({ input: ours.stdout })[Symbol.asyncIterator]();
});

after(() => {
  ours.stdin.end();
  for (const socket of server.clients) socket.terminate();
  server.close();
});

function client(backend) {
  if (backend === 'gemini')
    return new GoogleGenAI({ apiKey: 'test', httpOptions: { baseUrl, apiVersion: 'v1beta' } });
  const authClient = {
    getRequestHeaders: async () => new Headers({ authorization: 'Bearer test' }),
  };
  return new GoogleGenAI({
    enterprise: true, project: 'my-proj', location: 'us-central1',
    googleAuthOptions: { authClient }, httpOptions: { baseUrl, apiVersion: 'v1beta1' },
  });
}

// What the SDK sends; it may change what it is given.
async function theirSetup({ model = MODEL, config }, backend) {
  heard = undefined;
  const session = await client(backend).live.connect({
    model, config: structuredClone(config), callbacks: { onmessage() {} },
  });
  session.close();
  return heard;
}

async function ourSetup({ model = MODEL, config }, backend) {
  const question = { settings: { ...BARE, model }, config, vertex: backend === 'vertex' };
  ours.stdin.write(`${JSON.stringify(question)}\n`);
  return JSON.parse((await answers.next()).value);
}

const forced = (one) => ({ ...one, config: { ...one.config, 'x-force': true } });
const backendsOf = ({ only }) => (only ? [only] : ['gemini', 'vertex']);

// We always say how the model shall answer; the SDK leaves it to one of the backends.
function withoutOurModality(setup, theirs) {
  const { generationConfig, ...rest } = setup.setup;
  if (theirs.setup.generationConfig?.responseModalities)
    return setup;
  const { responseModalities, ...others } = generationConfig;
  assert.deepEqual(responseModalities, ['AUDIO']);
  const left = Object.keys(others).length > 0 || theirs.setup.generationConfig;
  return { setup: left ? { generationConfig: others, ...rest } : rest };
}

for (const one of cases)
  for (const backend of backendsOf(one))
    test(`${one.name} (${backend})`, async () => {
      const theirs = await theirSetup(one, backend);
      const insisting = await ourSetup(forced(one), backend);
      assert.deepEqual(withoutOurModality(insisting, theirs), theirs);
      const gated = await ourSetup(one, backend);
      if (one.gated)
        assert.ok(gated.error, 'it is not refused');
      else
        assert.deepEqual(gated, insisting);
    });

for (const one of refusals)
  for (const backend of backendsOf(one))
    test(`refused: ${JSON.stringify(one)} (${backend})`, async () => {
      await assert.rejects(theirSetup(one, backend));
      assert.ok((await ourSetup(one, backend)).error, 'our library sends it');
    });

test('there are enough cases, and each option of the SDK is in one', () => {
  assert.ok(cases.length >= 40);
  const types = readFileSync(
    join(dirname(createRequire(import.meta.url).resolve('@google/genai')), '..', 'genai.d.ts'), 'utf8');
  const [, members] = types.match(/interface LiveConnectConfig \{(.*?)\n\}/s);
  const options = [...members.matchAll(/^ {4}(\w+)\?:/gm)].map(([, name]) => name);
  assert.ok(options.length > 20);
  // They are no part of a setup: the SDK throws at the one and keeps the other to itself.
  const elsewhere = ['httpOptions', 'abortSignal'];
  for (const option of options.filter((name) => !elsewhere.includes(name)))
    for (const backend of ['gemini', 'vertex']) {
      const tried = [...cases, ...refusals].some(
        (one) => option in one.config && backendsOf(one).includes(backend));
      assert.ok(tried, `${option} is in no case for ${backend}`);
    }
});
