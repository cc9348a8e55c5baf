// Google's client and ours hold the same conversation: what the simulator is told and what the two hear
// must be the same.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { Client, audio, heard, spoken } from './client.js';
import { Ours } from './ours.js';
import { withSimulator } from './simulator.js';

const model = 'gemini-3.8-live';
const rate = 16000;
const quiet = Buffer.alloc(rate * 2 * 1.5);

const scenario = {
  profile: 'gemini-3.8',
  turns: [
    { on: 'speech', heard: 'What time is it?', say: "It is ten o'clock." },
    { on: 'text', say: 'You typed {text}.' },
    { on: 'text', say: 'You wrote {text}.' },
    { on: 'text', tool: { name: 'set_light', args: { on: true } }, say: 'The light is {answer}.' },
    { on: 'text', say: '{system-instruction} {functions}' },
  ],
};

const lamp = { name: 'set_light', description: 'Switch a lamp.' };
const phone = [{ functionDeclarations: [{ name: 'hang_up', description: 'End the call.' }] }];

const config = {
  responseModalities: ['AUDIO'],
  tools: [{ functionDeclarations: [lamp] }],
  inputAudioTranscription: {},
  outputAudioTranscription: {},
};

// Speech as the service wants it, and a little quiet after it.
function speech(folder) {
  const spoken = join(folder, 'spoken.wav');
  const raw = join(folder, 'question.raw');
  execFileSync('espeak-ng', ['-w', spoken, 'What time is it?']);
  execFileSync('gst-launch-1.0', ['-q', 'filesrc', `location=${spoken}`, '!', 'wavparse', '!',
    'audioconvert', '!', 'audioresample', '!', `audio/x-raw,format=S16LE,rate=${rate},channels=1`,
    '!', 'filesink', `location=${raw}`]);
  return Buffer.concat([execFileSync('cat', [raw]), quiet]);
}

function wav(pcm) {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + pcm.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(pcm.length, 40);
  return Buffer.concat([head, pcm]);
}

// Google's client with the interface of ours.
class Theirs {
  #calls = [];

  static async connect(baseUrl, pcm) {
    const theirs = new Theirs();
    theirs.client = await Client.connect(baseUrl, { model, config });
    const { session } = theirs.client;
    for (let from = 0; from < pcm.length; from += 640) {
      session.sendRealtimeInput({
        audio: { data: pcm.subarray(from, from + 640).toString('base64'), mimeType: `audio/pcm;rate=${rate}` },
      });
    }
    session.sendRealtimeInput({ audioStreamEnd: true });
    return theirs;
  }

  async turn() {
    const passed = await this.client.untilTurnComplete();
    const [call] = passed.flatMap(({ toolCall }) => toolCall?.functionCalls ?? []);
    if (call) this.#calls.push(call);
    return {
      heard: heard(passed).trim(),
      spoken: spoken(passed).trim(),
      call: call && [call.name, call.args],
    };
  }

  text(text) { this.client.session.sendRealtimeInput({ text }); }

  content(turns) { this.client.session.sendClientContent({ turns, turnComplete: true }); }

  answerCall(response) {
    const { id, name } = this.#calls.at(-1);
    this.client.session.sendToolResponse({ functionResponses: [{ id, name, response }] });
  }

  context(instruction, tools) {
    this.client.session.sendContextUpdate({ systemInstruction: { parts: [{ text: instruction }] }, tools: { tools } });
  }

  async leave() {
    await this.client.leave();
    return audio(this.client.messages.all).filter((sample) => sample !== 0);
  }
}

async function converse(client) {
  const turns = [await client.turn()];
  client.text('one');
  turns.push(await client.turn());
  client.content([{ role: 'user', parts: [{ text: 'two' }] }]);
  turns.push(await client.turn());
  client.text('light, please');
  turns.push(await client.turn());
  client.answerCall({ output: 'on' });
  turns.push(await client.turn());
  client.context('Be kind.', phone);
  client.text('and now');
  turns.push(await client.turn());
  return { turns, samples: await client.leave() };
}

// What the simulator was told after the setup; audio as one, since it may be cut anywhere, and without
// the ids of calls, which are new each time.
function told(received) {
  const all = received.all.filter(({ kind }) => !['connect', 'setup', 'audio'].includes(kind));
  const audioBytes = Buffer.concat(received.all.filter(({ kind }) => kind === 'audio')
    .map(({ message }) => Buffer.from(message.realtimeInput.audio.data, 'base64')));
  const said = all.map(({ kind, message }) => [kind, JSON.stringify(message ?? null,
    (name, value) => (name === 'id' ? 'call' : value))]);
  return { said: said.map(([kind, json]) => [kind, JSON.parse(json)]), audioBytes };
}

test('the same conversation', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gemini-live-same-'));
  try {
    const pcm = speech(folder);
    const question = join(folder, 'question.wav');
    writeFileSync(question, wav(pcm));
    const file = join(folder, 'config.json');
    writeFileSync(file, JSON.stringify(config));
    const results = [];
    for (const open of [
      (baseUrl) => Theirs.connect(baseUrl, pcm),
      (baseUrl) => new Ours(baseUrl, {
        model, config: `@${file}`, question, answer: join(folder, 'answer.raw'),
      }),
    ]) {
      await withSimulator(scenario, async (baseUrl, received) => {
        const result = await converse(await open(baseUrl));
        await received.wait('close', ({ kind }) => kind === 'close');
        results.push({ ...result, ...told(received) });
      });
    }
    const [theirs, ours] = results;
    assert.deepEqual(ours.turns, theirs.turns);
    assert.equal(theirs.turns[0].heard, 'What time is it?');
    assert.deepEqual(theirs.turns[3].call, ['set_light', { on: true }]);
    assert.deepEqual(ours.said, theirs.said);
    assert.ok(ours.audioBytes.equals(theirs.audioBytes), 'the voice that was sent');
    assert.ok(theirs.samples.length > 24000);
    assert.deepEqual(Buffer.from(ours.samples.buffer), Buffer.from(theirs.samples.buffer));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
