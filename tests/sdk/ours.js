// Our client: a pipeline of gst-launch-1.0 that speaks JSON lines both ways, with the interface that a
// test needs to hold the same conversation as with Google's.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

import { Record } from './record.js';

export class Ours {
  messages = new Record('the pipeline');

  // `question` is a WAV file that is spoken at once; what is heard goes into the file `answer`.
  constructor(baseUrl, { model, config, question, answer }) {
    this.answer = answer;
    this.process = spawn('gst-launch-1.0', ['-q',
      ...`fdsrc ! geminiliveeventsink api-key=test base-url=${baseUrl} model=${model}`.split(' '),
      `config=${config}`,
      ...'geminiliveeventsrc ! fdsink'.split(' '),
      ...`filesrc location=${question} ! wavparse ! geminilivesink`.split(' '),
      ...`geminilivesrc ! filesink location=${answer}`.split(' '),
    ], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.ended = once(this.process, 'exit');
    createInterface({ input: this.process.stdout })
      .on('line', (line) => this.messages.add(JSON.parse(line)));
  }

  #command(command) {
    this.process.stdin.write(`${JSON.stringify(command)}\n`);
  }

  async turn() {
    const passed = await this.messages.until('turn-complete', ({ event }) => event === 'turn-complete');
    const words = (wanted) => passed
      .filter(({ event, direction, final }) => event === 'transcript' && direction === wanted && final)
      .map(({ text }) => text).join('').trim();
    const [call] = passed.filter(({ event }) => event === 'tool-call');
    return { heard: words('input'), spoken: words('output'), call: call && [call.name, call.args] };
  }

  lastCall() {
    return this.messages.all.findLast(({ event }) => event === 'tool-call');
  }

  text(text) { this.#command({ text }); }

  content(turns) { this.#command({ content: { turns, turnComplete: true } }); }

  answerCall(response) { this.#command({ 'tool-response': { id: this.lastCall().id, response } }); }

  context(instruction, tools) {
    this.#command({ context: { 'system-instruction': instruction, tools } });
  }

  // All samples that left the pipeline.
  async leave() {
    this.#command({ close: true });
    const [code] = await this.ended;
    if (code) throw new Error(`gst-launch-1.0 ended with status ${code}`);
    return samplesOf(readFileSync(this.answer));
  }
}

// s16le; without the silence around and between the answers
export function samplesOf(bytes) {
  const all = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
  return all.filter((sample) => sample !== 0);
}
