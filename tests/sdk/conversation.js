// A whole conversation of Google's client with the simulator, as each service looks.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client, audio, audioParts, heard, lastHandle, spoken } from './client.js';
import { withSimulator } from './simulator.js';
import { speech } from './voice.js';

const jpeg = '/9j/4AAQSkZJRgD/2Q==';

const services = {
  'gemini-3.8': {
    model: 'gemini-3.8-live',
    path: 'models/gemini-3.8-live',
    mimeType: 'audio/pcm;rate=24000',
    role: 'model',
    callId: /^(call|fc)_\d+$/,
    callEndsTurn: true,
    voiceActivity: true,
    clientContent: true,
  },
  'gemini-3.1': {
    model: 'gemini-3.1-flash-live-preview',
    path: 'models/gemini-3.1-flash-live-preview',
    mimeType: 'audio/pcm;rate=24000',
    callId: /^fc_\d{19}$/,
    voiceActivity: true,
  },
  'gemini-2.5': {
    model: 'gemini-2.5-flash-native-audio-preview-12-2025',
    path: 'models/gemini-2.5-flash-native-audio-preview-12-2025',
    mimeType: 'audio/pcm;rate=24000',
    callId: /^function-call-\d{19}$/,
    thoughts: true,
    clientContent: true,
  },
  vertex: {
    vertex: true,
    model: 'gemini-3.8-live',
    path: 'projects/some-project/locations/us-central1/publishers/google/models/gemini-3.8-live',
    mimeType: 'audio/pcm',
    role: 'model',
    callId: /^[0-9a-f-]{36}$/,
    callEndsTurn: true,
    finished: true,
    clientContent: true,
  },
};

const scenario = (profile) => ({
  profile,
  turns: [
    { on: 'speech', heard: 'What time is it?', say: "It is ten o'clock." },
    { on: 'text', say: 'You typed {text}.', bundle: true },
    { on: 'video', say: 'I see a picture.', bundle: true },
    { on: 'text', tool: { name: 'set_light', args: { on: true } }, say: 'The light is {answer}.', bundle: true },
    { on: 'text', say: '{system-instruction} {functions}', bundle: true },
    { on: 'text', say: 'We are still talking.', bundle: true },
  ],
  faults: [{ at: 'turn 3', do: 'goAway', 'time-left': 30 }],
});

const config = {
  responseModalities: ['AUDIO'],
  systemInstruction: 'Be brief.',
  speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Puck' } } },
  tools: [{
    functionDeclarations: [{
      name: 'set_light',
      description: 'Switch a lamp.',
      parameters: { type: 'OBJECT', properties: { on: { type: 'BOOLEAN' } }, required: ['on'] },
    }],
  }],
  inputAudioTranscription: {},
  outputAudioTranscription: {},
  sessionResumption: {},
  contextWindowCompression: { slidingWindow: {} },
};

function checkSetup(message, service) {
  assert.equal(message.setup.model, service.path);
  assert.deepEqual(message.setup.generationConfig.responseModalities, ['AUDIO']);
  assert.equal(message.setup.tools[0].functionDeclarations[0].name, 'set_light');
}

async function speak(client, received, service) {
  for (const blob of speech('What time is it?')) client.session.sendRealtimeInput({ audio: blob });
  const turn = await client.untilTurnComplete();
  assert.equal(heard(turn).trim(), 'What time is it?');
  assert.equal(spoken(turn), "It is ten o'clock.");
  const samples = audio(turn);
  assert.ok(samples.length > 24000 / 2, `only ${samples.length} samples`);
  assert.ok(samples.some((sample) => Math.abs(sample) > 3000), 'nothing to hear');
  assert.ok(audioParts(turn).every((part) => part.inlineData.mimeType === service.mimeType));
  const contents = turn.map((message) => message.serverContent ?? {});
  assert.equal(contents.find((content) => content.modelTurn).modelTurn.role, service.role);
  assert.equal(contents.some((content) => content.outputTranscription?.finished), !!service.finished);
  const parts = contents.flatMap((content) => content.modelTurn?.parts ?? []);
  assert.equal(parts.some((part) => part.thought), !!service.thoughts);
  const activity = turn.filter((message) => message.voiceActivity).length;
  assert.equal(activity, service.voiceActivity ? 2 : 0);
  assert.ok(contents.some((content) => content.generationComplete));
  const { usageMetadata } = turn.at(-1);
  assert.ok(usageMetadata.responseTokenCount > 0);
  assert.equal(usageMetadata.totalTokenCount,
    usageMetadata.promptTokenCount + usageMetadata.responseTokenCount);
  await received.wait('audio', ({ kind }) => kind === 'audio');
}

async function type(client, service) {
  if (service.clientContent) client.session.sendClientContent({ turns: 'hello' });
  else client.session.sendRealtimeInput({ text: 'hello' });
  assert.equal(spoken(await client.untilTurnComplete()), 'You typed hello.');
}

async function show(client, received) {
  client.session.sendRealtimeInput({ video: { data: jpeg, mimeType: 'image/jpeg' } });
  const turn = await client.untilTurnComplete();
  assert.equal(spoken(turn), 'I see a picture.');
  const { bytes } = await received.wait('a picture', ({ kind }) => kind === 'video');
  assert.equal(bytes, Buffer.from(jpeg, 'base64').length);
  const [warning] = (await client.messages.until('goAway', (message) => message.goAway)).slice(-1);
  assert.equal(warning.goAway.timeLeft, '30s');
}

async function askForTool(client, service) {
  client.session.sendRealtimeInput({ text: 'light, please' });
  const asked = await client.messages.until('toolCall', (message) => message.toolCall);
  const [call] = asked.at(-1).toolCall.functionCalls;
  assert.equal(call.name, 'set_light');
  assert.deepEqual(call.args, { on: true });
  assert.match(call.id, service.callId);
  if (service.callEndsTurn) await client.untilTurnComplete();
  client.session.sendToolResponse({
    functionResponses: [{ id: call.id, name: call.name, response: { output: 'on' } }],
  });
  assert.equal(spoken(await client.untilTurnComplete()), 'The light is on.');
}

async function changeContext(client) {
  client.session.sendContextUpdate({
    systemInstruction: 'Be kind.',
    tools: { tools: [{ functionDeclarations: [{ name: 'hang_up', description: 'End the call.' }] }] },
  });
  client.session.sendRealtimeInput({ text: 'and now' });
  assert.equal(spoken(await client.untilTurnComplete()), 'Be kind. hang_up');
}

async function resume(baseUrl, service, handle) {
  const client = await Client.connect(baseUrl,
    { ...service, config: { ...config, sessionResumption: { handle } } });
  client.session.sendRealtimeInput({ text: 'are you there' });
  assert.equal(spoken(await client.untilTurnComplete()), 'We are still talking.');
  assert.equal((await client.leave()).code, 1000);
}

for (const [profile, service] of Object.entries(services)) {
  test(`a conversation with ${profile}`, async () => {
    await withSimulator(scenario(profile), async (baseUrl, received) => {
      const client = await Client.connect(baseUrl, { ...service, config });
      assert.equal(typeof client.session.setupComplete.sessionId,
        service.vertex ? 'string' : 'undefined');
      checkSetup((await received.wait('setup', ({ kind }) => kind === 'setup')).message, service);
      await speak(client, received, service);
      await type(client, service);
      await show(client, received);
      await askForTool(client, service);
      await changeContext(client);
      await client.messages.until('a handle behind the last turn',
        (message) => message.sessionResumptionUpdate?.resumable);
      const handle = lastHandle(client.messages.all);
      assert.equal((await client.leave()).code, 1000);
      await received.wait('close', ({ kind }) => kind === 'close');
      await resume(baseUrl, service, handle);
      assert.deepEqual(received.all.filter(({ kind }) => kind === 'malformed'), []);
    });
  });
}
