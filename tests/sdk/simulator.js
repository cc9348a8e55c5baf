// The simulator program of this build as a test holds it: started for one test, stopped after it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { Record } from './record.js';

const program = process.argv[2];

// Runs a scenario, an object. `use` gets the URL and the record of what clients did, a line of the
// simulator's log each, with the message as an object in `message`.
export async function withSimulator(scenario, use) {
  const folder = mkdtempSync(join(tmpdir(), 'gemini-live-sdk-'));
  const file = join(folder, 'scenario.json');
  writeFileSync(file, JSON.stringify(scenario));
  const child = spawn(program, ['--port', '0', '--log', '--scenario', file],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  try {
    const lines = createInterface({ input: child.stdout });
    const [first] = await Promise.race([once(lines, 'line'), ended.then(gone)]);
    const received = new Record('the simulator');
    lines.on('line', (line) => received.add(entry(JSON.parse(line))));
    await use(first.split(' ').at(-1), received);
  } finally {
    child.kill();
    await ended;
    rmSync(folder, { recursive: true });
  }
}

function entry(line) {
  return line.json ? { ...line, message: JSON.parse(line.json) } : line;
}

function gone([code]) {
  throw new Error(`the simulator ended with status ${code}`);
}
