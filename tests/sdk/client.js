// Google's client, connected to the simulator, with a record of what it hands out.
import { GoogleGenAI } from '@google/genai';

import { Record } from './record.js';

// With the headers at hand nothing but the simulator is called.
function vertexClient(baseUrl) {
  const authClient = {
    getRequestHeaders: async () => new Headers({ authorization: 'Bearer test' }),
  };
  return new GoogleGenAI({
    enterprise: true,
    project: 'some-project',
    location: 'us-central1',
    googleAuthOptions: { authClient },
    httpOptions: { baseUrl },
  });
}

function geminiClient(baseUrl) {
  return new GoogleGenAI({ apiKey: 'test', httpOptions: { baseUrl, apiVersion: 'v1beta' } });
}

export class Client {
  // Rejects as the SDK does; `closed` of the error tells how the connection ended.
  static async connect(baseUrl, { vertex = false, model, config }) {
    const client = new Client();
    const api = vertex ? vertexClient(baseUrl) : geminiClient(baseUrl);
    let whenClosed;
    client.closed = new Promise((resolve) => { whenClosed = resolve; });
    try {
      client.session = await api.live.connect({
        model,
        config,
        callbacks: {
          onmessage: (message) => client.messages.add(message),
          onclose: ({ code, reason }) => whenClosed({ code, reason }),
        },
      });
    } catch (error) {
      error.closed = await client.closed;
      throw error;
    }
    return client;
  }

  messages = new Record('the client');

  untilTurnComplete() {
    return this.messages.until('turnComplete', (message) => message.serverContent?.turnComplete);
  }

  async leave() {
    this.session.close();
    return this.closed;
  }
}

const contents = (messages) => messages.map((message) => message.serverContent ?? {});

export const spoken = (messages) => contents(messages)
  .map((content) => content.outputTranscription?.text ?? '').join('');

export const heard = (messages) => contents(messages)
  .map((content) => content.inputTranscription?.text ?? '').join('');

export const audioParts = (messages) => contents(messages)
  .flatMap((content) => content.modelTurn?.parts ?? [])
  .filter((part) => part.inlineData);

// s16le samples
export function audio(messages) {
  const bytes = Buffer.concat(audioParts(messages)
    .map((part) => Buffer.from(part.inlineData.data, 'base64')));
  return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
}

export const lastHandle = (messages) => messages
  .map((message) => message.sessionResumptionUpdate)
  .findLast((update) => update?.newHandle)?.newHandle;
