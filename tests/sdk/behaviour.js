// What Google's client sees when a conversation does not run straight.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client, spoken } from './client.js';
import { withSimulator } from './simulator.js';
import { speech } from './voice.js';

const gemini = { model: 'gemini-3.8-live' };
const config = { responseModalities: ['AUDIO'], outputAudioTranscription: {} };

async function refused(profile, options, code, reason) {
  await withSimulator({ profile, turns: [] }, async (baseUrl) => {
    await assert.rejects(Client.connect(baseUrl, options), (error) => {
      assert.deepEqual(error.closed, { code, reason });
      return true;
    });
  });
}

test('a modality is refused', () => refused('gemini-3.8',
  { ...gemini, config: { responseModalities: ['TEXT'] } }, 1007,
  'The requested combination of response modalities (TEXT) is not supported by the model. '
  + 'models/gemini-3.8-live'));

test('a thinking level is refused', () => refused('gemini-3.8',
  { ...gemini, config: { ...config, thinkingConfig: { thinkingLevel: 'LOW' } } }, 1007,
  'Thinking level is not supported for this model.'));

test('search with functions is refused on Vertex AI', () => refused('vertex',
  {
    vertex: true,
    ...gemini,
    config: { ...config, tools: [{ googleSearch: {} }, { functionDeclarations: [{ name: 'f' }] }] },
  }, 1007, 'Request contains an invalid argument.'));

test('an unknown handle is refused', () => refused('gemini-3.8',
  { ...gemini, config: { ...config, sessionResumption: { handle: 'none' } } }, 1008,
  'Requested entity was not found.'));

test('an unknown field is refused', () => refused('gemini-3.8',
  { ...gemini, config: { ...config, proactivity: { proactiveAudio: true } } }, 1007,
  'Invalid JSON payload received. Unknown name "proactivity" at \'setup\': Cannot find field.'));

test('a running conversation is closed with a reason', async () => {
  const faults = [{ at: 'turn 1', do: 'close', code: 1011, reason: 'Internal error encountered.' }];
  await withSimulator({ turns: [{ on: 'text', say: 'Well.' }], faults }, async (baseUrl) => {
    const client = await Client.connect(baseUrl, { ...gemini, config });
    client.session.sendRealtimeInput({ text: 'hello' });
    assert.deepEqual(await client.closed, { code: 1011, reason: 'Internal error encountered.' });
  });
});

test('the model is interrupted', async () => {
  const turns = [
    { on: 'text', say: 'This is a story which nobody wants to hear, and it goes on and on and on.' },
    { on: 'text', say: 'Sorry.', bundle: true },
  ];
  await withSimulator({ turns }, async (baseUrl) => {
    const client = await Client.connect(baseUrl, { ...gemini, config });
    client.session.sendRealtimeInput({ text: 'go' });
    await client.messages.until('audio', (message) => message.serverContent?.modelTurn);
    client.session.sendRealtimeInput({ text: 'stop' });
    await client.messages.until('interrupted', (message) => message.serverContent?.interrupted);
    assert.equal(spoken(await client.untilTurnComplete()), '');
    assert.equal(spoken(await client.untilTurnComplete()), 'Sorry.');
  });
});

test('activity is told by hand', async () => {
  const turns = [{ on: 'speech', heard: 'hello', say: 'Hello.', bundle: true }];
  const manual = {
    ...config,
    realtimeInputConfig: { automaticActivityDetection: { disabled: true } },
  };
  await withSimulator({ turns }, async (baseUrl, received) => {
    const client = await Client.connect(baseUrl, { ...gemini, config: manual });
    client.session.sendRealtimeInput({ activityStart: {} });
    for (const blob of speech('Hello', 0)) client.session.sendRealtimeInput({ audio: blob });
    client.session.sendRealtimeInput({ activityEnd: {} });
    const turn = await client.untilTurnComplete();
    assert.equal(spoken(turn), 'Hello.');
    const activity = turn.map((message) => message.voiceActivity?.type).filter(Boolean);
    assert.deepEqual(activity, ['ACTIVITY_START', 'ACTIVITY_END']);
    await received.wait('the end', ({ kind }) => kind === 'activity-end');
  });
});

test('several tools are called at once and one call is taken back', async () => {
  const turns = [
    { on: 'text', tool: [{ name: 'f' }, { name: 'g' }], say: '{answer}', bundle: true },
    { on: 'text', tool: { name: 'h' }, say: '' },
    { on: 'text', say: 'Never mind.', bundle: true },
  ];
  await withSimulator({ profile: 'gemini-2.5', turns }, async (baseUrl) => {
    const client = await Client.connect(baseUrl,
      { model: 'gemini-2.5-flash-native-audio-latest', config });
    const toolCall = async () => (await client.messages.until('toolCall', (message) => message.toolCall))
      .at(-1).toolCall.functionCalls;
    client.session.sendRealtimeInput({ text: 'both' });
    const functionResponses = (await toolCall()).map(({ id, name }) => (
      { id, name, response: { output: `${name} is done` } }));
    client.session.sendToolResponse({ functionResponses });
    assert.equal(spoken(await client.untilTurnComplete()), 'f is done, g is done');
    client.session.sendRealtimeInput({ text: 'one' });
    const [{ id }] = await toolCall();
    client.session.sendRealtimeInput({ text: 'no, do not' });
    const [last] = (await client.messages.until('cancellation',
      (message) => message.toolCallCancellation)).slice(-1);
    assert.deepEqual(last.toolCallCancellation.ids, [id]);
    await client.untilTurnComplete();
    assert.equal(spoken(await client.untilTurnComplete()), 'Never mind.');
  });
});

test('messages that are spelled out arrive as they are', async () => {
  const send = [
    { serverContent: { groundingMetadata: { webSearchQueries: ['weather oslo'] } } },
    { serverContent: { urlContextMetadata: { urlMetadata: [{ retrievedUrl: 'https://example.org/' }] } } },
    { serverContent: { modelTurn: { parts: [{ text: 'Hmm.', thought: true }, { text: 'Sun.' }] } } },
    { serverContent: { interimInputTranscription: { text: 'what ti' } } },
    { serverContent: { turnComplete: true, interactionStatus: 'IDLE' } },
  ];
  await withSimulator({ turns: [{ on: 'text', send }] }, async (baseUrl) => {
    const client = await Client.connect(baseUrl, { ...gemini, config });
    client.session.sendRealtimeInput({ text: 'hello' });
    const turn = await client.untilTurnComplete();
    assert.equal(turn.map(({ text }) => text ?? '').join(''), 'Sun.');
    assert.deepEqual(turn.slice(-send.length).map(({ serverContent }) => ({ serverContent })), send);
  });
});
